import "server-only";
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { parse as uuidBytes, stringify as uuidText } from "uuid";
import { authenticationKey } from "@/lib/kernel/keys";

// Bearer tokens of the wire, without a row of their own: each names a credential, which is read again on each request, so the token
// ends with it. Layout: prefix, base64url(body), ".", base64url(HMAC-SHA256 of prefix and body). The client treats them as opaque.

const LOGIN = "rvl_";
const WORKLOAD = "rvw_";
const LOGIN_BYTES = 37;
const WORKLOAD_BYTES = 61;

/** The kinds of credential that a token can stand for, by their number in the body: append only. */
const KINDS = ["api_key", "device", "personal_token", "password"] as const;
export type LoginKind = (typeof KINDS)[number];

/** What a token stands for. `generation`: the key's, the device's, the personal token's, or for a password its person's epoch. */
export type TokenCredential = { kind: LoginKind; id: string; generation: number };
/** The answer to a login: `nonce` names the client process; `expiresAt` is in seconds since 1970. */
export type LoginToken = { type: "login"; credential: TokenCredential; nonce: string; expiresAt: number };
/** One run's credential: dies an hour after the run's end, with the credential that asked for it, or at `expiresAt`. */
export type WorkloadToken = {
  type: "workload";
  principalId: string;
  credential: TokenCredential | null;
  runId: string;
  expiresAt: number;
};

export function mintLoginToken({ kind, id, generation }: TokenCredential, lifetimeS: number): { token: string; nonce: string } {
  const nonce = randomBytes(8);
  const body = Buffer.alloc(LOGIN_BYTES);
  body.writeUInt8(KINDS.indexOf(kind) + 1, 0);
  body.set(uuidBytes(id), 1);
  body.writeUInt32BE(generation, 17);
  nonce.copy(body, 21);
  body.writeBigUInt64BE(BigInt(nowS() + lifetimeS), 29);
  return { token: sign(LOGIN, body), nonce: nonce.toString("hex") };
}

export function mintWorkloadToken(principalId: string, credential: WorkloadToken["credential"], runId: string, lifetimeS: number): string {
  const body = Buffer.alloc(WORKLOAD_BYTES);
  body.set(uuidBytes(principalId), 0);
  if (credential) {
    body.writeUInt8(KINDS.indexOf(credential.kind) + 1, 16);
    body.set(uuidBytes(credential.id), 17);
    body.writeUInt32BE(credential.generation, 57);
  }
  body.set(uuidBytes(runId), 33);
  body.writeBigUInt64BE(BigInt(nowS() + lifetimeS), 49);
  return sign(WORKLOAD, body);
}

/** Reads a token of either type; undefined when it is not ours, was changed, or ran out. */
export function readWireToken(text: string): LoginToken | WorkloadToken | undefined {
  const prefix = text.startsWith(LOGIN) ? LOGIN : text.startsWith(WORKLOAD) ? WORKLOAD : undefined;
  if (!prefix) return undefined;
  const [bodyText = "", macText = ""] = text.slice(prefix.length).split(".");
  const body = Buffer.from(bodyText, "base64url");
  const mac = Buffer.from(macText, "base64url");
  const expected = macOf(prefix, body);
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) return undefined;
  return prefix === LOGIN ? readLogin(body) : readWorkload(body);
}

function readLogin(body: Buffer): LoginToken | undefined {
  if (body.length !== LOGIN_BYTES) return undefined;
  const kind = KINDS[body.readUInt8(0) - 1];
  const expiresAt = Number(body.readBigUInt64BE(29));
  if (!kind || expiresAt <= nowS()) return undefined;
  const credential = { kind, id: uuidText(body, 1), generation: body.readUInt32BE(17) };
  return { type: "login", credential, nonce: body.subarray(21, 29).toString("hex"), expiresAt };
}

function readWorkload(body: Buffer): WorkloadToken | undefined {
  if (body.length !== WORKLOAD_BYTES) return undefined;
  const expiresAt = Number(body.readBigUInt64BE(49));
  if (expiresAt <= nowS()) return undefined;
  const kind = KINDS[body.readUInt8(16) - 1];
  const credential = kind ? { kind, id: uuidText(body, 17), generation: body.readUInt32BE(57) } : null;
  return { type: "workload", principalId: uuidText(body, 0), credential, runId: uuidText(body, 33), expiresAt };
}

const nowS = () => Math.floor(Date.now() / 1000);
const macOf = (prefix: string, body: Buffer) => createHmac("sha256", authenticationKey("wire-token")).update(prefix).update(body).digest();
const sign = (prefix: string, body: Buffer) => `${prefix}${body.toString("base64url")}.${macOf(prefix, body).toString("base64url")}`;
