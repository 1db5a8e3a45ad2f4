import "server-only";
import type { StoreFile } from "@/lib/artifacts/store-contract";

// Where the lines of a log file begin: one offset per thousand lines, kept for the files read last, and continued when a file grew.
// A million lines are a thousand offsets; finding any line reads at most a thousand others.

const STRIDE = 1_000;
const CHUNK = 1024 * 1024;
const KEPT = 64;

export type LineIndex = {
  /** Offset at which line `n * 1000` begins, counted from 0. */
  offsets: number[];
  newlines: number;
  /** Bytes that were read so far. */
  size: number;
  /** Lines in all: a last one without its newline counts. */
  lines: number;
};

const kept = new Map<string, LineIndex>();

/** The index of an open file, read on from where the last one ended. A file that became shorter is another file. */
export async function lineIndex(file: StoreFile): Promise<LineIndex> {
  const known = kept.get(file.identity);
  const index = known && known.size <= file.size ? { ...known, offsets: [...known.offsets] } : { offsets: [0], newlines: 0, size: 0, lines: 0 };
  const buffer = Buffer.allocUnsafe(CHUNK);
  while (index.size < file.size) {
    const bytesRead = await file.read(buffer, Math.min(CHUNK, file.size - index.size), index.size);
    if (bytesRead === 0) break;
    const read = buffer.subarray(0, bytesRead);
    for (let at = read.indexOf(10); at !== -1; at = read.indexOf(10, at + 1)) {
      index.newlines++;
      if (index.newlines % STRIDE === 0) index.offsets[index.newlines / STRIDE] = index.size + at + 1;
    }
    index.size += bytesRead;
    index.lines = index.newlines + (read.at(-1) === 10 ? 0 : 1);
  }
  kept.delete(file.identity);
  kept.set(file.identity, index);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  return index;
}

export type Line = { number: number; text: string; isCut: boolean };

/** A line longer than this is shown cut: no page may hold more than it can show. */
export const MAX_LINE = 64 * 1024;
/** What is held of a line: what is looked for in it may begin where it is cut. */
const HELD = MAX_LINE + 16 * 1024;

/** The lines from `first` (counted from 1) on, in order, until the file's end. */
export async function* linesFrom(file: StoreFile, index: LineIndex, first: number): AsyncGenerator<Line> {
  const slot = Math.min(Math.floor((first - 1) / STRIDE), index.offsets.length - 1);
  let offset = index.offsets[slot] ?? 0;
  let number = slot * STRIDE;
  let rest: Buffer[] = [];
  let held = 0;
  const buffer = Buffer.allocUnsafe(CHUNK);
  while (offset < index.size) {
    const bytesRead = await file.read(buffer, Math.min(CHUNK, index.size - offset), offset);
    if (bytesRead === 0) break;
    const read = buffer.subarray(0, bytesRead);
    let begin = 0;
    for (let at = read.indexOf(10); at !== -1; at = read.indexOf(10, begin)) {
      number++;
      if (number >= first) yield { number, ...textOf([...rest, read.subarray(begin, at)]) };
      rest = [];
      held = 0;
      begin = at + 1;
    }
    // Of a line that goes on, no more is held than can be shown.
    if (begin < bytesRead && held <= HELD) {
      rest.push(Buffer.from(read.subarray(begin, begin + HELD + 1)));
      held += bytesRead - begin;
    }
    offset += bytesRead;
  }
  if (rest.length > 0 && number + 1 >= first) yield { number: number + 1, ...textOf(rest) };
}

function textOf(parts: Buffer[]): Omit<Line, "number"> {
  const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  return { text: bytes.subarray(0, HELD).toString("utf8").replace(/\r$/, ""), isCut: bytes.length > MAX_LINE };
}
