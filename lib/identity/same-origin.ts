import "server-only";
import { AppError } from "@/lib/kernel/errors";
import { publicOrigins } from "./public-url";

// The guard of everything that a cookie authenticates and that isn't a GET: our own pages send it, or nobody does. Missing headers
// are refused too; the framework's own check lets a request without Origin pass.

type HeaderReader = { get(name: string): string | null };

/**
 * Throws forbidden unless `Origin` is that of REEVE_URL and `Sec-Fetch-Site` is `same-origin`. Browsers leave `Sec-Fetch-Site` out on
 * plain http to anything but loopback, so there its absence is allowed; another value never is.
 */
export function requireSameOrigin(headers: HeaderReader): void {
  const origins = publicOrigins();
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  const siteMayBeAbsent = [...origins].every((one) => one.startsWith("http://")) && origins.size === 1;
  const isOurs = origin !== null && origins.has(origin) && (site === "same-origin" || (site === null && siteMayBeAbsent));
  if (isOurs) return;
  throw new AppError("forbidden", "This request did not come from this installation's own pages, so nothing was changed.", {
    fix: "Open the page again at its usual address and repeat the step. If the address in your browser is right, REEVE_URL is set to another one.",
    reason: origin === null ? "origin_missing" : "origin_foreign",
  });
}
