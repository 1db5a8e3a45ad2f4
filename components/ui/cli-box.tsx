import { CopyButton } from "./copy-button";

/** A command to copy: one line, or several that run in order. */
export function CliBox({ command, label = "Copy command" }: { command: string; label?: string }) {
  return (
    <div className="flex min-h-[30px] min-w-0 items-start gap-2 rounded-1 bg-sunk py-[3px] pr-1 pl-2.5">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long command scrolls sideways and must be reachable by key */}
      <pre tabIndex={0} className="min-w-0 flex-1 overflow-x-auto py-0.5 text-ink">
        <code>{command}</code>
      </pre>
      <CopyButton text={command} label={label} />
    </div>
  );
}
