import "server-only";
import { inflateRawSync } from "node:zlib";
import type { Element } from "@xmldom/xmldom";
import { type SamlSettings, SignInRefused } from "../schema";
import { fromBase64, isSignedBy, SIGNATURES } from "./algorithms";
import { decodeMessage, type Message, readMessage } from "./decode";
import { judgeTimes, readMoment, SKEW_MS } from "./moments";
import { signatureIn } from "./signature-parts";
import { keysOf, type Trust, verifySigned } from "./verify";
import { attribute, child, everyElement, isNamed, textOf } from "./xml";

// A message of single logout, by either binding, judged as strictly as a sign-in: signed over all that is read, of the connection's issuer, for
// our address, made just now. Whether it was used before is for the caller (its id and endsAt).

/** The query of a GET as it came, undecoded, or the field of a POST with its RelayState. */
export type SentMessage = { query: string } | { encoded: string; relayState: string | null };
export type ExpectedLogout = { settings: SamlSettings; sloUrl: string; allowsSha1: boolean; now: Date };
type Parameter = "SAMLRequest" | "SAMLResponse";

const FRESH_MS = 5 * 60_000;
const MOST_BYTES = 64 * 1024;

export function refuse(...reason: ConstructorParameters<typeof SignInRefused>): never {
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

/** The message of a redirect: its signature stands beside it, over the parameters as they were sent. */
function fromRedirect(query: string, parameter: Parameter, { certificates, allowsSha1 }: Trust): { root: Element; relayState: string | null } {
  const sent = sentParameters(query);
  const method = decoded(sent.get("SigAlg"));
  if (!sent.get("Signature") || !method) refuse("saml.unsigned");
  const kind = SIGNATURES.get(method);
  if (!kind || (kind.hash === "sha1" && !allowsSha1)) refuse("saml.algorithm");
  const covered = [parameter, "RelayState", "SigAlg"].filter((name) => sent.has(name)).map((name) => `${name}=${sent.get(name)}`);
  const signature = fromBase64(decoded(sent.get("Signature"))) ?? refuse("saml.signature");
  if (!keysOf(certificates).some((one) => isSignedBy(method, covered.join("&"), signature, one.publicKey))) refuse("saml.signature");
  const { root } = inflated(decoded(sent.get(parameter)));
  return { root, relayState: sent.has("RelayState") ? decoded(sent.get("RelayState")) : null };
}

/** The message of a form: its signature is inside. */
function fromPost(encoded: string, trust: Trust): Element {
  const { text, root } = decodeMessage(encoded);
  const signatures = everyElement(root).filter((one) => isNamed(one, "signature", "Signature"));
  if (signatures.some((one) => one.parentNode !== root)) refuse("saml.signature_scope");
  const signature = signatureIn(root) ?? refuse("saml.unsigned");
  return verifySigned(text, root, root, signature, trust).element;
}

export type LogoutMessage = {
  element: Element;
  id: string /** The last moment at which it passes, for use once. */;
  endsAt: string;
  relayState: string | null;
};

/** A message of this kind that may be believed. Throws SignInRefused with a code that begins with "saml."; UnreadableXml. */
export function readLogout(sent: SentMessage, kind: "LogoutRequest" | "LogoutResponse", expected: ExpectedLogout): LogoutMessage {
  const { settings, sloUrl, now } = expected;
  const trust: Trust = { certificates: settings.certificates, allowsSha1: expected.allowsSha1 };
  const parameter = kind === "LogoutRequest" ? "SAMLRequest" : "SAMLResponse";
  const { root, relayState } =
    "query" in sent ? fromRedirect(sent.query, parameter, trust) : { root: fromPost(sent.encoded, trust), relayState: sent.relayState };
  if (!isNamed(root, "protocol", kind) || attribute(root, "Version") !== "2.0") refuse("saml.malformed", `not a ${kind}`);
  const id = attribute(root, "ID") || refuse("saml.malformed", "no id");
  if (textOf(child(root, "assertion", "Issuer")) !== settings.issuer) refuse("saml.issuer");
  if (attribute(root, "Destination") !== sloUrl) refuse("saml.recipient", "Destination");
  const issued = readMoment(attribute(root, "IssueInstant")) ?? refuse("saml.conditions", "no IssueInstant");
  const end = Math.min(issued + FRESH_MS, readMoment(attribute(root, "NotOnOrAfter")) ?? Number.POSITIVE_INFINITY);
  judgeTimes(now, issued, end);
  return { element: root, id, endsAt: new Date(end + SKEW_MS).toISOString(), relayState };
}
