"use client";

import { buttonClass } from "./button";
import { CliBox } from "./cli-box";
import { Icon } from "./icon";
import { Popover } from "./popover";

/** The call behind this view, to copy. `note` says what it leaves out. */
export function CopyAsCli({ command, note }: { command: string; note?: string }) {
  return (
    <Popover
      label="Copy as CLI"
      align="end"
      className="w-[min(560px,calc(100vw-32px))] p-3"
      trigger={
        <button type="button" className={buttonClass("ghost")} title="Copy as CLI">
          <Icon name="terminal" size={14} />
          <span className="max-md:sr-only">Copy as CLI</span>
        </button>
      }
    >
      <h3 className="mb-2 text-section">Copy as CLI</h3>
      <CliBox command={command} />
      {note && <p className="mt-2 text-meta text-ink-3">{note}</p>}
    </Popover>
  );
}
