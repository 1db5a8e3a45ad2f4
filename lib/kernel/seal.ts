import "server-only";
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AppError } from "./errors";
import { deriveKey } from "./keys";

// Authenticated encryption of what must rest in the database unreadable: AES-256-GCM, a fresh 96-bit nonce each time, the place it
// belongs to bound as associated data.

/** nonce (12) | tag (16) | ciphertext. Error: sealed without a master key. */
export const seal = (purpose: string, boundTo: string, plain: string): Buffer => sealWith(deriveKey(purpose), boundTo, Buffer.from(plain));

/** Opens what `seal` made for the same purpose and place. Errors: sealed; internal when it was moved or changed. */
export const unseal = (purpose: string, boundTo: string, sealed: Buffer): string => unsealWith(deriveKey(purpose), boundTo, sealed).toString("utf8");

/** The same with a key of 32 bytes. */
export function sealWith(key: Buffer, boundTo: string, plain: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(boundTo));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** The inverse of `sealWith`. Error: internal when it was moved or changed. */
export function unsealWith(key: Buffer, boundTo: string, sealed: Buffer): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(boundTo));
  decipher.setAuthTag(sealed.subarray(12, 28));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
  } catch (cause) {
    throw new AppError("internal", "A sealed value does not belong where it was found.", { cause, reason: "sealed_value_moved" });
  }
}
