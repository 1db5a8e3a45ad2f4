import "server-only";
import path from "node:path";
import { findArtifactStore, openStore } from "@/lib/artifacts/store";
import type { StoreFile } from "@/lib/artifacts/store-contract";
import type { CallContext, Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { noteRefusedRead } from "@/lib/kernel/refused-reads";
import { inScope } from "@/lib/kernel/transaction";
import { redactorOf } from "@/lib/secrets/known-secrets";
import { LONGEST, type SecretRedactor } from "@/lib/secrets/redact-secrets";
import { type LineIndex, lineIndex, linesFrom, MAX_LINE } from "./line-index";
import { openLogFile } from "./log-file";
import { getLog } from "./log-records";
import { type LogLine, readLogLine } from "./log-line";
import { redactedLines } from "./redacted-lines";

// The one way to a log's lines: every reader of a log comes through here, so that none sees a secret that the workspace knows.

export type OpenLog = { file: StoreFile; index: LineIndex; redactor: SecretRedactor };

/** Opens a log record's file for `read`, and closes it. Errors: as reading the record and opening its file. */
export async function withLog<T>(context: CallContext & { workspace: Workspace }, id: string, read: (log: OpenLog) => Promise<T>): Promise<T> {
  const log = await ask(getLog, context, { id });
  if (!log.uri) throw new AppError("not_found", "These logs have no file.", { reason: "no_file" });
  // Who may register logs says where their file lies. A file is named by its record, so nobody can point at somebody else's.
  if (!path.basename(log.uri).toLowerCase().startsWith(log.id)) {
    const error = new AppError("forbidden", "The log file is not named by its record, so it may be somebody else's.", { reason: "foreign_file" });
    await noteRefusedRead(context, "log.read", error, { workspaceId: context.workspace.id, thing: { type: "log", id: log.id, name: null } });
    throw error;
  }
  const { store, redactor } = await inScope([context.workspace.id], async (tx) => ({
    store: await findArtifactStore(tx, context.workspace.id, log.artifact_store_id),
    redactor: await redactorOf(tx, context.workspace.id),
  }));
  const file = await openLogFile(openStore(context, store), store?.id ?? "", log.uri);
  try {
    return await read({ file, index: await lineIndex(file), redactor });
  } finally {
    await file.close();
  }
}

/** The lines from `first` (counted from 1) on, without secrets. */
export async function* linesOfLog({ file, index, redactor }: OpenLog, first: number): AsyncGenerator<LogLine> {
  const begin = Math.max(1, first - (redactor.isEmpty ? 0 : 1)); // a secret may begin in the line before
  for await (const line of redactedLines(readLines(file, index, begin), redactor)) if (line.number >= first) yield line.isCut ? cut(line) : line;
}

async function* readLines(file: StoreFile, index: LineIndex, first: number): AsyncGenerator<LogLine> {
  for await (const { number, text, isCut } of linesFrom(file, index, first)) yield { ...readLogLine(number, text), isCut };
}

/** A secret that goes on where the held text ends was not known as one: that much of the end is never shown. */
function cut(line: LogLine): LogLine {
  const message = line.message.slice(0, Math.max(0, Math.min(MAX_LINE, line.message.length - LONGEST)));
  return { ...line, message: `${message}… (cut at ${MAX_LINE / 1024} kB)` };
}
