import "server-only";
/*
 * The installation's keys. The signing key (Ed25519, what others verify) is the root of everything that authenticates: tokens, cursors,
 * hashes of keys. Master keys (lib/kernel/master-keys.ts) seal what rests in the database, and nothing else (decision 30). From the
 * environment, else from files in REEVE_DATA/keys (0600).
 * Invariant: keys are made once, by the launcher, and a new master key by its rotation; nothing ever changes one.
 */
import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { environment } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { sealedError } from "@/lib/kernel/sealed-error";

export const KEY_BYTES = 32;
/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410 §7). */
const ED25519_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

declare global {
  var reeveSigningSeed: Buffer | undefined;
}

/** The folder of the key files. */
export function keysDirectory(): string {
  return path.join(environment().dataDirectory, "keys");
}

export const fileOf = (name: string): string => path.join(keysDirectory(), `${name}.key`);

/**
 * 32 bytes for one purpose (HKDF-SHA256 of the signing key), to authenticate or to seal what lives minutes; the same purpose always gives
 * the same bytes. It stands while the master key is missing or moves. Error: sealed.
 */
export function authenticationKey(purpose: string): Buffer {
  return derivedOf(signingSeed(), purpose);
}

/** 32 bytes for one purpose of a root key. A caller that wipes its key wipes a copy. */
export function derivedOf(root: Buffer, purpose: string): Buffer {
  const keys = derived.get(root) ?? new Map<string, Buffer>();
  derived.set(root, keys);
  const key = keys.get(purpose) ?? Buffer.from(hkdfSync("sha256", root, "reeve", purpose, KEY_BYTES));
  keys.set(purpose, key);
  return Buffer.from(key);
}

/** Per root: every token and cursor asks for its key again. */
const derived = new WeakMap<Buffer, Map<string, Buffer>>();

export interface SigningKey {
  /** Names the public key: the first 16 hex digits of the SHA-256 of its 32 bytes. */
  id: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** The Ed25519 key that seals the audit trail and signs tokens. Error: sealed. */
export function signingKey(): SigningKey {
  const privateKey = createPrivateKey({ key: Buffer.concat([ED25519_PREFIX, signingSeed()]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(privateKey);
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-KEY_BYTES);
  return { id: createHash("sha256").update(raw).digest("hex").slice(0, 16), privateKey, publicKey };
}

/**
 * Makes the key files that are missing; for the launcher alone. With `mayCreate` false there is data already, which a new key couldn't read:
 * a missing signing key is an error, as nobody could sign in, and a missing master key leaves Reeve sealed. Error: sealed.
 */
export function ensureKeys(mayCreate: boolean): void {
  const { masterKey, signingKey, kms } = environment();
  const directory = keysDirectory();
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  fs.chmodSync(directory, 0o700);
  if (mayCreate && !masterKey && !kms) makeKeyFile("master");
  if (mayCreate && !signingKey) makeKeyFile("signing");
  signingSeed();
}

/** Makes a key and its file, unless there is one of this name. */
function makeKeyFile(name: string): void {
  if (!fs.existsSync(fileOf(name))) writeOnce(fileOf(name), keyText(randomBytes(KEY_BYTES)));
}

export const keyText = (key: Buffer): string => `${key.toString("base64")}\n`;

/** Writes a file that only its owner can read, complete or not at all, and never over another one. */
export function writeOnce(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}`;
  fs.writeFileSync(unfinished, text, { mode: 0o600, flag: "wx", flush: true });
  try {
    fs.linkSync(unfinished, file); // fails when the name is taken, which a rename would not
  } finally {
    fs.rmSync(unfinished);
  }
}

function signingSeed(): Buffer {
  globalThis.reeveSigningSeed ??= environment().signingKey ?? readKeyFile(fileOf("signing"), "signing", "REEVE_SIGNING_KEY");
  return globalThis.reeveSigningSeed;
}

/** The 32 bytes of a key file. Error: sealed, with what is wrong with it. */
export function readKeyFile(file: string, name: string, variable: string): Buffer {
  let text: string;
  try {
    const { mode } = fs.statSync(file);
    if (mode & 0o077) {
      throw sealedError(`The key file ${file} can be read by others.`, `Run chmod 600 ${file}.`);
    }
    text = fs.readFileSync(file, "utf8");
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw sealedError(
      `The ${name} key is missing: there is neither ${variable} nor a readable file ${file}.`,
      `Put back ${file} from your backup, or set ${variable}.`,
      cause,
    );
  }
  const bytes = Buffer.from(text.trim(), "base64");
  if (bytes.length !== KEY_BYTES) {
    throw sealedError(`The key file ${file} doesn't hold ${KEY_BYTES} bytes in base64.`, "Put back the file from your backup.");
  }
  return bytes;
}

/** Forgets what was read: for tests that change the environment. */
export function forgetKeys(): void {
  globalThis.reeveSigningSeed = undefined;
  globalThis.reeveMasterKeys = undefined;
  globalThis.reeveKeyProblem = undefined;
}
