import Link from "next/link";
import { CopyButton } from "@/components/ui/copy-button";
import { cx } from "@/components/ui/class-names";
import { Icon } from "@/components/ui/icon";
import type { RunFailure } from "@/lib/runs/head-schema";
import { tracebackLines } from "./traceback";

const KINDS = { own: "text-ink", library: "text-ink-3", error: "font-medium text-fail", other: "text-ink-3" };

/** Why the run failed: the message, the step, and the traceback with the person's own frames in ink. */
export function RunError({
  exception,
  statusReason,
  isShort = false,
  stepHref,
}: {
  exception: RunFailure | null;
  statusReason: string | null;
  /** Leaves room for what stands below it. */
  isShort?: boolean;
  stepHref: (step: string) => string;
}) {
  if (!exception)
    return (
      <section aria-label="Error" className="border-l-2 border-fail pl-4">
        <h2 className="flex items-center gap-2 text-section">
          <Icon name="octagon-x" className="text-fail" />
          {statusReason ?? "The run failed"}
        </h2>
        <p className="mt-1 text-ink-3">The client recorded no traceback. The logs of the orchestrator may say more.</p>
      </section>
    );
  const sourceLines = exception.source?.replace(/\s+$/, "").split("\n") ?? [];
  return (
    <section aria-label="Error" className="border-l-2 border-fail pl-4">
      <h2 className="flex items-start gap-2 text-section break-words">
        <Icon name="octagon-x" className="mt-0.5 text-fail" />
        <span className="min-w-0">
          {shortType(exception.type)}
          {exception.message ? `: ${exception.message}` : ""}
        </span>
      </h2>
      <p className="mt-0.5 text-ink-3">
        {exception.step ? (
          <>
            in step{" "}
            <Link className="link" href={stepHref(exception.step)} scroll={false}>
              {exception.step}
            </Link>
            {exception.userCodeLine !== null && `, line ${exception.userCodeLine} of the step`}
          </>
        ) : (
          "in the pipeline itself"
        )}
        {statusReason && `. ${statusReason}`}
      </p>
      <Traceback text={exception.traceback} isShort={isShort} />
      {sourceLines.length > 0 && !isShort && (
        <details className="mt-2">
          <summary className="cursor-pointer text-ink-2">Code of the step as it was sent</summary>
          <SourceCode lines={sourceLines} marked={exception.userCodeLine} />
        </details>
      )}
    </section>
  );
}

/** A Python traceback, the person's own frames in ink. */
export function Traceback({ text, isShort = false }: { text: string; isShort?: boolean }) {
  return (
    <div className="relative mt-2 rounded-1 bg-sunk">
      {/* Reversed, a box that scrolls begins at its end: with the error, and the frames that led to it. */}
      {/* biome-ignore lint/a11y/useSemanticElements: it is a pre with a name */}
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long traceback scrolls and must be reachable by key
        tabIndex={0}
        role="region"
        aria-label="Traceback"
        className={cx("overflow-auto py-2.5 pr-10 pl-3", isShort ? "flex max-h-[142px] flex-col-reverse" : "max-h-[360px]")}
      >
        <span className="block">
          {tracebackLines(text).map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one text never change places
            <code key={index} className={cx("block", KINDS[line.kind])}>
              {line.text || " "}
            </code>
          ))}
        </span>
      </pre>
      <span className="absolute top-1 right-1">
        <CopyButton text={text} label="Copy traceback" />
      </span>
    </div>
  );
}

/** Code with line numbers; `marked` is the 1-based line that failed. */
export function SourceCode({ lines, marked }: { lines: string[]; marked?: number | null }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll sideways and must be reachable by key
    // biome-ignore lint/a11y/useSemanticElements: it is a pre with a name
    <pre tabIndex={0} role="region" aria-label="Code" className="mt-1.5 max-h-[480px] overflow-auto rounded-1 bg-sunk py-2">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one text never change places
        <code key={index} className={cx("block pr-3", index + 1 === marked ? "bg-fail-soft text-ink" : "text-ink-2")}>
          <span className="mr-3 inline-block w-10 text-right text-ink-3 select-none">{index + 1}</span>
          {line}
        </code>
      ))}
    </pre>
  );
}

/** "builtins.ValueError" → "ValueError". */
function shortType(type: string | null): string {
  return type?.replace(/^builtins\./, "") ?? "Failed";
}
