import "server-only";
import { constants, createDecipheriv, createPrivateKey, privateDecrypt } from "node:crypto";
import type { Element } from "@xmldom/xmldom";
import { SignInRefused } from "../schema";
import { fromBase64 } from "./algorithms";
import { attribute, child, everyElement, isNamed, namespacesAround, readXml, textOf } from "./xml";

// An encrypted assertion, opened with our key. RSA-OAEP only: with PKCS #1 v1.5 (and so with 3DES, which comes with it) whoever can send us
// many messages can use our answers to open one (Bleichenbacher). AES-CBC stays, because Entra, ADFS and Keycloak send it; our answer is the
// same whether the padding, the XML or the signature inside was wrong, so it can't be asked either.

const CIPHERS = new Map<string, { name: string; bytes: number }>();
for (const bits of [128, 192, 256]) {
  CIPHERS.set(`http://www.w3.org/2001/04/xmlenc#aes${bits}-cbc`, { name: `aes-${bits}-cbc`, bytes: bits / 8 });
  CIPHERS.set(`http://www.w3.org/2009/xmlenc11#aes${bits}-gcm`, { name: `aes-${bits}-gcm`, bytes: bits / 8 });
}
const OAEP_MGF1_SHA1 = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
const OAEP = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
const HASHES = new Map([
  ["http://www.w3.org/2000/09/xmldsig#sha1", "sha1"],
  ["http://www.w3.org/2001/04/xmlenc#sha256", "sha256"],
  ["http://www.w3.org/2001/04/xmldsig-more#sha384", "sha384"],
  ["http://www.w3.org/2001/04/xmlenc#sha512", "sha512"],
]);
const GCM_IV = 12;
const GCM_TAG = 16;
const CBC_IV = 16;

const refuse = (detail?: string): never => {
  throw new SignInRefused("saml.decryption", detail);
};

function cipherValue(element: Element | undefined): Buffer {
  const data = element && child(element, "encryption", "CipherData");
  return fromBase64(textOf(data && child(data, "encryption", "CipherValue"))) ?? refuse("no value");
}

/** The hash of OAEP, which here is its mask's as well: what we can open is where the two agree. */
function hashOf(method: Element | undefined): string {
  const name = attribute(method, "Algorithm");
  if (!method || (name !== OAEP_MGF1_SHA1 && name !== OAEP)) return refuse("key algorithm");
  const digest = child(method, "signature", "DigestMethod");
  const hash = digest ? HASHES.get(attribute(digest, "Algorithm") ?? "") : "sha1";
  const masks = everyElement(method)
    .filter((one) => one.localName === "MGF")
    .map((one) => attribute(one, "Algorithm") ?? "");
  const mask = name === OAEP ? (masks[0] ?? "sha1").replace(/^.*mgf1/, "") : "sha1";
  return hash && hash === mask ? hash : refuse("key algorithm");
}

function open(name: string, key: Buffer, sealed: Buffer): Buffer {
  if (name.endsWith("gcm")) {
    if (sealed.length < GCM_IV + GCM_TAG) return refuse();
    const decipher = createDecipheriv(name as "aes-256-gcm", key, sealed.subarray(0, GCM_IV), { authTagLength: GCM_TAG });
    decipher.setAuthTag(sealed.subarray(-GCM_TAG));
    return Buffer.concat([decipher.update(sealed.subarray(GCM_IV, -GCM_TAG)), decipher.final()]);
  }
  const decipher = createDecipheriv(name, key, sealed.subarray(0, CBC_IV)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(sealed.subarray(CBC_IV)), decipher.final()]);
  const padding = padded.at(-1) ?? 0; // its other bytes are arbitrary in XML encryption
  return padding >= 1 && padding <= CBC_IV ? padded.subarray(0, -padding) : refuse();
}

/** `text` with the namespaces that it uses and that only the document around it declares: what is encrypted is cut out of that document. */
function inPlace(text: string, place: Element): string {
  const [start = ""] = /^\s*<[^\s/>]+/.exec(text) ?? [];
  const [tag = ""] = /^[^>]*/.exec(text) ?? [];
  const isMissing = (name: string): boolean => {
    const prefix = name.slice("xmlns:".length);
    if (!prefix) return !start.includes(":") && !tag.includes(" xmlns=");
    return !text.includes(` ${name}=`) && (text.includes(`<${prefix}:`) || text.includes(` ${prefix}:`));
  };
  const missing = [...namespacesAround(place)].filter(([name, uri]) => isMissing(name) && !/[<"&]/.test(uri)).map(([name, uri]) => ` ${name}="${uri}"`);
  return start + missing.join("") + text.slice(start.length);
}

/** The assertion in `encrypted`, and its text. Throws SignInRefused("saml.decryption") whatever is the matter. */
export function decryptAssertion(encrypted: Element, privateKeyPem: string | null): { text: string; root: Element } {
  if (!privateKeyPem) return refuse("no key");
  try {
    const inside = everyElement(encrypted);
    const [data, ...moreData] = inside.filter((one) => isNamed(one, "encryption", "EncryptedData"));
    const [wrapped, ...moreKeys] = inside.filter((one) => isNamed(one, "encryption", "EncryptedKey"));
    if (!data || !wrapped || moreData.length > 0 || moreKeys.length > 0) return refuse("not one key and one content");
    const cipher = CIPHERS.get(attribute(child(data, "encryption", "EncryptionMethod"), "Algorithm") ?? "") ?? refuse("algorithm");
    const oaepHash = hashOf(child(wrapped, "encryption", "EncryptionMethod"));
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const key = privateDecrypt({ key: createPrivateKey(privateKeyPem), padding, oaepHash }, cipherValue(wrapped));
    if (key.length !== cipher.bytes) return refuse();
    const text = inPlace(new TextDecoder("utf-8", { fatal: true }).decode(open(cipher.name, key, cipherValue(data))), encrypted);
    const root = readXml(text);
    return isNamed(root, "assertion", "Assertion") ? { text, root } : refuse();
  } catch (error) {
    throw error instanceof SignInRefused ? error : new SignInRefused("saml.decryption");
  }
}
