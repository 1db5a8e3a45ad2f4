import "server-only";
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { environment } from "@/lib/kernel/env";
import { isUuid } from "@/lib/kernel/id";
import { authenticationKey } from "@/lib/kernel/keys";
import type { CookieStore } from "./session";

// Remembers that somebody signed in on this browser before. It proves nothing by itself: it only gives its owner a count of failures
// of their own, so that others who guess at the account can't lock the owner out.

export type KnownDevice = { principalId: string; nonce: string; signedInAt: number };

const REMEMBERED_DAYS = 180;

/** The cookie: name and attributes. */
export function deviceCookie() {
  const secure = environment().isSecure;
  return {
    name: secure ? "__Host-reeve.device" : "reeve.device",
    options: { httpOnly: true, secure, sameSite: "lax", path: "/", maxAge: REMEMBERED_DAYS * 86_400 } as const,
  };
}

/** The cookie's value for somebody who has just signed in; keeps the nonce of the same person's earlier one. */
export function rememberDevice(principalId: string, earlier?: KnownDevice): string {
  const nonce = earlier?.principalId === principalId ? earlier.nonce : randomBytes(16).toString("base64url");
  const text = `${principalId}.${nonce}.${Math.floor(Date.now() / 1000)}`;
  return `${text}.${sign(text)}`;
}

/** Who signed in on this browser last, and when; undefined when the cookie is missing, forged or too old. */
export function knownDevice(cookies: CookieStore): KnownDevice | undefined {
  const value = cookies.get(deviceCookie().name)?.value ?? "";
  const [principalId, nonce, seconds, mac, ...more] = value.split(".");
  if (!principalId || !nonce || !seconds || !mac || more.length > 0 || !isUuid(principalId)) return undefined;
  const expected = Buffer.from(sign(`${principalId}.${nonce}.${seconds}`));
  const given = Buffer.from(mac);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
  const signedInAt = Number(seconds) * 1000;
  return Date.now() - signedInAt > REMEMBERED_DAYS * 86_400_000 ? undefined : { principalId, nonce, signedInAt };
}

const sign = (text: string) => createHmac("sha256", authenticationKey("known-device")).update(text).digest("base64url");
