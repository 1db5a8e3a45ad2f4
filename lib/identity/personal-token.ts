import "server-only";
import { createHmac } from "node:crypto";
import { crc32 } from "node:zlib";
import { parse as uuidBytes, stringify as uuidText } from "uuid";
import { authenticationKey } from "@/lib/kernel/keys";
import { mintKeySecret } from "./api-key";

// The text of a personal token: `rvp_`, 32 hex digits of its id, 56 random ones, and 8 of the CRC-32 of both, so that a mistyped or
// made-up one is refused without asking the database. Only an HMAC of the random part is stored.

const TEXT = /^rvp_([0-9a-f]{32})([0-9a-f]{56})([0-9a-f]{8})$/;
const PREFIX = "rvp_";

export type PersonalTokenText = { id: string; secret: string };

/** Makes the random part. */
export const mintPersonalSecret = (): string => mintKeySecret().slice(0, 56);

/** The text that a person stores. Show it once. */
export function formatPersonalToken(id: string, secret: string): string {
  const body = Buffer.from(uuidBytes(id)).toString("hex") + secret;
  return `${PREFIX}${body}${checksum(body)}`;
}

/** True for text that claims to be a personal token. */
export const isPersonalToken = (text: string): boolean => text.startsWith(PREFIX);

/** Reads a token's text; undefined when it is malformed or its checksum is wrong. */
export function parsePersonalToken(text: string): PersonalTokenText | undefined {
  const [, id = "", secret = "", check = ""] = TEXT.exec(text) ?? [];
  if (!id || checksum(id + secret) !== check) return undefined;
  return { id: uuidText(Buffer.from(id, "hex")), secret };
}

/** What is stored of a token. Error: sealed. */
export const hashPersonalToken = (secret: string): Buffer => createHmac("sha256", authenticationKey("personal-token")).update(secret).digest();

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, "0");
