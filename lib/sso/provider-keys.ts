import "server-only";
import { createPublicKey, type KeyObject } from "node:crypto";
import { z } from "zod";
import { discover, readDocument } from "./discover";

// The keys that an OpenID provider signs with, for tokens that it sends us by itself: by discovery, through the guard, kept for some minutes. A
// key that is not known yet makes them read again, but not more often than every half minute, whoever sends what.

const KEPT_MS = 10 * 60_000;
const AGAIN_MS = 30_000;
const MAX_KEPT = 100;
const MIN_RSA_BITS = 2_048;

const jwk = z.looseObject({ kty: z.string(), kid: z.string().optional(), alg: z.string().optional(), use: z.string().optional() });
const jwks = z.object({ keys: z.array(z.unknown()).max(100) });

export type ProviderKey = { kid: string | undefined; alg: string | undefined; key: KeyObject };
type Known = { keys: ProviderKey[]; algorithms: string[] | null };

declare global {
  var reeveProviderKeys: Map<string, { known: Promise<Known>; at: number }> | undefined;
}
globalThis.reeveProviderKeys ??= new Map();
const kept = globalThis.reeveProviderKeys;

/** The keys of an issuer that a token with this key id can be signed with; `algorithms`: those it says it signs with. Error: AppError when they can't be read. */
export async function providerKeys(issuer: string, kid: string | undefined): Promise<Known> {
  const of = ({ keys, algorithms }: Known): Known => ({ keys: kid === undefined ? keys : keys.filter((key) => key.kid === kid), algorithms });
  const before = kept.get(issuer);
  if (before && Date.now() - before.at < KEPT_MS) {
    const found = of(await before.known);
    if (found.keys.length > 0 || Date.now() - before.at < AGAIN_MS) return found;
  }
  if (kept.size >= MAX_KEPT) kept.clear();
  const known = read(issuer);
  kept.set(issuer, { known, at: Date.now() });
  known.catch(() => kept.delete(issuer));
  return of(await known);
}

async function read(issuer: string): Promise<Known> {
  const { jwksUrl, algorithms } = await discover(issuer);
  const set = jwks.safeParse(JSON.parse(await readDocument(jwksUrl, "issuer")));
  return { keys: set.success ? set.data.keys.flatMap(keyOf) : [], algorithms };
}

/** A key for signatures; nothing for one that is for something else, or that we don't take. */
function keyOf(value: unknown): ProviderKey[] {
  const parsed = jwk.safeParse(value);
  if (!parsed.success || (parsed.data.use ?? "sig") !== "sig") return [];
  try {
    const key = createPublicKey({ key: parsed.data, format: "jwk" });
    const bits = key.asymmetricKeyDetails?.modulusLength;
    return bits !== undefined && bits < MIN_RSA_BITS ? [] : [{ kid: parsed.data.kid, alg: parsed.data.alg, key }];
  } catch {
    return [];
  }
}
