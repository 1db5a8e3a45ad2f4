import "server-only";
import path from "node:path";
import { findArtifactStore, openStore } from "@/lib/artifacts/store";
import type { StoreFile } from "@/lib/artifacts/store-contract";
import type { CallContext, Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { inScope } from "@/lib/kernel/transaction";
import { lineIndex, linesFrom } from "./line-index";
import { getLog } from "./log-records";
import { type LogLine, readLogLine } from "./log-line";

// Pages of a log file. A page is bounded by its limit, and a search by the time that it may take: it then says how far it came.

const MAX_BYTES = 1024 * 1024 * 1024;
const SEARCH_MS = 2_000;
/** A page ends when its lines hold this much, however few they are. */
const PAGE_BYTES = 8 * 1024 * 1024;

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

export type LogFilter = { minLevel: number | null; search: string | null };

/** A page of a log record's lines from `first` (counted from 1). Errors: as reading the record and opening its file. */
export async function readLog(
  context: CallContext & { workspace: Workspace },
  id: string,
  { first, limit, filter }: { first: number | "newest"; limit: number; filter: LogFilter },
): Promise<LogPage> {
  const log = await ask(getLog, context, { id });
  if (!log.uri) throw new AppError("not_found", "These logs have no file.", { reason: "no_file" });
  // Who may register logs says where their file lies. A file is named by its record, so nobody can point at somebody else's.
  if (!path.basename(log.uri).toLowerCase().startsWith(log.id))
    throw new AppError("forbidden", "The log file is not named by its record, so it may be somebody else's.", { reason: "foreign_file" });
  const store = await inScope([context.workspace.id], (tx) => findArtifactStore(tx, context.workspace.id, log.artifact_store_id));
  const file = await openStore(context.workspace.slug, store).openFile(log.uri, MAX_BYTES);
  try {
    return await pageOf(file, first, limit, filter);
  } finally {
    await file.close();
  }
}

async function pageOf(file: StoreFile, start: number | "newest", limit: number, filter: LogFilter): Promise<LogPage> {
  const index = await lineIndex(file);
  const first = start === "newest" ? Math.max(1, index.lines - limit + 1) : start;
  const isFiltered = filter.minLevel !== null || filter.search !== null;
  const wanted = filter.search?.toLowerCase() ?? "";
  const matchesFilter = (line: LogLine) =>
    (filter.minLevel === null || (line.level ?? 0) >= filter.minLevel) && (wanted === "" || line.message.toLowerCase().includes(wanted));
  const until = Date.now() + SEARCH_MS;
  const lines: LogLine[] = [];
  let matches = 0;
  let bytes = 0;
  let next: number | null = null;
  let isWhole = true;
  for await (const line of linesFrom(file, index, first)) {
    const isFull = lines.length === limit || bytes > PAGE_BYTES;
    if (isFull && !isFiltered) {
      next = line.number;
      break;
    }
    // A search counts on beyond its page, until its time is over.
    if (isFiltered && line.number % 1_000 === 0 && Date.now() > until) {
      isWhole = false;
      next ??= line.number;
      break;
    }
    const read = readLogLine(line.number, line.text);
    if (!matchesFilter(read)) continue;
    matches++;
    if (isFull) next ??= read.number;
    else {
      lines.push(read);
      bytes += line.text.length;
    }
  }
  return { lines, total: index.lines, next, matches: isFiltered ? matches : null, isWhole };
}
