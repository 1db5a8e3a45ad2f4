import "server-only";
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AppError } from "./errors";
import { deriveKey } from "./keys";

// Authenticated encryption of what must rest in the database unreadable: AES-256-GCM, a fresh 96-bit nonce each time, the place it
// belongs to bound as associated data.

/** nonce (12) | tag (16) | ciphertext. Error: sealed without a master key. */
export function seal(purpose: string, boundTo: string, plain: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", deriveKey(purpose), nonce);
  cipher.setAAD(Buffer.from(boundTo));
  const text = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** Opens what `seal` made for the same purpose and place. Errors: sealed; internal when it was moved or changed. */
export function unseal(purpose: string, boundTo: string, sealed: Buffer): string {
  const decipher = createDecipheriv("aes-256-gcm", deriveKey(purpose), sealed.subarray(0, 12));
  decipher.setAAD(Buffer.from(boundTo));
  decipher.setAuthTag(sealed.subarray(12, 28));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString("utf8");
  } catch (cause) {
    throw new AppError("internal", "A sealed value does not belong where it was found.", { cause });
  }
}
