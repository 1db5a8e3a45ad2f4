import "server-only";
/*
 * The ring of master keys that this process can read, by id: REEVE_MASTER_KEY, REEVE_OLD_MASTER_KEYS, keys/master.key and
 * keys/master-<id>.key, and what an outside service opened (lib/master-key/outside-keys.ts). Which of them seals what is new stands in the database (active-master-key.ts); each reader names the one it needs.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { environment } from "./env";
import type { AppError } from "./errors";
import { derivedOf, fileOf, keysDirectory, readKeyFile } from "./keys";
import { sealedError, wholeReason } from "./sealed-error";

export interface MasterKey {
  /** Names the key without telling anything of it: 16 hex digits. */
  id: string;
  /** A variable's name, or a file's. */
  place: string;
  /** 32 bytes for one purpose. */
  derive(purpose: string): Buffer;
}

type Ring = { keys: Map<string, MasterKey>; problem: AppError };

declare global {
  var reeveMasterKeys: Ring | undefined;
  /** What an outside key service said last, while it keeps a key from this process: as data, because errors are one copy of a module's own. */
  var reeveKeyProblem: string | undefined;
}

/** Adds a key that an outside service has opened. */
export const addMasterKey = (key: MasterKey): void => void readRing().keys.set(key.id, key);
export const noteKeyProblem = (problem: AppError | undefined): void => {
  globalThis.reeveKeyProblem = problem && wholeReason(problem);
};
const keyProblem = (): AppError | undefined => (globalThis.reeveKeyProblem ? sealedError(globalThis.reeveKeyProblem) : undefined);

const FILE = /^master(-[0-9a-f]{16})?\.key$/;

/** The keys that can be read, the one that a first start takes first. Nothing is thrown where there is none. */
export function masterKeys(): MasterKey[] {
  return [...readRing().keys.values()];
}

/** One key by its id; the files are read again for one that is not known yet. */
export const findMasterKey = (id: string): MasterKey | undefined => globalThis.reeveMasterKeys?.keys.get(id) ?? readRing().keys.get(id);

/** The same. Error: sealed. */
export function masterKey(id: string): MasterKey {
  const found = findMasterKey(id);
  if (found) return found;
  const ring = readRing();
  const problem = keyProblem();
  if (problem) throw problem;
  if (ring.keys.size === 0) throw ring.problem;
  throw sealedError(
    `The master key ${id} is missing: what is sealed under it can't be read. The keys that are there are others.`,
    `Put its file back as ${fileOf(`master-${id}`)}, or add it to REEVE_OLD_MASTER_KEYS.`,
  );
}

/** Any key at all. Error: sealed, with what is wrong. */
export function firstMasterKey(): MasterKey {
  const ring = readRing();
  const [first] = ring.keys.values();
  if (!first) throw keyProblem() ?? ring.problem;
  return first;
}

/** Files are looked for each time: a key that is put back unseals without a restart. Keys that were read once stay. */
function readRing(): Ring {
  const { masterKey: given, oldMasterKeys } = environment();
  const keys = new Map<string, MasterKey>();
  let problem: AppError | undefined;
  const add = (root: Buffer, place: string) => {
    const key = toMasterKey(root, place);
    if (!keys.has(key.id)) keys.set(key.id, key);
  };
  if (given) add(given, "REEVE_MASTER_KEY");
  for (const old of oldMasterKeys) add(old, "REEVE_OLD_MASTER_KEYS");
  for (const file of masterKeyFiles())
    try {
      add(readKeyFile(file, "master", "REEVE_MASTER_KEY"), file);
    } catch (error) {
      problem ??= error as AppError;
    }
  for (const [id, key] of globalThis.reeveMasterKeys?.keys ?? []) if (!keys.has(id)) keys.set(id, key);
  globalThis.reeveMasterKeys = { keys, problem: problem ?? missing() };
  return globalThis.reeveMasterKeys;
}

export function toMasterKey(root: Buffer, place: string): MasterKey {
  const id = createHash("sha256").update(derivedOf(root, "master key id")).digest("hex").slice(0, 16);
  return { id, place, derive: (purpose) => derivedOf(root, purpose) };
}

function masterKeyFiles(): string[] {
  let names: string[];
  try {
    names = fs.readdirSync(keysDirectory());
  } catch {
    return []; // without the folder there is no key in it
  }
  return names
    .filter((name) => FILE.test(name))
    .sort((a, b) => a.length - b.length || a.localeCompare(b))
    .map((name) => path.join(keysDirectory(), name));
}

const missing = () =>
  sealedError(
    `The master key is missing: there is neither REEVE_MASTER_KEY nor a readable file ${fileOf("master")}. Secrets stay sealed.`,
    `Put back ${fileOf("master")} from your backup, or set REEVE_MASTER_KEY.`,
  );
