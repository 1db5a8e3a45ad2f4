import "server-only";
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { activeMasterKey } from "./active-master-key";
import { AppError } from "./errors";
import { authenticationKey } from "./keys";
import { findMasterKey, firstMasterKey, type MasterKey, masterKey, masterKeys } from "./master-keys";
import type { Tx } from "./transaction";

// Authenticated encryption of what must rest in the database unreadable: AES-256-GCM, a fresh 96-bit nonce each time, the place it
// belongs to bound as associated data. What rests for long is sealed under a master key, which its first bytes name; what is on its way
// for minutes (mails, answers that may be asked for again) under a key that the master key's absence doesn't take away.

/** The layout that names its key: 1, then the key's id. */
const NAMED = 1;
const HEADER_BYTES = 9;

/** Seals for long. Error: sealed without the active master key. */
export const seal = async (tx: Tx, purpose: string, boundTo: string, plain: string): Promise<Buffer> =>
  sealUnder(await activeMasterKey(tx), purpose, boundTo, plain);

/** header (9) | nonce (12) | tag (16) | ciphertext. */
export const sealUnder = (key: MasterKey, purpose: string, boundTo: string, plain: string): Buffer =>
  Buffer.concat([headerOf(key.id), sealWith(key.derive(purpose), boundTo, Buffer.from(plain))]);

/** What stands before everything that is sealed under a master key. */
export const headerOf = (keyId: string): Buffer => Buffer.concat([Buffer.from([NAMED]), Buffer.from(keyId, "hex")]);

/** Opens what `seal` made for the same purpose and place. Errors: sealed; internal when it was moved or changed. */
export function unseal(purpose: string, boundTo: string, sealed: Buffer): string {
  if (sealed[0] === NAMED) {
    const id = sealed.subarray(1, HEADER_BYTES).toString("hex");
    // Values from before keys had names begin with a nonce: where it looks like a name, no key has it.
    if (findMasterKey(id) || !openUnnamed(purpose, boundTo, sealed))
      return unsealWith(masterKey(id).derive(purpose), boundTo, sealed.subarray(HEADER_BYTES)).toString("utf8");
  }
  firstMasterKey(); // sealed where there is none
  const opened = openUnnamed(purpose, boundTo, sealed);
  if (opened) return opened.toString("utf8");
  throw moved();
}

function openUnnamed(purpose: string, boundTo: string, sealed: Buffer): Buffer | undefined {
  for (const key of masterKeys())
    try {
      return unsealWith(key.derive(purpose), boundTo, sealed);
    } catch {
      // not under this one
    }
}

/** Seals what lives minutes. */
export const sealBriefly = (purpose: string, boundTo: string, plain: string): Buffer => sealWith(authenticationKey(purpose), boundTo, Buffer.from(plain));

/** Opens what `sealBriefly` made for the same purpose and place. Error: internal when it was moved or changed. */
export const unsealBriefly = (purpose: string, boundTo: string, sealed: Buffer): string =>
  unsealWith(authenticationKey(purpose), boundTo, sealed).toString("utf8");

/** The same with a key of 32 bytes: nonce (12) | tag (16) | ciphertext. */
export function sealWith(key: Buffer, boundTo: string, plain: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(boundTo));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** The inverse of `sealWith`. Error: internal when it was moved or changed. */
export function unsealWith(key: Buffer, boundTo: string, sealed: Buffer): Buffer {
  if (sealed.length < 28) throw moved();
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(boundTo));
  decipher.setAuthTag(sealed.subarray(12, 28));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
  } catch (cause) {
    throw moved(cause);
  }
}

const moved = (cause?: unknown) => new AppError("internal", "A sealed value does not belong where it was found.", { cause, reason: "sealed_value_moved" });
