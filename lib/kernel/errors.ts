import "server-only";
import type { Target } from "@/lib/authz/can";

// The closed set of error codes, and the one table from a code to its HTTP status. A message says what happened, `fix` what to do;
// the surface that shows it adds the request id. Nothing here ever carries a secret.

/** Code → HTTP status. The key set is closed: surfaces switch on it. */
export const STATUS_OF = {
  bad_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  in_use: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  too_large: 413,
  invalid_input: 422,
  too_many_requests: 429,
  internal: 500,
  not_implemented: 501,
  unavailable: 503,
  sealed: 503,
} as const;

export type ErrorCode = keyof typeof STATUS_OF;

export type ErrorDetails = {
  /** What the reader can do about it. */
  fix?: string;
  cause?: unknown;
  /** Messages by form field. */
  fields?: Record<string, string>;
  /** A machine-readable reason for the audit trail; never shown to the caller. */
  reason?: string;
  /** Of a refusal that was made while its target was looked up: what its entry in the trail names. */
  target?: Target;
};

/** The only error that reaches a person. Everything else becomes `internal` with a request id. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fix?: string;
  readonly fields?: Record<string, string>;
  readonly reason?: string;
  readonly target?: Target;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = "AppError";
    this.code = code;
    this.fix = details.fix;
    this.fields = details.fields;
    this.reason = details.reason;
    this.target = details.target;
  }

  get status(): number {
    return STATUS_OF[this.code];
  }
}

/** Data that passed the schema and that PostgreSQL can't take: out of range, no such time, malformed (class 22). */
const UNREADABLE = new Set(["22003", "22007", "22008", "22P02", "22P05", "2201X", "2201W"]);

/**
 * Turns anything thrown into an AppError; a database that is away is `unavailable`, a unique violation is `conflict`, a broken
 * reference `in_use`.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = sqlState(error);
  if (code === "23505") return new AppError("conflict", "Something with this name exists already.", { cause: error });
  if (code === "23503")
    return new AppError("in_use", "Something else still uses this, or what it refers to was deleted meanwhile, so nothing was changed.", {
      cause: error,
      fix: "Open it again: the page then shows what is there now.",
      reason: "in_use",
    });
  if (code && UNREADABLE.has(code))
    return new AppError("invalid_input", "A value in the request is out of range, or no value of its kind.", { cause: error, fix: "Check numbers and times." });
  if (code === "22021") return new AppError("invalid_input", "The input has a character that no text has.", { cause: error });
  const hasNoConnection = error instanceof Error && error.message.startsWith("timeout exceeded when trying to connect"); // the pool's own, without a code
  if (hasNoConnection || code === "57P01" || code === "57P03" || code === "08006" || code === "ECONNREFUSED" || code === "ENOENT" || code === "53300")
    return new AppError("unavailable", "The database did not answer.", { cause: error, fix: "Try again in a moment." });
  return new AppError("internal", "Something went wrong on the server.", {
    cause: error,
    fix: "Try again; if it stays, give the request id to your administrator.",
  });
}

/** The SQLSTATE (or Node's errno name) of an error, if it has one. */
export function sqlState(error: unknown): string | undefined {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** An error and what caused it. */
export function withCauses(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let one = error; one !== undefined && chain.length < 10; one = one instanceof Error ? one.cause : undefined) chain.push(one);
  return chain;
}
