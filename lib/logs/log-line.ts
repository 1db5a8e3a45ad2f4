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
};

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
const whole = (value: unknown): number | null => (typeof value === "number" && Number.isSafeInteger(value) ? value : null);

/** Reads a line; what is not the client's JSON is a message of its own. */
export function readLogLine(number: number, line: string): LogLine {
  const said = line.startsWith("{") ? parsed(line) : undefined;
  return {
    number,
    message: text(said?.message) ?? line,
    name: text(said?.name),
    level: whole(said?.level),
    timestamp: text(said?.timestamp),
    module: text(said?.module),
    filename: text(said?.filename),
    lineno: whole(said?.lineno),
    chunkIndex: whole(said?.chunk_index) ?? 0,
    totalChunks: whole(said?.total_chunks) ?? 1,
    id: text(said?.id),
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
