import "server-only";
import { inflateRawSync } from "node:zlib";
import type { Element } from "@xmldom/xmldom";
import { type SamlSettings, SignInRefused } from "../schema";
import { fromBase64, isSignedBy, SIGNATURES } from "./algorithms";
import { decodeMessage, type Message, readMessage, refusingUnreadable } from "./decode";
import { judgeTimes, readMoment, SKEW_MS } from "./moments";
import { signatureIn } from "./signature-parts";
import { keysOf, type Trust, verifySigned } from "./verify";
import { attribute, child, children, everyElement, isNamed, textOf } from "./xml";

// A request of the identity provider to end a person's sessions, judged as strictly as a sign-in: signed over all that is read, for our
// address, made just now. Whether it was used before is for the caller (LogoutAsked.id and endsAt).

export type ExpectedLogout = { settings: SamlSettings; sloUrl: string; allowsSha1: boolean; now: Date };
export type LogoutAsked = {
  id: string;
  /** The last moment at which this request passes, for use once. */
  endsAt: string;
  subject: string;
  /** Sessions to end; empty: all of this person's. */
  sessionIndexes: string[];
  relayState: string | null;
};

const FRESH_MS = 5 * 60_000;
const MOST_BYTES = 64 * 1024;

function refuse(...reason: ConstructorParameters<typeof SignInRefused>): never {
  throw new SignInRefused(...reason);
}

/** The parameters as they were sent, which is what the signature covers; one of a name. */
function sentParameters(query: string): Map<string, string> {
  const sent = new Map<string, string>();
  for (const part of query.replace(/^\?/, "").split("&")) {
    const at = part.indexOf("=");
    const name = at < 0 ? part : part.slice(0, at);
    if (sent.has(name)) refuse("saml.malformed", "a parameter twice");
    sent.set(name, at < 0 ? "" : part.slice(at + 1));
  }
  return sent;
}

function decoded(value: string | undefined): string {
  try {
    return decodeURIComponent((value ?? "").replace(/\+/g, " "));
  } catch {
    return refuse("saml.malformed", "a parameter that can't be read");
  }
}

function inflated(value: string): Message {
  const bytes = fromBase64(value) ?? refuse("saml.malformed", "not base64");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(inflateRawSync(bytes, { maxOutputLength: MOST_BYTES }));
  } catch {
    return refuse("saml.malformed", "not compressed UTF-8, or too long");
  }
  return readMessage(text);
}

/** The request of a redirect: its signature stands beside it, over the parameters as they were sent. */
function fromRedirect(query: string, { certificates, allowsSha1 }: Trust): { request: Element; relayState: string | null } {
  const sent = sentParameters(query);
  const method = decoded(sent.get("SigAlg"));
  if (!sent.get("Signature") || !method) refuse("saml.unsigned");
  const kind = SIGNATURES.get(method);
  if (!kind || (kind.hash === "sha1" && !allowsSha1)) refuse("saml.algorithm");
  const covered = ["SAMLRequest", "RelayState", "SigAlg"].filter((name) => sent.has(name)).map((name) => `${name}=${sent.get(name)}`);
  const signature = fromBase64(decoded(sent.get("Signature"))) ?? refuse("saml.signature");
  if (!keysOf(certificates).some((one) => isSignedBy(method, covered.join("&"), signature, one.publicKey))) refuse("saml.signature");
  const { root } = inflated(decoded(sent.get("SAMLRequest")));
  return { request: root, relayState: sent.has("RelayState") ? decoded(sent.get("RelayState")) : null };
}

/** The request of a form: its signature is inside. */
function fromPost(encoded: string, trust: Trust): Element {
  const { text, root } = decodeMessage(encoded);
  const signatures = everyElement(root).filter((one) => isNamed(one, "signature", "Signature"));
  if (signatures.some((one) => one.parentNode !== root)) refuse("saml.signature_scope");
  const signature = signatureIn(root) ?? refuse("saml.unsigned");
  return verifySigned(text, root, root, signature, trust).element;
}

function judge(request: Element, { settings, sloUrl, now }: ExpectedLogout): Omit<LogoutAsked, "relayState"> {
  if (!isNamed(request, "protocol", "LogoutRequest") || attribute(request, "Version") !== "2.0") refuse("saml.malformed", "not a logout request");
  const id = attribute(request, "ID") || refuse("saml.malformed", "no id");
  if (textOf(child(request, "assertion", "Issuer")) !== settings.issuer) refuse("saml.issuer");
  if (attribute(request, "Destination") !== sloUrl) refuse("saml.recipient", "Destination");
  const issued = readMoment(attribute(request, "IssueInstant")) ?? refuse("saml.conditions", "no IssueInstant");
  const end = Math.min(issued + FRESH_MS, readMoment(attribute(request, "NotOnOrAfter")) ?? Number.POSITIVE_INFINITY);
  judgeTimes(now, issued, end);
  const subject = textOf(child(request, "assertion", "NameID")) || refuse("saml.subject", "no NameID");
  const sessionIndexes = children(request, "protocol", "SessionIndex").map(textOf).filter(Boolean);
  return { id, endsAt: new Date(end + SKEW_MS).toISOString(), subject, sessionIndexes };
}

/**
 * What a logout request asks. `sent`: the query of a GET as it came, undecoded, or the field SAMLRequest of a POST with its RelayState.
 * Throws SignInRefused with a code that begins with "saml.".
 */
export function checkLogoutRequest(sent: { query: string } | { encoded: string; relayState: string | null }, expected: ExpectedLogout): LogoutAsked {
  return refusingUnreadable(() => {
    const trust: Trust = { certificates: expected.settings.certificates, allowsSha1: expected.allowsSha1 };
    const { request, relayState } = "query" in sent ? fromRedirect(sent.query, trust) : { request: fromPost(sent.encoded, trust), relayState: sent.relayState };
    return { ...judge(request, expected), relayState };
  });
}
