import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import { authenticationKey } from "./keys";

// How a request of a canary proves that it is one: a time signed by a key of ours. The mark only says in the trail where an act came from; it
// opens nothing, and nobody else can hide behind it.

export const MARK_HEADER = "x-reeve-canary";
const LIFETIME_S = 120;

const macOf = (until: string) => createHmac("sha256", authenticationKey("canary-mark")).update(until).digest();

/** The header's value, good for two minutes. */
export function canaryMark(now = Date.now()): string {
  const until = String(Math.floor(now / 1_000) + LIFETIME_S);
  return `${until}.${macOf(until).toString("base64url")}`;
}

/** Whether a header's value is ours and has not run out. */
export function isCanaryMark(value: string | null, now = Date.now()): boolean {
  if (value === null) return false;
  const [until = "", mac = ""] = value.split(".");
  if (!/^\d{10}$/.test(until) || Number(until) * 1_000 < now) return false;
  const given = Buffer.from(mac, "base64url");
  const wanted = macOf(until);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
