import { z } from "zod";

// What an outside secret store must do, and what it is given. A store knows one outside system and nothing of Reeve: who may ask, and what is
// recorded, is decided by who calls it. Each version of a secret is an object of its own there, written once: all four stores can do that
// alike, and none can be asked for another version by mistake (decision 31).

export type Values = Readonly<Record<string, string>>;

/** Which version of which secret; ids of ours, because names that people choose don't survive the naming rules of all stores. */
export interface Place {
  secretId: string;
  version: number;
  /** Tells one writing of it from another (letters and digits): a name is never used twice, also when a write was cut short. */
  copy?: string;
}

/** The name of a version's object: letters, digits and hyphens, which every store takes (Azure Key Vault takes no underscore). */
export const nameOf = ({ secretId, version, copy }: Place): string => `${secretId}-v${version}${copy ? `-${copy}` : ""}`;

export interface Request {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** PEM certificates that are trusted instead of the usual ones. */
  ca?: string;
}

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

/** What a store may do outside. `send` is the outgoing guard's: what it throws has a `reason` as StoreError has. */
export interface Call {
  send(url: string, request?: Request): Promise<Answer>;
  now(): Date;
}

/** One kind of store. All but the facts call outside and throw `StoreError`, and what `send` throws. */
export interface SecretStore<C = unknown> {
  readonly type: string;
  readonly title: string;
  /** Its settings, secret ones among them; each field's description is the help of its form. */
  readonly config: z.ZodType<C>;
  /** Fields of the settings that are written and never shown. */
  readonly secretFields: readonly string[];
  /** Whether a real service of this kind was asked by our tests; else recorded answers were. */
  readonly isTriedForReal: boolean;
  /** Says that the store is up, takes the credential, and lets it write, read, delete and destroy. */
  check(config: C, probe: Place, call: Call): Promise<void>;
  /** Writes a version once. The same values again are no error. Error: conflict, when others are there. */
  write(config: C, place: Place, values: Values, call: Call): Promise<void>;
  /** Errors: not-found; deleted, while `restore` would bring it back. */
  read(config: C, place: Place, call: Call): Promise<Values>;
  /** Hides a version; it can be brought back as long as the store keeps it. */
  remove(config: C, place: Place, call: Call): Promise<void>;
  /** Errors: not-found. */
  restore(config: C, place: Place, call: Call): Promise<void>;
  /** Ends a version for good, deleted or not; one that is not there is no error. */
  destroy(config: C, place: Place, call: Call): Promise<void>;
}

/** What went wrong, in our words: what a store says may quote the keys and values that it was sent (SEC-4). */
export class StoreError extends Error {
  override name = "StoreError";
  readonly code: string | null;
  constructor(
    readonly reason: "refused" | "unreachable" | "sealed" | "not-found" | "deleted" | "conflict" | "misconfigured" | "unreadable-answer",
    message: string,
    code: string | null = null,
  ) {
    super(message);
    this.code = code && /^[A-Za-z0-9.-]{1,80}$/.test(code) ? code : null;
  }
}

/** What an answer of success may be beside a JSON object without an error in it; what was written is always told of. */
type Success = { who: string; isWrite?: boolean };

/** A success that isn't the store's own, a proxy's page or an error that is called one: nothing is as it says. Error: unreadable-answer. */
export function requireOwn(answer: Answer, { who, isWrite = false }: Success): Answer {
  if (answer.body.length === 0 && !isWrite) return answer;
  const found = jsonOf(answer);
  const isObject = typeof found === "object" && found !== null && !Array.isArray(found);
  if (isObject && !["errors", "error", "__type"].some((name) => Boolean(at(found, name)))) return answer;
  throw new StoreError("unreadable-answer", `What answers at this address is not ${who}, or it says that something went wrong.`);
}

const valuesSchema = z.record(z.string(), z.string());

/** The values of an answer's JSON. Error: unreadable-answer. */
export function valuesOf(found: unknown): Values {
  const parsed = valuesSchema.safeParse(found);
  if (parsed.success) return parsed.data;
  throw new StoreError("unreadable-answer", "What lies in the store at this place was not written by Reeve, or was changed there.");
}

/** An answer's JSON; null for what is none. */
export function jsonOf(answer: Pick<Answer, "body">): unknown {
  try {
    return JSON.parse(answer.body.toString("utf8"));
  } catch {
    return null;
  }
}

/** A field of an answer, through objects alone. */
export const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((found, key) => (typeof found === "object" && found !== null ? (found as Record<string, unknown>)[key] : undefined), value);

export const textAt = (value: unknown, ...path: string[]): string | null => {
  const found = at(value, ...path);
  return typeof found === "string" ? found : null;
};

export const sameValues = (left: Values, right: Values): boolean => {
  const sorted = (values: Values) => JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(left) === sorted(right);
};

/** Where others are: written once means never over another one. Error: conflict. */
export function requireSame(there: Values, wanted: Values): void {
  if (!sameValues(there, wanted)) throw new StoreError("conflict", "Another value lies in the store at this place already: nothing was written over it.");
}

/** Writes, reads, hides, brings back and ends a probe: everything that a store has to allow. What fails first is what is told. */
export async function tryAll<C>(store: Pick<SecretStore<C>, "write" | "read" | "remove" | "restore" | "destroy">, config: C, probe: Place, call: Call) {
  const values = { probe: "Reeve tried this store." };
  try {
    await store.write(config, probe, values, call);
    requireSame(await store.read(config, probe, call), values);
    await store.remove(config, probe, call);
    await store.restore(config, probe, call);
  } catch (error) {
    await store.destroy(config, probe, call).catch(() => undefined); // where nothing could be written, ending it is refused too
    throw error;
  }
  await store.destroy(config, probe, call);
}
