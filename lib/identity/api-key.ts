import "server-only";
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";
import { authenticationKey } from "@/lib/kernel/keys";
import { isUuid } from "@/lib/kernel/id";

// API keys: `ZENKEY_` + base64 of {"id","key"}; `key` is 56 random hex digits (224 bits) and 8 of their CRC-32, so that a mistyped or
// made-up key is refused without asking the database. Only an HMAC of it is stored.

const PREFIX = "ZENKEY_";

export type ApiKeyText = { id: string; key: string };

/** Makes a key's secret part. */
export function mintKeySecret(): string {
  const random = randomBytes(28).toString("hex");
  return random + checksum(random);
}

/** The text that a person stores. Show it once. */
export const formatApiKey = (id: string, key: string): string => PREFIX + Buffer.from(JSON.stringify({ id, key })).toString("base64");

/** Reads a key's text; undefined when it is malformed or its checksum is wrong. */
export function parseApiKey(text: string): ApiKeyText | undefined {
  if (!text.startsWith(PREFIX) || text.length > 300) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(text.slice(PREFIX.length), "base64").toString("utf8"));
    if (typeof value !== "object" || value === null || !("id" in value) || !("key" in value)) return undefined;
    const { id, key } = value;
    if (!isUuid(id) || typeof key !== "string" || !/^[0-9a-f]{64}$/.test(key) || checksum(key.slice(0, 56)) !== key.slice(56)) return undefined;
    return { id, key };
  } catch {
    return undefined;
  }
}

/** What is stored of a key. Error: sealed. */
export const hashApiKey = (key: string): Buffer => createHmac("sha256", authenticationKey("api-key")).update(key).digest();

/** Compares in constant time. */
export const sameHash = (left: Buffer, right: Buffer): boolean => left.length === right.length && timingSafeEqual(left, right);

/** How a key is named to people: never enough to use it. */
export const keyLabel = (name: string, id: string): string => `${name} (…${id.slice(-4)})`;

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, "0");
