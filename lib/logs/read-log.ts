import "server-only";
import type { CallContext, Workspace } from "@/lib/kernel/command";
import type { LogLine } from "./log-line";
import { findMatches, type LogFilter, matcherOf, placeOf } from "./match-index";
import { linesOfLog, type OpenLog, withLog } from "./open-log";

// Pages of a log file. A page is bounded by its limit and bytes, and a search by the time that it may take: it then says how far it came.

/** A page ends when its lines hold this much, however few they are. */
const PAGE_BYTES = 8 * 1024 * 1024;

type Here = CallContext & { workspace: Workspace };

export type LogPage = {
  lines: LogLine[];
  /** Lines of the whole file. */
  total: number;
  /** The line that the next page begins with; null at the end. */
  next: number | null;
  /** With a filter: how many lines match from the first one asked for on, in what was looked at. */
  matches: number | null;
  /** Whether it looked to the end. When not, `next` is where it stopped. */
  isWhole: boolean;
};

/** A page of a log record's lines from `first` (counted from 1). Errors: as reading the record and opening its file. */
export function readLog(context: Here, id: string, { first, limit, filter }: { first: number | "newest"; limit: number; filter: LogFilter }): Promise<LogPage> {
  return withLog(context, id, async (log) => {
    const from = first === "newest" ? Math.max(1, log.index.lines - limit + 1) : first;
    return filter.minLevel === null && filter.search === null ? plainPage(log, from, limit) : filteredPage(log, from, limit, filter);
  });
}

async function plainPage(log: OpenLog, first: number, limit: number): Promise<LogPage> {
  const lines: LogLine[] = [];
  let bytes = 0;
  let next: number | null = null;
  for await (const line of linesOfLog(log, first)) {
    if (lines.length === limit || bytes > PAGE_BYTES) {
      next = line.number;
      break;
    }
    lines.push(line);
    bytes += line.message.length;
  }
  return { lines, total: log.index.lines, next, matches: null, isWhole: true };
}

async function filteredPage(log: OpenLog, first: number, limit: number, filter: LogFilter): Promise<LogPage> {
  const { numbers, scanned, isWhole } = await findMatches(log, filter);
  const place = placeOf(numbers, first);
  const wanted = numbers.slice(place, place + limit);
  const lines = await linesNumbered(log, wanted);
  const more = numbers[place + lines.length];
  return { lines, total: log.index.lines, next: more ?? (isWhole ? null : scanned + 1), matches: numbers.length - place, isWhole };
}

/** Lines so near to each other are read through; farther ones are found by their offsets. */
const NEAR = 100;

/** Lines by their numbers, in order. */
async function linesNumbered(log: OpenLog, numbers: readonly number[]): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  let bytes = 0;
  let at = 0;
  while (at < numbers.length && bytes <= PAGE_BYTES) {
    const begin = numbers[at] as number;
    for await (const line of linesOfLog(log, begin)) {
      if (line.number === numbers[at]) {
        lines.push(line);
        bytes += line.message.length;
        at++;
      }
      const upcoming = numbers[at];
      if (upcoming === undefined || bytes > PAGE_BYTES || upcoming - line.number > NEAR) break;
    }
    if (numbers[at] === begin) break; // it is not there any more
  }
  return lines;
}

export type LogRows = {
  lines: LogLine[];
  /** Place of the first of `lines` among the rows of this view, counted from 0. */
  row: number;
  /** Rows of this view: lines of the level asked for. */
  rows: number;
  total: number;
  isWhole: boolean;
};

/** Lines by their place in the view of a level: from row `at.row`, or around line `at.line`. Errors: as readLog. */
export function readRows(
  context: Here,
  id: string,
  { at, limit, minLevel }: { at: { row: number } | { line: number }; limit: number; minLevel: number | null },
): Promise<LogRows> {
  return withLog(context, id, async (log) => {
    const total = log.index.lines;
    const around = (place: number) => Math.max(0, place - Math.floor(limit / 2));
    if (minLevel === null) {
      const row = "row" in at ? at.row : around(Math.min(at.line, total) - 1);
      return { lines: (await plainPage(log, row + 1, limit)).lines, row, rows: total, total, isWhole: true };
    }
    const { numbers, isWhole } = await findMatches(log, { minLevel, search: null });
    const row = "row" in at ? at.row : around(placeOf(numbers, at.line));
    return { lines: await linesNumbered(log, numbers.slice(row, row + limit)), row, rows: numbers.length, total, isWhole };
  });
}

export type LogStep = {
  /** Lines that match, in what was looked at. */
  count: number;
  /** The match that was stepped to: its place among the matches from 1 on, its line, and its row in the view of the level. */
  found: { place: number; line: number; row: number } | null;
  scanned: number;
  total: number;
  isWhole: boolean;
};

/** The match after or before a line, going round at the ends. Errors: as readLog. */
export function stepThroughLog(
  context: Here,
  id: string,
  { search, minLevel, from, isBackwards }: { search: string; minLevel: number | null; from: number; isBackwards: boolean },
): Promise<LogStep> {
  return withLog(context, id, async (log) => {
    const { numbers, scanned, isWhole } = await findMatches(log, { minLevel, search });
    const total = log.index.lines;
    const next = isBackwards ? placeOf(numbers, from) - 1 : placeOf(numbers, from + 1);
    // Going round is known only when all of it was looked at.
    const place = next >= 0 && next < numbers.length ? next : isWhole && numbers.length > 0 ? (isBackwards ? numbers.length - 1 : 0) : -1;
    const line = numbers[place];
    if (line === undefined) return { count: numbers.length, found: null, scanned, total, isWhole };
    const row = minLevel === null ? line - 1 : placeOf((await findMatches(log, { minLevel, search: null })).numbers, line);
    return { count: numbers.length, found: { place: place + 1, line, row }, scanned, total, isWhole };
  });
}

/** The log as text, without secrets: time, level, message. `from` and `to` are lines. Errors: as readLog, before the first piece. */
export async function logText(
  context: Here,
  id: string,
  { from, to, minLevel }: { from: number; to: number; minLevel: number | null },
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const matches = matcherOf({ minLevel, search: null });
  await new Promise<void>((opened, failed) => {
    withLog(context, id, async (log) => {
      opened();
      let piece = "";
      for await (const line of linesOfLog(log, from)) {
        if (line.number > to) break;
        if (matches(line)) piece += `${textOf(line)}\n`;
        if (piece.length < 256 * 1024) continue;
        await writer.write(encoder.encode(piece));
        piece = "";
      }
      await writer.write(encoder.encode(piece));
      await writer.close();
    }).catch((error) => {
      failed(error);
      void writer.abort(error).catch(() => undefined);
    });
  });
  return readable;
}

const LEVEL_NAMES: Record<number, string> = { 10: "DEBUG", 20: "INFO", 30: "WARNING", 40: "ERROR", 50: "CRITICAL" };
const textOf = ({ timestamp, level, message }: LogLine) =>
  [timestamp, level === null ? null : (LEVEL_NAMES[level] ?? String(level)), message].filter((part) => part !== null).join(" ");
