"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Button, buttonClass } from "@/components/ui/button";
import { Input, Select } from "@/components/ui/field";
import { EmptyState } from "@/components/ui/states";
import { counted, countWords } from "@/components/ui/time-words";
import { LogLineRow } from "./log-line";
import { LogReader } from "./log-reader";
import { LEVELS, type LogChoice, logHref, type LogLines, type LogView } from "./log-view";

type Props = {
  /** "/api/logs/<workspace>/<project>": where its lines are read from. */
  api: string;
  choices: LogChoice[];
  view: LogView;
  /** The first page as the server read it; null when it could not be read, and `children` says why. */
  page: LogLines | null;
  /** Whether lines may still come. */
  isGrowing: boolean;
  /** Parts of the page's address that are not about logs. */
  kept: Record<string, string>;
  /** Whether the log may be chosen here. */
  hasChoice?: boolean;
  children?: React.ReactNode;
};

/** The logs of a run or step: one is chosen and read. Before scripts run, and without them, it is a page of lines with links to the others. */
export function LogViewer({ api, choices, view, page, isGrowing, kept, hasChoice = true, children }: Props) {
  const [isReady, setReady] = useState(false);
  const router = useRouter();
  useEffect(() => setReady(true), []);
  if (choices.length === 0) return <EmptyState title="No log is recorded here." />;
  const choice = hasChoice && (
    <Select
      name="log"
      defaultValue={view.log}
      aria-label="Log"
      key={view.log}
      onChange={isReady ? (event) => router.push(logHref(kept, { ...view, log: event.target.value, from: 1, range: null }), { scroll: false }) : undefined}
    >
      {choices.map((one) => (
        <option key={one.id} value={one.id}>
          {one.step ?? "The run"} · {one.source || "log"}
        </option>
      ))}
    </Select>
  );
  if (isReady && page) return <LogReader key={view.log} api={api} view={view} isGrowing={isGrowing} kept={kept} choice={choice} page={page} />;
  return (
    <>
      <search>
        <form className="flex flex-wrap items-center gap-2 pb-3">
          {Object.entries(kept).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          {!hasChoice && <input type="hidden" name="log" value={view.log} />}
          {choice && <div className="w-56 max-md:w-full">{choice}</div>}
          <div className="w-44 max-md:w-full">
            <Select name="level" defaultValue={String(view.level)} aria-label="Least level">
              {LEVELS.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          </div>
          <div className="w-56 max-md:w-full">
            <Input name="search" type="search" defaultValue={view.search} placeholder="Text in the lines" aria-label="Text in the lines" />
          </div>
          <Button type="submit" size="lg">
            Show
          </Button>
        </form>
      </search>
      {children}
      {page && <PlainPage view={view} page={page} kept={kept} />}
    </>
  );
}

function PlainPage({ view, page, kept }: { view: LogView; page: LogLines; kept: Record<string, string> }) {
  const isFiltered = view.level > 0 || view.search !== "";
  const [first, last] = [page.lines[0]?.number ?? 0, page.lines.at(-1)?.number ?? 0];
  const to = (from: number) => logHref(kept, { ...view, from, range: null });
  return (
    <>
      <p className="pb-2 text-meta text-ink-2" role="status">
        {isFiltered
          ? `${counted(page.matches ?? 0, "line matches", "lines match")}, of ${counted(page.total, "line")}${page.isWhole || page.next === null ? "" : `; looked at as far as line ${countWords(page.next)}`}`
          : `Lines ${countWords(first)}–${countWords(last)} of ${countWords(page.total)}`}
      </p>
      {page.lines.length === 0 ? (
        <EmptyState title={isFiltered ? "No line matches." : "The log has no lines yet."} />
      ) : (
        <ol className="rounded-2 border border-rule bg-sunk py-2 font-mono text-mono" aria-label="Lines">
          {page.lines.map((line) => (
            <li key={line.number} id={`L${line.number}`} className="scroll-mt-24 target:bg-select">
              <LogLineRow
                line={line}
                href={logHref(kept, { ...view, range: { first: line.number, last: line.number }, level: 0, search: "" })}
                isChosen={view.range !== null && line.number >= view.range.first && line.number <= view.range.last}
                isFound={false}
                wraps
                hasTime={false}
                search={view.search}
                digits={String(page.total).length}
              />
            </li>
          ))}
        </ol>
      )}
      <nav aria-label="Pages of the log" className="flex flex-wrap items-center gap-2 pt-3">
        {first > 1 && (
          <a className={buttonClass()} href={to(1)}>
            First lines
          </a>
        )}
        {page.next !== null && (
          <a className={buttonClass()} href={to(page.next)}>
            Next lines
          </a>
        )}
        {!isFiltered && page.next !== null && (
          <a className={buttonClass()} href={to(Math.max(1, page.total - page.lines.length + 1))}>
            Last lines
          </a>
        )}
      </nav>
    </>
  );
}
