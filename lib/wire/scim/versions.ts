import { AppError } from "@/lib/kernel/errors";
import { ScimError } from "./problem";
import { etagOf } from "./resources";
import type { ScimAnswer, ScimCall } from "./call";

// ETags (RFC 7644 §3.14). Who names a version gets 412 when it is not the one; who names none is tried again when somebody was faster.

const ATTEMPTS = 5;
const named = (header: string | null): string[] => (header ?? "").split(",").flatMap((part) => part.trim().replace(/^W\//, "") || []);
const isNamed = (header: string | null, thing: { version: number }) => named(header).some((tag) => tag === "*" || tag === etagOf(thing).replace(/^W\//, ""));

/** Error: 412 when If-Match names another version. */
export function requireMatch(call: ScimCall, thing: { version: number }): void {
  const header = call.headers.get("if-match");
  if (header && !isNamed(header, thing)) throw new ScimError(412, "It was changed meanwhile. Read it again.");
}

/** 304 when If-None-Match names the version that is there. */
export function unchanged(call: ScimCall, thing: { version: number }): ScimAnswer | undefined {
  const header = call.headers.get("if-none-match");
  return header && isNamed(header, thing) ? { status: 304, headers: { etag: etagOf(thing) } } : undefined;
}

/** Reads and writes; begins again when another write came in between, unless the caller named the version. */
export async function changedUnlessStale(call: ScimCall, attempt: () => Promise<ScimAnswer>): Promise<ScimAnswer> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const isStale = error instanceof AppError && error.reason === "stale";
      if (!isStale || tries >= ATTEMPTS || call.headers.get("if-match") !== null) throw error;
    }
  }
}
