import "server-only";
import { type KeyObject, sign, verify } from "node:crypto";

// The algorithms that signatures may use, by their names in XML. A name that is missing here can't be used, whatever a library knows:
// no HMAC (our copy of the key is public), no XPath, XSLT or base64 transform, no inclusive canonical form.

export const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
export const EXCLUSIVE_WITH_COMMENTS = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments";
export const CANONICAL = new Set([EXCLUSIVE, EXCLUSIVE_WITH_COMMENTS]);
export const ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
export const RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
export const SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";

type SignatureKind = { hash: string; key: "rsa" | "ec" };
const MORE = "http://www.w3.org/2001/04/xmldsig-more#";
export const SIGNATURES = new Map<string, SignatureKind>([
  [RSA_SHA256, { hash: "sha256", key: "rsa" }],
  [`${MORE}rsa-sha384`, { hash: "sha384", key: "rsa" }],
  [`${MORE}rsa-sha512`, { hash: "sha512", key: "rsa" }],
  [`${MORE}ecdsa-sha256`, { hash: "sha256", key: "ec" }],
  [`${MORE}ecdsa-sha384`, { hash: "sha384", key: "ec" }],
  [`${MORE}ecdsa-sha512`, { hash: "sha512", key: "ec" }],
  ["http://www.w3.org/2000/09/xmldsig#rsa-sha1", { hash: "sha1", key: "rsa" }],
]);

export const DIGESTS = new Map<string, string>([
  [SHA256, "sha256"],
  [`${MORE}sha384`, "sha384"],
  ["http://www.w3.org/2001/04/xmlenc#sha512", "sha512"],
  ["http://www.w3.org/2000/09/xmldsig#sha1", "sha1"],
]);

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** Bytes of base64 as XML writes it, with line breaks; null when it is something else. */
export function fromBase64(text: string): Buffer | null {
  const packed = text.replace(/[ \t\r\n]+/g, "");
  return BASE64.test(packed) && packed.length % 4 === 0 ? Buffer.from(packed, "base64") : null;
}

/** ECDSA in XML is r and s one after the other, not ASN.1. */
export function isSignedBy(method: string, data: string, signature: Buffer, key: KeyObject): boolean {
  const kind = SIGNATURES.get(method);
  if (!kind || key.asymmetricKeyType !== kind.key) return false;
  return verify(kind.hash, Buffer.from(data), { key, dsaEncoding: "ieee-p1363" }, signature);
}

export function signatureOf(method: string, data: string, key: KeyObject): string {
  const kind = SIGNATURES.get(method);
  if (!kind || key.asymmetricKeyType !== kind.key) throw new Error("The key does not fit the algorithm");
  return sign(kind.hash, Buffer.from(data), { key, dsaEncoding: "ieee-p1363" }).toString("base64");
}
