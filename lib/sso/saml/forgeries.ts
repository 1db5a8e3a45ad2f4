import "server-only";
import type { Forgery } from "../schema";
import { SignInRefused } from "../schema";
import { checkResponse, type ExpectedResponse } from "./check-response";
import { decryptAssertion } from "./decrypt";
import { children, readXml } from "./xml";

// Proof, on a test login, that the gate is shut: the very answer that passed, forged in four ways, has to be refused.

const HOUR_MS = 3_600_000;

/** Judges forged copies of a response that passed. */
export function forgeries(encoded: string, expected: ExpectedResponse): Forgery[] {
  const xml = Buffer.from(encoded, "base64").toString("utf8");
  const encode = (text: string) => Buffer.from(text).toString("base64");
  const tries: Record<Forgery["forgery"], () => unknown> = {
    unsigned: () => checkResponse(encode(unencrypted(xml, expected).replace(SIGNATURES, "")), expected),
    audience: () => checkResponse(encoded, { ...expected, entityId: `${expected.entityId}/other` }),
    expired: () => checkResponse(encoded, { ...expected, now: new Date(expected.now.getTime() + 24 * HOUR_MS) }),
    altered: () => checkResponse(encode(changeOneLetter(xml)), expected),
  };
  return Object.entries(tries).map(([forgery, attempt]) => ({ forgery: forgery as Forgery["forgery"], refusal: refusalOf(attempt) }));
}

const SIGNATURES = /<((?:[\w.-]+:)?)Signature[\s>][\s\S]*?<\/\1Signature>/g;
const ENCRYPTED = /<((?:[\w.-]+:)?)EncryptedAssertion[\s>][\s\S]*?<\/\1EncryptedAssertion>/;

/** The response with its assertion in the open: a signature may be inside what is encrypted. */
function unencrypted(xml: string, { privateKeyPem }: ExpectedResponse): string {
  const [place] = children(readXml(xml), "assertion", "EncryptedAssertion");
  return place ? xml.replace(ENCRYPTED, () => decryptAssertion(place, privateKeyPem).text) : xml;
}

function refusalOf(attempt: () => unknown): Forgery["refusal"] {
  try {
    attempt();
    return null;
  } catch (error) {
    return error instanceof SignInRefused ? error.code : "saml.malformed";
  }
}

/** Another subject, or where it is encrypted another ciphertext. */
function changeOneLetter(xml: string): string {
  const at = /<(?:[\w.-]+:)?(?:NameID|CipherValue)[^>]*>\s*/.exec(xml);
  if (!at) return "";
  const place = at.index + at[0].length;
  return `${xml.slice(0, place)}${xml[place] === "x" ? "y" : "x"}${xml.slice(place + 1)}`;
}
