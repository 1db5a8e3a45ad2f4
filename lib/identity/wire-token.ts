import "server-only";
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { parse as uuidBytes, stringify as uuidText } from "uuid";
import { deriveKey } from "@/lib/kernel/keys";

// Bearer tokens of the wire, without a row of their own: what they name is read again on each request, so they end with it.
// Layout: prefix, base64url(body), ".", base64url(HMAC-SHA256 of prefix and body). The client treats them as opaque.

const LOGIN = "rvl_";
const WORKLOAD = "rvw_";

/** The answer to an API key login: `nonce` names the client process; `expiresAt` is in seconds since 1970. */
export type LoginToken = { kind: "login"; keyId: string; generation: number; nonce: string; expiresAt: number };
/** One run's credential: dies an hour after the run's end, with its key, or at `expiresAt`. */
export type WorkloadToken = { kind: "workload"; principalId: string; keyId: string | null; runId: string; expiresAt: number };

export function mintLoginToken(keyId: string, generation: number, lifetimeS: number): { token: string; nonce: string } {
  const nonce = randomBytes(8);
  const body = Buffer.alloc(36);
  body.set(uuidBytes(keyId), 0);
  body.writeUInt32BE(generation, 16);
  nonce.copy(body, 20);
  body.writeBigUInt64BE(BigInt(nowS() + lifetimeS), 28);
  return { token: sign(LOGIN, body), nonce: nonce.toString("hex") };
}

export function mintWorkloadToken(principalId: string, keyId: string | null, runId: string, lifetimeS: number): string {
  const body = Buffer.alloc(56);
  body.set(uuidBytes(principalId), 0);
  body.set(keyId ? uuidBytes(keyId) : Buffer.alloc(16), 16);
  body.set(uuidBytes(runId), 32);
  body.writeBigUInt64BE(BigInt(nowS() + lifetimeS), 48);
  return sign(WORKLOAD, body);
}

/** Reads a token of either kind; undefined when it is not ours, was changed, or ran out. */
export function readWireToken(text: string): LoginToken | WorkloadToken | undefined {
  const prefix = text.startsWith(LOGIN) ? LOGIN : text.startsWith(WORKLOAD) ? WORKLOAD : undefined;
  if (!prefix) return undefined;
  const [bodyText = "", macText = ""] = text.slice(prefix.length).split(".");
  const body = Buffer.from(bodyText, "base64url");
  const mac = Buffer.from(macText, "base64url");
  const expected = macOf(prefix, body);
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) return undefined;
  if (prefix === LOGIN && body.length === 36) {
    const expiresAt = Number(body.readBigUInt64BE(28));
    if (expiresAt <= nowS()) return undefined;
    return { kind: "login", keyId: uuidText(body, 0), generation: body.readUInt32BE(16), nonce: body.subarray(20, 28).toString("hex"), expiresAt };
  }
  if (prefix === WORKLOAD && body.length === 56) {
    const expiresAt = Number(body.readBigUInt64BE(48));
    if (expiresAt <= nowS()) return undefined;
    const keyId = body.subarray(16, 32).every((byte) => byte === 0) ? null : uuidText(body, 16);
    return { kind: "workload", principalId: uuidText(body, 0), keyId, runId: uuidText(body, 32), expiresAt };
  }
  return undefined;
}

const nowS = () => Math.floor(Date.now() / 1000);
const macOf = (prefix: string, body: Buffer) => createHmac("sha256", deriveKey("wire-token")).update(prefix).update(body).digest();
const sign = (prefix: string, body: Buffer) => `${prefix}${body.toString("base64url")}.${macOf(prefix, body).toString("base64url")}`;
