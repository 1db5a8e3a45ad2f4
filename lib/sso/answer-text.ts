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

const HIDDEN = /<((?:[\w.-]+:)?(SignatureValue|CipherValue|Attribute))(?![\w.:-])/g;

/** Where a tag ends whose name ends at `from`; -1 when another one begins before. A value in quotes may hold the sign that ends it. */
function endOfTag(xml: string, from: number): number {
  const next = xml.indexOf("<", from);
  const rest = xml.slice(from, next === -1 ? undefined : next);
  const length = /^(?:[^>"']|"[^"]*"|'[^']*')*>/.exec(rest)?.[0].length ?? rest.indexOf(">") + 1;
  return length === 0 ? -1 : from + length;
}

const FIELD = /(?<![\w:.-])([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const holdsSecret = (tag: string): boolean =>
  [...tag.matchAll(FIELD)].some(([, field, double, single]) => field === "Name" && namesSecret(double ?? single ?? ""));

/** The texts between tags left out, and what is no tag. */
const emptied = (inner: string): string =>
  inner
    .split("<")
    .map((piece, at) => {
      const end = at > 0 && /^[\w/]/.test(piece) ? piece.indexOf(">") + 1 : 0;
      return piece.slice(end).trim() === "" ? piece : `${piece.slice(0, end)}${REDACTED}`;
    })
    .join("<");

/**
 * Signatures, and what is encrypted, by their length; values of attributes that are named as secrets. Read as text: what can't be parsed is shown too.
 * Each sign is looked at a few times at most, whatever is sent.
 */
function withoutSecrets(answer: string): string {
  const xml = maskSecrets(answer);
  const tags = new RegExp(HIDDEN);
  let shown = "";
  let at = 0;
  for (let tag = tags.exec(xml); tag; tag = tags.exec(xml)) {
    const [, name = "", kind] = tag;
    const begin = endOfTag(xml, tags.lastIndex);
    if (begin === -1 || xml[begin - 2] === "/" || (kind === "Attribute" && !holdsSecret(xml.slice(tags.lastIndex, begin)))) continue;
    const closing = new RegExp(`</${name.replaceAll(".", "\\.")}\\s*>`, "g");
    closing.lastIndex = begin;
    const end = closing.exec(xml)?.index ?? xml.length;
    const inner = xml.slice(begin, end);
    shown += xml.slice(at, begin) + (kind === "Attribute" ? emptied(inner) : inner && `[redacted: ${inner.trim().length} characters]`);
    at = end;
    tags.lastIndex = end;
  }
  return shown + xml.slice(at);
}

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
