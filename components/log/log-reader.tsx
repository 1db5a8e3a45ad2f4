"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { isTyping } from "@/components/shell/keys";
import { Button, IconButton } from "@/components/ui/button";
import { useClock } from "@/components/ui/clock";
import { Select } from "@/components/ui/field";
import { countWords } from "@/components/ui/time-words";
import { Icon } from "@/components/ui/icon";
import { useToast } from "@/components/ui/toast";
import { LogLineRow } from "./log-line";
import { LogSearch } from "./log-search";
import { LogRequestError, type LogProblem, LogSource } from "./log-source";
import { fragmentOf, LEVELS, logHref, type LogLines, type LogView, readRange } from "./log-view";
import { PAGE_ROWS } from "./page-rows";

/** Rows that one can scroll through at once; the others are a step away, so that no browser's limit of height is reached. */
const WINDOW_ROWS = 20_000;
const LINE_PX = 24;
const POLL_MS = 2_000;

type Props = {
  api: string;
  view: LogView;
  isGrowing: boolean;
  kept: Record<string, string>;
  choice: React.ReactNode;
  page: LogLines;
};
type Target = { row: number; align: "start" | "center" | "end" };

/** Reads a log of any length: lines come as they are scrolled to, and go when they are far. */
export function LogReader({ api, view, isGrowing, kept, choice, page }: Props) {
  const [level, setLevel] = useState(view.level);
  const seed = useRef(view.level === 0 && view.search === "" ? page : null);
  const source = useMemo(() => {
    const made = new LogSource(`${api}/${view.log}`, level);
    const [first] = seed.current?.lines ?? [];
    if (level === 0 && first && (first.number - 1) % PAGE_ROWS === 0) made.pages.set((first.number - 1) / PAGE_ROWS, seed.current?.lines ?? []);
    seed.current = null;
    return made;
  }, [api, view.log, level]);
  const [total, setTotal] = useState(page.total);
  const [rows, setRows] = useState(view.level > 0 ? 0 : page.total);
  const [isWhole, setWhole] = useState(view.level === 0);
  const [start, setStart] = useState(0);
  const [range, setRange] = useState(view.range);
  const [found, setFound] = useState<number | null>(null);
  const [search, setSearch] = useState("");
  const [wraps, setWraps] = useState(true);
  const [follows, setFollows] = useState(false);
  const [problem, setProblem] = useState<LogProblem | null>(null);
  const [, setRead] = useState(0);
  const { exact: hasTime, toggleExact } = useClock();
  const toast = useToast();
  const box = useRef<HTMLElement>(null);
  const target = useRef<Target | null>(null);
  const reading = useRef(new Set<number>());

  const count = Math.max(0, Math.min(WINDOW_ROWS, rows - start));
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    overscan: 40,
    getItemKey: (index) => start + index,
  });
  const items = virtual.getVirtualItems();
  const firstShown = items[0]?.index ?? 0;
  const lastShown = items.at(-1)?.index ?? 0;

  const current = useRef(source);
  current.current = source;
  const read = useCallback(
    async (pageNumber: number) => {
      if (reading.current.has(pageNumber)) return;
      reading.current.add(pageNumber);
      try {
        const got = await source.readPage(pageNumber);
        if (current.current !== source) return; // another level was chosen meanwhile
        setTotal(got.total);
        setRows(got.rows);
        setWhole(got.isWhole);
        setProblem(null);
        setRead((times) => times + 1);
      } catch (error) {
        setProblem(error instanceof LogRequestError ? error.problem : { message: "The server did not answer.", fix: "It is asked again when you scroll." });
      } finally {
        reading.current.delete(pageNumber);
      }
    },
    [source],
  );

  // The pages of what is shown.
  useEffect(() => {
    for (let at = Math.floor((start + firstShown) / PAGE_ROWS); at <= Math.floor((start + lastShown) / PAGE_ROWS); at++)
      if (!source.pages.has(at)) void read(at);
  }, [source, read, start, firstShown, lastShown]);

  /** Brings a row into view, moving the window when it lies outside. */
  const goTo = useCallback(
    (row: number, align: Target["align"], all = rows) => {
      const place = Math.max(0, Math.min(row, all - 1));
      target.current = { row: place, align };
      setStart((was) => (place >= was && place < was + WINDOW_ROWS ? was : Math.max(0, Math.floor((place - WINDOW_ROWS / 2) / PAGE_ROWS) * PAGE_ROWS)));
      setRead((times) => times + 1);
    },
    [rows],
  );
  useEffect(() => {
    const wanted = target.current;
    if (!wanted || wanted.row < start || wanted.row >= start + count) return;
    virtual.scrollToIndex(wanted.row - start, { align: wanted.align });
    if (source.line(wanted.row)) target.current = null;
  });

  const goToLine = useCallback(
    async (line: number) => {
      setFollows(false);
      try {
        goTo(await source.rowOf(line), "center");
      } catch (error) {
        if (error instanceof LogRequestError) setProblem(error.problem);
      }
    },
    [source, goTo],
  );

  const chosen = useRef<{ first: number; last: number } | null>(null);
  // The address points at a line: by its query, or by its fragment alone.
  const point = useRef((pointed: { first: number; last: number } | null) => {
    // What was chosen here comes back when the page is read again: one is there already.
    if (!pointed || (chosen.current?.first === pointed.first && chosen.current.last === pointed.last)) return;
    setRange(pointed);
    void latestGoToLine.current(pointed.first);
  });
  const latestGoToLine = useRef(goToLine);
  latestGoToLine.current = goToLine;
  const { range: asked, from } = view;
  const [askedFirst, askedLast] = [asked?.first ?? 0, asked?.last ?? 0];
  useEffect(() => {
    if (askedFirst > 0) point.current({ first: askedFirst, last: askedLast });
    else if (readRange(location.hash)) point.current(readRange(location.hash));
    else if (from > 1) void latestGoToLine.current(from);
  }, [askedFirst, askedLast, from]);
  useEffect(() => {
    const onHash = () => point.current(readRange(location.hash));
    window.addEventListener("hashchange", onHash);
    return () => window.removeEventListener("hashchange", onHash);
  }, []);

  // New lines of a run that goes on.
  useEffect(() => {
    if (!isGrowing) return;
    const timer = setInterval(() => !document.hidden && void read(Math.floor(Math.max(0, rows - 1) / PAGE_ROWS)), POLL_MS);
    return () => clearInterval(timer);
  }, [isGrowing, read, rows]);
  useEffect(() => {
    if (!isWhole && !problem) void read(Math.floor((start + lastShown) / PAGE_ROWS));
  });
  useEffect(() => {
    if (follows && rows > 0) goTo(rows - 1, "end", rows);
  }, [follows, rows, goTo]);

  const choose = (event: React.MouseEvent, number: number) => {
    if (event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    const next = event.shiftKey && range ? { first: Math.min(range.first, number), last: Math.max(range.first, number) } : { first: number, last: number };
    setRange(next);
    chosen.current = next;
    history.replaceState(null, "", logHref(kept, { ...view, level, search: "", from: 1, range: next }));
  };

  const changeLevel = (next: number) => {
    setLevel(next);
    setStart(0);
    setRows(next === 0 ? total : 0);
    setWhole(next === 0);
    setFound(null);
    target.current = null;
    reading.current.clear();
    history.replaceState(null, "", logHref(kept, { ...view, level: next, search: "", from: 1, range }));
  };
  useEffect(() => {
    if (source.pages.size === 0) void read(0);
  }, [source, read]);

  const copy = async () => {
    const [first, last] = range
      ? [range.first, range.last]
      : [source.line(start)?.number ?? start + 1, source.line(start + count - 1)?.number ?? (level === 0 ? start + count : total)];
    try {
      await navigator.clipboard.writeText(await source.text(first, last));
      toast(first === last ? `Line ${countWords(first)} copied` : `Lines ${countWords(first)}–${countWords(last)} copied`);
    } catch {
      setProblem({ message: "The lines could not be copied.", fix: "Choose fewer lines, or download the log." });
    }
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (isTyping(event.nativeEvent)) return;
    if (event.key === "Home") goTo(0, "start");
    else if (event.key === "End") goTo(rows - 1, "end");
    else {
      if (["ArrowUp", "PageUp"].includes(event.key)) setFollows(false);
      return;
    }
    if (event.key === "Home") setFollows(false);
    event.preventDefault();
  };

  const digits = Math.max(3, String(total).length);
  const words = LEVELS.find(({ value }) => value === level)?.word;
  const end = start + count;
  const download = `${api}/${view.log}/download${level > 0 ? `?level=${level}` : ""}`;
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 pb-2">
        {choice && <div className="w-56 max-md:w-full">{choice}</div>}
        <div className="w-44 max-md:w-full">
          <Select value={String(level)} aria-label="Least level" onChange={(event) => changeLevel(Number(event.target.value))}>
            {LEVELS.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        </div>
        <LogSearch
          source={source}
          first={view.search}
          topLine={source.line(start + firstShown)?.number ?? 1}
          onSearch={setSearch}
          onFound={(place) => {
            setFollows(false);
            setFound(place.line);
            goTo(place.row, "center");
          }}
        />
        <GoToLine
          total={total}
          onGo={(line) => {
            setRange({ first: line, last: line });
            void goToLine(line);
          }}
        />
        <div className="ml-auto flex flex-wrap items-center gap-1 max-md:ml-0">
          <Button look="ghost" aria-pressed={wraps} className={wraps ? "bg-select" : ""} onClick={() => setWraps(!wraps)}>
            Wrap
          </Button>
          <Button look="ghost" aria-pressed={hasTime} className={hasTime ? "bg-select" : ""} onClick={toggleExact}>
            Times
          </Button>
          {isGrowing && (
            <Button
              look="ghost"
              icon="arrow-down"
              aria-pressed={follows}
              className={follows ? "bg-select" : ""}
              onClick={() => {
                setFollows(!follows);
                if (!follows) box.current?.scrollIntoView({ block: "nearest" });
              }}
            >
              Follow
            </Button>
          )}
          <IconButton icon="copy" label={range ? "Copy the chosen lines" : "Copy these lines"} onClick={() => void copy()} />
          <a
            href={download}
            download
            title="Download the log"
            aria-label="Download the log"
            className="inline-grid size-7 place-items-center rounded-1 text-ink-2 hover:bg-hover max-md:size-10"
          >
            <Icon name="download" size={16} />
          </a>
        </div>
      </div>
      <p className="flex min-h-5 flex-wrap items-center gap-x-4 pb-2 text-meta text-ink-2" role="status">
        <span>
          {rows === 0 && isWhole
            ? words
              ? `No line with ${words}, of ${countWords(total)}`
              : "The log has no lines yet"
            : `Lines ${countWords(start + 1)}–${countWords(end)} of ${countWords(rows)}${words ? ` with ${words}, of ${countWords(total)}` : ""}`}
          {!isWhole && ", still looking"}
        </span>
        {range && (
          <span>{range.first === range.last ? `Line ${countWords(range.first)}` : `Lines ${countWords(range.first)}–${countWords(range.last)}`} chosen</span>
        )}
      </p>
      {problem && (
        <p role="alert" className="pb-2 text-fail">
          {problem.message} {problem.fix}
        </p>
      )}
      {start > 0 && (
        <Button className="mb-2" onClick={() => goTo(start - 1, "end")}>
          Lines before {countWords(start + 1)}
        </Button>
      )}
      <section
        ref={box}
        aria-label="Lines"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must be reachable by key
        tabIndex={0}
        onKeyDown={onKeyDown}
        onWheel={(event) => event.deltaY < 0 && setFollows(false)}
        onTouchMove={() => setFollows(false)}
        className="h-[max(320px,calc(100dvh-320px))] overflow-auto overscroll-contain rounded-2 border border-rule bg-sunk font-mono text-mono"
      >
        <ol className="relative w-full" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const line = source.line(start + item.index);
            return (
              <li
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                aria-posinset={start + item.index + 1}
                aria-setsize={rows}
                className={wraps ? "absolute inset-x-0 top-0" : "absolute top-0 left-0 min-w-full"}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {line ? (
                  <LogLineRow
                    line={line}
                    href={`#${fragmentOf({ first: line.number, last: line.number })}`}
                    isChosen={range !== null && line.number >= range.first && line.number <= range.last}
                    isFound={line.number === found}
                    wraps={wraps}
                    hasTime={hasTime}
                    search={search}
                    digits={digits}
                    onChoose={choose}
                  />
                ) : (
                  <div className="h-6" />
                )}
              </li>
            );
          })}
        </ol>
      </section>
      {end < rows && (
        <Button className="mt-2" onClick={() => goTo(end, "start")}>
          Lines after {countWords(end)}
        </Button>
      )}
    </>
  );
}

function GoToLine({ total, onGo }: { total: number; onGo: (line: number) => void }) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const line = Number(String(new FormData(event.currentTarget).get("line")).replace(/\D/g, ""));
        if (line >= 1) onGo(Math.min(line, total));
      }}
    >
      <input
        name="line"
        inputMode="numeric"
        autoComplete="off"
        placeholder="Go to line"
        aria-label="Go to line"
        className="h-9 w-28 rounded-1 border border-control bg-paper px-2.5 text-form text-ink placeholder:text-ink-3 max-md:h-11"
      />
    </form>
  );
}
