import "server-only";
import { environment, isLoopback } from "@/lib/kernel/env";

// The address of this installation as people and clients see it (REEVE_URL). Links, cookies and the Origin check use it alone, never
// a request's Host header.

const LOOPBACK_SPELLINGS = ["127.0.0.1", "localhost", "[::1]"];

/** The origins that count as ours: that of REEVE_URL, and on plain http loopback its other spellings with the same port. */
export function publicOrigins(): Set<string> {
  const url = new URL(environment().url);
  if (url.protocol !== "http:" || !isLoopback(url.hostname)) return new Set([url.origin]);
  return new Set([url.hostname, ...LOOPBACK_SPELLINGS].map((host) => `http://${host}${url.port ? `:${url.port}` : ""}`));
}
