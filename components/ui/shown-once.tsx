"use client";

import { useState } from "react";
import { Button } from "./button";
import { CliBox } from "./cli-box";
import { CopyButton } from "./copy-button";
import { Dialog } from "./dialog";
import { Icon } from "./icon";

/** A value that exists here and never again: the dialog ends only by saying that it is stored. `lines` are what to paste into a shell. */
export function ShownOnce({
  title,
  value,
  label,
  note,
  lines,
  onStored,
}: {
  title: string;
  value: string;
  /** What the value is: "API key". */
  label: string;
  note?: string;
  lines?: string;
  onStored: () => void;
}) {
  const [isStored, setStored] = useState(false);
  return (
    <Dialog open isHeld onClose={onStored} title={title}>
      <div className="flex flex-col gap-3">
        <p className="flex items-start gap-2">
          <Icon name="circle-alert" className="mt-0.5 text-warn" />
          <span>This value is shown once. Nobody can read it again, not even an administrator.</span>
        </p>
        <div className="flex items-start gap-2 rounded-1 border border-rule-strong bg-sunk py-1.5 pr-1 pl-2.5">
          <code className="min-w-0 flex-1 break-all text-ink select-all">{value}</code>
          <CopyButton text={value} label={`Copy ${label}`} />
        </div>
        {note && <p className="text-meta text-ink-3">{note}</p>}
        {lines && (
          <div>
            <p className="mb-1 text-label text-ink-3">For a shell or CI</p>
            <CliBox command={lines} label="Copy lines" />
          </div>
        )}
        <label className="flex min-h-8 items-center gap-2.5 text-ink">
          <input type="checkbox" className="size-4 accent-ink" checked={isStored} onChange={(event) => setStored(event.target.checked)} />I have stored it
        </label>
        <div className="flex justify-end">
          <Button look="primary" disabled={!isStored} onClick={onStored}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
