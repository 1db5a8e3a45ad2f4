import "server-only";
import { constants, type KeyObject, verify, type VerifyKeyObjectInput } from "node:crypto";
import type { ProviderKey } from "./provider-keys";

// The signature of a compact JWS (RFC 7515 §5.2) by a provider's published keys. The header chooses among algorithms that we take and the key
// allows: never none, never one with a shared secret (RFC 8725 §3.1, §3.2).

type Algorithm = { hash: string | null; type: string; curve?: string; options?: Omit<VerifyKeyObjectInput, "key"> };

const ecdsa = (hash: string, curve: string): Algorithm => ({ hash, type: "ec", curve, options: { dsaEncoding: "ieee-p1363" } });
const rsa = (hash: string): Algorithm => ({ hash, type: "rsa" });
const pss = (hash: string): Algorithm => ({
  hash,
  type: "rsa",
  options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
});

const ALGORITHMS = new Map<string, Algorithm>([
  ["RS256", rsa("sha256")],
  ["RS384", rsa("sha384")],
  ["RS512", rsa("sha512")],
  ["PS256", pss("sha256")],
  ["PS384", pss("sha384")],
  ["PS512", pss("sha512")],
  ["ES256", ecdsa("sha256", "prime256v1")],
  ["ES384", ecdsa("sha384", "secp384r1")],
  ["ES512", ecdsa("sha512", "secp521r1")],
  ["EdDSA", { hash: null, type: "ed25519" }],
]);

export const isTakenAlgorithm = (alg: unknown): alg is string => typeof alg === "string" && ALGORITHMS.has(alg);

/** Whether one of the keys signed header and payload (`signed`, as they were sent) by the algorithm. */
export function isSigned({ alg, signed, signature }: { alg: string; signed: string; signature: Buffer }, keys: readonly ProviderKey[]): boolean {
  const algorithm = ALGORITHMS.get(alg);
  if (!algorithm) return false;
  return keys.some((one) => (one.alg ?? alg) === alg && fits(one.key, algorithm) && holds(algorithm, signed, signature, one.key));
}

const fits = (key: KeyObject, { type, curve }: Algorithm) =>
  key.asymmetricKeyType === type && (curve === undefined || key.asymmetricKeyDetails?.namedCurve === curve);

function holds({ hash, options }: Algorithm, signed: string, signature: Buffer, key: KeyObject): boolean {
  try {
    return verify(hash, Buffer.from(signed), { key, ...options }, signature);
  } catch {
    return false;
  }
}
