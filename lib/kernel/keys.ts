import "server-only";
/*
 * The installation's two keys: the master key (everything that is encrypted or authenticated here derives from it) and the
 * signing key (Ed25519, what others verify). From the environment, else from files in REEVE_DATA/keys (0600).
 * Invariant: keys are made once, by the launcher; nothing else ever makes or changes one.
 */
import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { environment } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";

const KEY_BYTES = 32;
const NAMES = { master: "REEVE_MASTER_KEY", signing: "REEVE_SIGNING_KEY" } as const;
/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410 §7). */
const ED25519_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

type KeyName = keyof typeof NAMES;

declare global {
  var reeveKeys: Partial<Record<KeyName, Buffer>> | undefined;
}

/** The folder of the key files. */
export function keysDirectory(): string {
  return path.join(environment().dataDirectory, "keys");
}

/** 32 bytes for one purpose (HKDF-SHA256 of the master key); the same purpose always gives the same bytes. Error: sealed. */
export function deriveKey(purpose: string): Buffer {
  const master = secretOf("master");
  const keys = derived.get(master) ?? new Map<string, Buffer>();
  derived.set(master, keys);
  const key = keys.get(purpose) ?? Buffer.from(hkdfSync("sha256", master, "reeve", purpose, KEY_BYTES));
  keys.set(purpose, key);
  return Buffer.from(key); // a caller that wipes its key wipes a copy
}

/** Per master key: every token and cursor asks for its key again. */
const derived = new WeakMap<Buffer, Map<string, Buffer>>();

export interface SigningKey {
  /** Names the public key: the first 16 hex digits of the SHA-256 of its 32 bytes. */
  id: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** The Ed25519 key that seals the audit trail and signs tokens. Error: sealed. */
export function signingKey(): SigningKey {
  const privateKey = createPrivateKey({ key: Buffer.concat([ED25519_PREFIX, secretOf("signing")]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(privateKey);
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-KEY_BYTES);
  return { id: createHash("sha256").update(raw).digest("hex").slice(0, 16), privateKey, publicKey };
}

/**
 * Makes the key files that are missing; for the launcher alone. With `mayCreate` false a missing master key is an error
 * instead: there is data already, and a new key couldn't read it. Error: sealed.
 */
export function ensureKeys(mayCreate: boolean): void {
  const env = environment();
  const directory = keysDirectory();
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  fs.chmodSync(directory, 0o700);
  for (const name of Object.keys(NAMES) as KeyName[]) {
    const file = fileOf(name);
    if ((name === "master" ? env.masterKey : env.signingKey) || fs.existsSync(file)) continue;
    if (!mayCreate) throw missing(name);
    writeOnce(file, `${randomBytes(KEY_BYTES).toString("base64")}\n`);
  }
  for (const name of Object.keys(NAMES) as KeyName[]) secretOf(name);
}

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

function fileOf(name: KeyName): string {
  return path.join(keysDirectory(), `${name}.key`);
}

function secretOf(name: KeyName): Buffer {
  globalThis.reeveKeys ??= {};
  globalThis.reeveKeys[name] ??= readSecret(name);
  return globalThis.reeveKeys[name];
}

function readSecret(name: KeyName): Buffer {
  const given = name === "master" ? environment().masterKey : environment().signingKey;
  if (given) return given;
  const file = fileOf(name);
  let text: string;
  try {
    const { mode } = fs.statSync(file);
    if (mode & 0o077) {
      throw new AppError("sealed", `The key file ${file} can be read by others.`, { fix: `Run chmod 600 ${file}.` });
    }
    text = fs.readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw missing(name, error);
  }
  const bytes = Buffer.from(text.trim(), "base64");
  if (bytes.length !== KEY_BYTES) {
    throw new AppError("sealed", `The key file ${file} doesn't hold ${KEY_BYTES} bytes in base64.`, { fix: "Put back the file from your backup." });
  }
  return bytes;
}

function missing(name: KeyName, cause?: unknown): AppError {
  return new AppError("sealed", `The ${name} key is missing: there is neither ${NAMES[name]} nor a readable file ${fileOf(name)}.`, {
    cause,
    fix: `Put back ${fileOf(name)} from your backup, or set ${NAMES[name]}.`,
  });
}

/** Forgets what was read: for tests that change the environment. */
export function forgetKeys(): void {
  globalThis.reeveKeys = undefined;
}
