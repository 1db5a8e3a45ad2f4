import "server-only";
import path from "node:path";
import { findArtifactStore, openStoreFile, type StoreFile } from "@/lib/artifacts/store-file";
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

export type LogPage = {
  lines: LogLine[];
  /** Lines of the whole file. */
  total: number;
  /** The line that the next page begins with; null at the end. */
  next: number | null;
  /** With a filter: how many lines match in what was looked at, and whether that was the whole file. */
  matches: number | null;
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
  const file = await openStoreFile(context.workspace.slug, store, log.uri, MAX_BYTES);
  try {
    return await pageOf(file, first, limit, filter);
  } finally {
    await file.handle.close();
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
  let next: number | null = null;
  let isWhole = true;
  // A search counts its matches over the whole file, so it begins at the first line; a plain page begins where it is asked to.
  for await (const line of linesFrom(file, index, isFiltered ? 1 : first)) {
    if (!isFiltered) {
      if (lines.length === limit) {
        next = line.number;
        break;
      }
      lines.push(readLogLine(line.number, line.text));
      continue;
    }
    const read = readLogLine(line.number, line.text);
    if (matchesFilter(read)) {
      matches++;
      if (read.number >= first && lines.length < limit) lines.push(read);
      else if (read.number >= first) next ??= read.number;
    }
    if (line.number % 1_000 === 0 && Date.now() > until) {
      isWhole = line.number >= index.lines;
      if (lines.length < limit) next ??= isWhole ? null : line.number + 1;
      break;
    }
  }
  return { lines, total: index.lines, next, matches: isFiltered ? matches : null, isWhole };
}
