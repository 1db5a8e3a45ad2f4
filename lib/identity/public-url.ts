import "server-only";
import { environment } from "@/lib/kernel/env";

// The address of this installation as people and clients see it. Links, cookies and the Origin check use it alone, never a request's
// Host header.

/** `REEVE_URL`. */
export const publicUrl = (): URL => new URL(environment().url);

/** True when the installation is served over TLS: cookies are then Secure and carry the `__Host-` prefix. */
export const isHttps = (): boolean => publicUrl().protocol === "https:";

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** The origins that count as ours: that of REEVE_URL, and on plain loopback its other spellings with the same port. */
export function publicOrigins(): Set<string> {
  const url = publicUrl();
  if (url.protocol !== "http:" || !LOOPBACK.has(url.hostname)) return new Set([url.origin]);
  return new Set([...LOOPBACK].map((host) => `http://${host}${url.port ? `:${url.port}` : ""}`));
}
