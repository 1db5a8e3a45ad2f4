import "server-only";
/*
 * One line per event on stderr: for people on a terminal, JSON otherwise. Invariant: no secrets. Fields whose names say
 * that they hold one are left out, and credentials and passwords inside URLs are masked in every text.
 */
import { maskSecrets } from "@/lib/audit/redact";
import { environment } from "@/lib/kernel/env";

const LEVELS = ["debug", "info", "warn", "error"] as const;
type Level = (typeof LEVELS)[number];
type Fields = Record<string, unknown>;

const SECRET_NAME = /password|secret|token|credential|authorization|cookie|(^|_)key$|Key$/i;
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@/]+@/gi;

function write(level: Level, message: string, fields: Fields = {}): void {
  if (LEVELS.indexOf(level) < LEVELS.indexOf(environment().logLevel)) return;
  process.stderr.write(`${process.stderr.isTTY ? textLine(level, message, fields) : jsonLine(level, message, fields)}\n`);
}

export const log = {
  debug: (message: string, fields?: Fields) => write("debug", message, fields),
  info: (message: string, fields?: Fields) => write("info", message, fields),
  warn: (message: string, fields?: Fields) => write("warn", message, fields),
  error: (message: string, fields?: Fields) => write("error", message, fields),
};

/** The JSON form of a line; exported for its test. */
export function jsonLine(level: Level, message: string, fields: Fields): string {
  return JSON.stringify({ at: new Date().toISOString(), level, process: process.title, message: clean(message), ...safe(fields) });
}

function textLine(level: Level, message: string, fields: Fields): string {
  const rest = Object.entries(safe(fields)).map(([name, value]) => ` ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return `${new Date().toISOString().slice(11, 19)} ${level.padEnd(5)} ${clean(message)}${rest.join("")}`;
}

function safe(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (SECRET_NAME.test(name)) return [name, "[redacted]"];
      if (value instanceof Error) return [name, clean(describe(value))];
      return [name, typeof value === "string" ? clean(value) : value];
    }),
  );
}

/** The error with its causes: what the caller can't be told belongs here. */
function describe(error: Error): string {
  const text = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${text}\ncaused by ${describe(error.cause)}` : text;
}

function clean(text: string): string {
  return maskSecrets(text.replace(URL_PASSWORD, "$1[redacted]@"));
}

/** Writes what a caller may not be told about an unexpected error, under the request id that the caller was given. */
export function logError(request: { requestId: string }, error: unknown): void {
  log.error("a request failed", { requestId: request.requestId, error: error instanceof Error ? error : String(error) });
}
