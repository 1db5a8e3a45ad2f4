import Link from "next/link";
import { Button, buttonClass } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";
import { Input, Select } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { EmptyState } from "@/components/ui/states";
import { countWords } from "@/components/ui/time-words";

export type LogView = {
  log: string;
  from: number;
  level: number;
  search: string;
};

export type LogChoice = { id: string; source: string; step: string | null };
export type LogLines = {
  lines: { number: number; message: string; level: number | null; timestamp: string | null }[];
  total: number;
  next: number | null;
  matches: number | null;
  isWhole: boolean;
};

const LEVELS = [
  { value: 0, label: "All levels" },
  { value: 20, label: "Info and above" },
  { value: 30, label: "Warning and above" },
  { value: 40, label: "Error and above" },
];
const LEVEL_WORDS: Record<number, string> = { 10: "debug", 20: "info", 30: "warning", 40: "error", 50: "critical" };

/** The page's address for a view of the logs. */
export function logHref({ log, from, level, search }: LogView): string {
  const query = new URLSearchParams({ tab: "logs", log });
  if (from > 1) query.set("from", String(from));
  if (level > 0) query.set("level", String(level));
  if (search) query.set("search", search);
  return `?${query}`;
}

/** One log's lines, by pages of the server: choose the log, the least level and a text; each line is a link. */
export function LogViewer({ choices, view, page, children }: { choices: LogChoice[]; view: LogView; page: LogLines | null; children?: React.ReactNode }) {
  if (choices.length === 0) return <EmptyState title="No log of this run is recorded." />;
  const isFiltered = view.level > 0 || view.search !== "";
  return (
    <>
      <search>
        <form className="flex flex-wrap items-center gap-2 pb-3" key={logHref(view)}>
          <input type="hidden" name="tab" value="logs" />
          <div className="w-64 max-md:w-full">
            <Select name="log" defaultValue={view.log} aria-label="Log">
              {choices.map((choice) => (
                <option key={choice.id} value={choice.id}>
                  {choice.step ?? "The run"} · {choice.source || "log"}
                </option>
              ))}
            </Select>
          </div>
          <div className="w-48 max-md:w-full">
            <Select name="level" defaultValue={String(view.level)} aria-label="Least level">
              {LEVELS.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          </div>
          <div className="w-64 max-md:w-full">
            <Input name="search" type="search" defaultValue={view.search} placeholder="Text in the lines" aria-label="Text in the lines" />
          </div>
          <Button type="submit" size="lg">
            Show
          </Button>
          {isFiltered && (
            <Link className="link" href={logHref({ ...view, from: 1, level: 0, search: "" })}>
              Clear
            </Link>
          )}
        </form>
      </search>
      {children}
      {page && <Lines view={view} page={page} isFiltered={isFiltered} />}
    </>
  );
}

function Lines({ view, page, isFiltered }: { view: LogView; page: LogLines; isFiltered: boolean }) {
  const first = page.lines[0]?.number ?? 0;
  const last = page.lines.at(-1)?.number ?? 0;
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-4 pb-2 text-meta text-ink-2" role="status">
        {isFiltered ? (
          <span>
            {countWords(page.matches ?? 0)} {page.matches === 1 ? "line matches" : "lines match"}
            {view.from > 1 ? ` from line ${countWords(view.from)} on` : ""}, of {countWords(page.total)} lines
            {page.isWhole ? "" : page.next === null ? "" : `; looked at as far as line ${countWords(page.next)}, go on with Next lines`}
          </span>
        ) : (
          <span>
            Lines {countWords(first)}–{countWords(last)} of {countWords(page.total)}
          </span>
        )}
      </p>
      {page.lines.length === 0 ? (
        <EmptyState title={isFiltered ? "No line matches." : "The log has no lines yet."} />
      ) : (
        <ol className="rounded-2 border border-rule bg-sunk py-2 font-mono text-mono" aria-label="Lines">
          {page.lines.map((line) => (
            <li key={line.number} id={`L${line.number}`} className="flex scroll-mt-24 gap-3 px-3 target:bg-select">
              <a
                href={`${logHref({ ...view, from: isFiltered ? line.number : view.from, ...(isFiltered && { level: 0, search: "" }) })}#L${line.number}`}
                className="w-16 shrink-0 select-none text-right text-ink-3 hover:text-ink"
                aria-label={`Line ${line.number}`}
              >
                {line.number}
              </a>
              {line.timestamp && (
                <time dateTime={line.timestamp} className="shrink-0 select-none text-ink-3 max-md:hidden">
                  {line.timestamp.slice(11, 23)}
                </time>
              )}
              <span
                className={cx(
                  "min-w-0 whitespace-pre-wrap break-words",
                  (line.level ?? 0) >= 40 ? "text-fail" : (line.level ?? 0) >= 30 ? "text-warn" : "text-ink",
                )}
              >
                {(line.level ?? 0) >= 30 && (
                  <>
                    <Icon name={(line.level ?? 0) >= 40 ? "octagon-x" : "circle-alert"} size={14} className="mr-1 inline align-[-2px]" />
                    <span className="sr-only">{LEVEL_WORDS[line.level ?? 0] ?? "level"}: </span>
                  </>
                )}
                {line.message}
              </span>
            </li>
          ))}
        </ol>
      )}
      <nav aria-label="Pages of the log" className="flex flex-wrap items-center gap-2 pt-3">
        {view.from > 1 && (
          <Link className={buttonClass()} href={logHref({ ...view, from: 1 })}>
            First lines
          </Link>
        )}
        {page.next !== null && (
          <Link className={buttonClass()} href={logHref({ ...view, from: page.next })}>
            Next lines
          </Link>
        )}
        {!isFiltered && page.next !== null && (
          <Link className={buttonClass()} href={logHref({ ...view, from: Math.max(1, page.total - page.lines.length + 1) })}>
            Last lines
          </Link>
        )}
      </nav>
    </>
  );
}
