import "server-only";
import { environment, isLoopback } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { publicOrigins } from "./public-url";

// The guard of everything that a cookie authenticates and that isn't a GET: our own pages sent it, or it is refused. Missing headers
// are refused too; the framework's own check lets a request without Origin pass.

type HeaderReader = { get(name: string): string | null };

/**
 * Throws forbidden unless `Origin` is one of ours and `Sec-Fetch-Site` is `same-origin`. Browsers send the second only on https and
 * loopback, so on plain http beyond this machine it may be missing; another value never passes.
 */
export function requireSameOrigin(headers: HeaderReader): void {
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  const isOurs = origin !== null && publicOrigins().has(origin) && (site === "same-origin" || (site === null && isPlainHttpBeyondThisMachine()));
  if (isOurs) return;
  throw new AppError("forbidden", "This request did not come from this installation's own pages, so nothing was changed.", {
    fix: `Open ${environment().url} and repeat the step there.`,
    reason: origin === null ? "origin_missing" : "origin_foreign",
  });
}

function isPlainHttpBeyondThisMachine(): boolean {
  const { url, isSecure } = environment();
  return !isSecure && !isLoopback(new URL(url).hostname);
}
