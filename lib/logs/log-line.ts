// One line of a log file: JSON as the client writes it, or any other text.

export const LEVELS = { debug: 10, info: 20, warning: 30, error: 40, critical: 50 } as const;

export type LogLine = {
  /** Counted from 1. */
  number: number;
  message: string;
  name: string | null;
  /** As Python counts: 10 debug … 50 critical; null when the line doesn't say. */
  level: number | null;
  /** ISO. */
  timestamp: string | null;
  module: string | null;
  filename: string | null;
  lineno: number | null;
  chunkIndex: number;
  totalChunks: number;
  id: string | null;
  /** Longer than is shown. */
  isCut: boolean;
};

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
const whole = (value: unknown): number | null => (typeof value === "number" && Number.isSafeInteger(value) ? value : null);

/** Terminal codes: colours, cursor, titles, links. They would hide words from a search and secrets from the eye. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const TERMINAL = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const HAS_CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/;

/** Text without terminal codes; of a line that was written over (progress bars) what stood last. */
function plainText(value: string): string {
  if (!HAS_CONTROL.test(value)) return value;
  return value
    .replace(TERMINAL, "")
    .split("\n")
    .map((line) => line.replace(/\r+$/, "").split("\r").at(-1) ?? "")
    .join("\n");
}

/** A level that a line of plain text names at its beginning, after a time: "2026-11-22 18:38:01,354 ERROR …", "[WARNING] …". */
const PLAIN_LEVEL = /^\s*(?:\[?\d{4}-\d\d-\d\d[T ]?[\d:.,]*(?:Z|[+-]\d\d:?\d\d)?(?: UTC)?\]?\s*[-|:]?\s*)?\[?(DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)\b/;
const PLAIN_LEVELS: Record<string, number> = { DEBUG: 10, INFO: 20, WARN: 30, WARNING: 30, ERROR: 40, CRITICAL: 50, FATAL: 50 };

/** Reads a line; what is not the client's JSON is a message of its own. Terminal codes are left out. */
export function readLogLine(number: number, line: string): LogLine {
  const said = line.startsWith("{") ? parsed(line) : undefined;
  const message = plainText(text(said?.message) ?? line);
  return {
    number,
    message,
    name: text(said?.name),
    level: said ? whole(said.level) : (PLAIN_LEVELS[PLAIN_LEVEL.exec(message)?.[1] ?? ""] ?? null),
    timestamp: text(said?.timestamp),
    module: text(said?.module),
    filename: text(said?.filename),
    lineno: whole(said?.lineno),
    chunkIndex: whole(said?.chunk_index) ?? 0,
    totalChunks: whole(said?.total_chunks) ?? 1,
    id: text(said?.id),
    isCut: false,
  };
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && "message" in value ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
