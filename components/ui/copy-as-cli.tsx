"use client";

import { useEffect, useState } from "react";
import { Button, buttonClass } from "./button";
import { cx } from "./class-names";
import { CliBox } from "./cli-box";
import { hasCommand } from "./command-key";
import { Icon } from "./icon";
import { Popover } from "./popover";
import { useToast } from "./toast";

type Form = { label: string; text: string };

/** The call behind this view, to copy: for the command line, and where given for REST and Python. `note` says what it leaves out. ⌘⇧C copies the command line at once. */
export function CopyAsCli({ command, rest, python, note }: { command: string; rest?: string; python?: string; note?: string }) {
  const toast = useToast();
  const forms: Form[] = [
    { label: "CLI", text: command },
    ...(rest ? [{ label: "REST", text: rest }] : []),
    ...(python ? [{ label: "Python", text: python }] : []),
  ];
  const [shown, setShown] = useState(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "c" || !event.shiftKey || event.altKey || !hasCommand(event) || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      navigator.clipboard.writeText(command).then(
        () => toast("Command line copied"),
        () => undefined,
      );
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [command, toast]);
  return (
    <Popover
      label="Copy as CLI"
      align="end"
      className="w-[min(560px,calc(100vw-32px))] p-3"
      trigger={
        <button type="button" className={buttonClass("ghost")} title="Copy as CLI" aria-keyshortcuts="Control+Shift+C Meta+Shift+C">
          <Icon name="terminal" size={14} />
          <span className="max-md:sr-only">Copy as CLI</span>
        </button>
      }
    >
      <div className="mb-2 flex min-h-7 items-center gap-1">
        <h3 className="flex-1 text-section">Copy as CLI</h3>
        {forms.length > 1 &&
          forms.map((form, index) => (
            <Button
              key={form.label}
              look="ghost"
              aria-pressed={index === shown}
              onClick={() => setShown(index)}
              className={cx("px-2", index === shown && "bg-select")}
            >
              {form.label}
            </Button>
          ))}
      </div>
      <CliBox command={forms[shown]?.text ?? command} />
      {note && <p className="mt-2 text-meta text-ink-3">{note}</p>}
    </Popover>
  );
}
