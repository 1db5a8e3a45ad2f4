import "server-only";
import { hideSecrets, maskSecrets, namesSecret, REDACTED } from "@/lib/audit/redact";
import type { Conversation } from "./openid";
import { decodeMessage } from "./saml/decode";
import { decryptAssertion } from "./saml/decrypt";
import { everyElement } from "./saml/xml";

// What an identity provider answered, for who tests a connection to read: decoded, and without what could be used again. Nobody signs in with an
// answer whose signature is gone.

const MOST = 200_000;
const cut = (text: string): string => (text.length > MOST ? `${text.slice(0, MOST)}\n… (${text.length} characters)` : text);

const VALUES = /(<((?:[\w.-]+:)?(?:SignatureValue|CipherValue))\b[^>]*>)([\s\S]*?)(<\/\2\s*>|$)/g;
const ATTRIBUTES = /(<((?:[\w.-]+:)?Attribute)\b[^>]*\bName\s*=\s*["']([^"']*)["'][^>]*>)([\s\S]*?)(<\/\2\s*>|$)/g;

/** Signatures, and what is encrypted, by their length; values of attributes that are named as secrets. Read as text: what can't be parsed is shown too. */
const withoutSecrets = (xml: string): string =>
  maskSecrets(xml)
    .replace(VALUES, (_all, open: string, _name, value: string, close: string) => `${open}${value && `[redacted: ${value.trim().length} characters]`}${close}`)
    .replace(ATTRIBUTES, (all: string, open: string, _name, called: string, inner: string, close: string) =>
      namesSecret(called) ? `${open}${inner.replace(/>[^<]+</g, `>${REDACTED}<`)}${close}` : all,
    );

/** A SAML response as it was sent; undefined when it is no text at all. */
export function samlAnswerText(encoded: string): string | undefined {
  const bytes = Buffer.from(encoded.slice(0, 2 * MOST), "base64");
  // Postgres keeps no NUL, and people see no other control character.
  const text = bytes.toString("utf8").replace(/\p{Cc}/gu, (one) => (/[\t\r\n]/.test(one) ? one : "\ufffd"));
  return text === "" ? undefined : cut(withoutSecrets(text));
}

/** The same with its encrypted assertion opened. Only of a response that the gate has let pass: others would learn what they could not read. */
export function openedAnswerText(encoded: string, privateKeyPem: string | null): string | undefined {
  const sent = samlAnswerText(encoded);
  const sealed = everyElement(decodeMessage(encoded).root).find((one) => one.localName === "EncryptedAssertion");
  return sealed && sent ? cut(`${sent}\n\n<!-- The assertion, decrypted -->\n${withoutSecrets(decryptAssertion(sealed, privateKeyPem).text)}`) : sent;
}

/** What an OpenID provider said: the id token's two readable parts, and the userinfo endpoint's answer. Undefined when it said nothing. */
export function openidAnswerText({ idToken, userinfo }: Pick<Conversation, "idToken" | "userinfo">): string | undefined {
  const part = (at: number): unknown => {
    try {
      return hideSecrets(JSON.parse(Buffer.from(idToken?.split(".")[at] ?? "", "base64url").toString("utf8")));
    } catch {
      return "can't be read";
    }
  };
  const said = {
    ...(idToken ? { "id token": { header: part(0), payload: part(1), signature: REDACTED } } : {}),
    ...(userinfo ? { userinfo: hideSecrets(userinfo) } : {}),
  };
  return Object.keys(said).length > 0 ? cut(JSON.stringify(said, null, 2)) : undefined;
}
