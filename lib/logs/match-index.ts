import "server-only";
import type { LogLine } from "./log-line";
import { linesOfLog, type OpenLog } from "./open-log";

// Which lines of a log match a level and a text, found once and kept for the logs read last, and continued when a log grew. A search takes
// at most its time per request: it says how far it came, and the next request goes on there.

const SEARCH_MS = 1_500;
const KEPT = 24;

export type LogFilter = { minLevel: number | null; search: string | null };
export type Matches = {
  /** Numbers of matching lines, in order, in what was looked at. */
  numbers: readonly number[];
  /** Lines that were looked at. */
  scanned: number;
  isWhole: boolean;
};

type Kept = { numbers: number[]; scanned: number; size: number; running: Promise<unknown> };
const kept = new Map<string, Kept>();

/** Whether a line matches; the text is compared without case. */
export function matcherOf({ minLevel, search }: LogFilter): (line: LogLine) => boolean {
  const wanted = search?.toLowerCase() ?? "";
  return (line) => (minLevel === null || (line.level ?? 0) >= minLevel) && (wanted === "" || line.message.toLowerCase().includes(wanted));
}

/** The matches of a filter, as far as they are known within the time of one request. */
export async function findMatches(log: OpenLog, filter: LogFilter): Promise<Matches> {
  const key = JSON.stringify([log.file.identity, filter.minLevel, filter.search?.toLowerCase() ?? null, log.redactor.stamp]);
  const known = kept.get(key);
  const entry = known && known.size <= log.file.size ? known : { numbers: [], scanned: 0, size: 0, running: Promise.resolve() };
  kept.delete(key);
  kept.set(key, entry);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  // One at a time: two requests of the same search go on after each other.
  const mine = entry.running.then(() => goOn(log, entry, matcherOf(filter)));
  entry.running = mine.catch(() => undefined);
  return mine;
}

async function goOn(log: OpenLog, entry: Kept, matches: (line: LogLine) => boolean): Promise<Matches> {
  const until = Date.now() + SEARCH_MS;
  const { index } = log;
  entry.size = Math.max(entry.size, log.file.size);
  let last: number | undefined;
  let isWhole = true;
  if (entry.scanned < index.lines)
    for await (const line of linesOfLog(log, entry.scanned + 1)) {
      // A last line without its end may still grow: it is looked at again.
      if (line.number > index.newlines) {
        if (matches(line)) last = line.number;
        break;
      }
      entry.scanned = line.number;
      if (matches(line)) entry.numbers.push(line.number);
      if (line.number % 500 === 0 && Date.now() > until) {
        isWhole = line.number >= index.lines;
        break;
      }
    }
  return { numbers: last === undefined ? entry.numbers : [...entry.numbers, last], scanned: isWhole ? index.lines : entry.scanned, isWhole };
}

/** The place of the first number that is at least `line`. */
export function placeOf(numbers: readonly number[], line: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) < line) low = middle + 1;
    else high = middle;
  }
  return low;
}
