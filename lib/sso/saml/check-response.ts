import "server-only";
import type { Element } from "@xmldom/xmldom";
import { type Said, type SamlSettings, SignInRefused } from "../schema";
import { decodeMessage, type Message, refusingUnreadable } from "./decode";
import { decryptAssertion } from "./decrypt";
import { judgeAssertion } from "./judge-assertion";
import { judgeTimes, readMoment } from "./moments";
import { signatureIn } from "./signature-parts";
import { type Signed, type Trust, verifySigned } from "./verify";
import { attribute, child, children, everyElement, isNamed, NS, textOf } from "./xml";

// The gate for SAML responses: a pure judgement of one message. What it gives was signed by the connection's identity provider, for our
// address, now, in answer to this request. Whether the assertion was used before is for the caller (Said.assertion).

export type ExpectedResponse = {
  settings: SamlSettings;
  entityId: string;
  acsUrl: string;
  /** The request that it has to answer; null: it has to answer none, for a sign-in that begins at the identity provider. */
  requestId: string | null;
  allowsSha1: boolean;
  /** For encrypted assertions; null: none are taken. */
  privateKeyPem: string | null;
  now: Date;
};

const SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success";
const STATUSES = /^urn:oasis:names:tc:SAML:2\.0:status:([A-Za-z]{1,40})$/;

/** The document holds one response with one assertion, and signatures nowhere but on these two. */
function assertionOf(response: Element): Element {
  const all = everyElement(response);
  const assertions = all.filter((one) => one.localName === "Assertion" || one.localName === "EncryptedAssertion");
  const [assertion, another] = assertions;
  if (another || all.filter((one) => one.localName === "Response").length !== 1)
    throw new SignInRefused("saml.signature_scope", "several assertions or responses");
  if (!assertion) throw new SignInRefused("saml.malformed", "no assertion");
  const isInPlace = assertion.parentNode === response && assertion.namespaceURI === NS.assertion;
  const holders = all.filter((one) => isNamed(one, "signature", "Signature")).map((one) => one.parentNode);
  if (!isInPlace || holders.some((one) => one !== response && one !== assertion))
    throw new SignInRefused("saml.signature_scope", "an element out of its place");
  return assertion;
}

function judgeStatus(response: Element): void {
  const status = child(response, "protocol", "Status");
  const code = status && child(status, "protocol", "StatusCode");
  if (attribute(code, "Value") === SUCCESS) return;
  const inner = code && child(code, "protocol", "StatusCode");
  const names = [code, inner].flatMap((one) => STATUSES.exec(attribute(one, "Value") ?? "")?.[1] ?? []);
  throw new SignInRefused("saml.status", names.join(" ") || undefined);
}

function judgeResponse(response: Element, isSigned: boolean, expected: ExpectedResponse): void {
  if (attribute(response, "Version") !== "2.0") throw new SignInRefused("saml.malformed", "not version 2.0");
  const issuer = child(response, "assertion", "Issuer");
  if (issuer && textOf(issuer) !== expected.settings.issuer) throw new SignInRefused("saml.issuer", "of the response");
  const destination = attribute(response, "Destination");
  if (destination !== expected.acsUrl && (isSigned || destination !== null)) throw new SignInRefused("saml.recipient", "Destination");
  if (attribute(response, "InResponseTo") !== expected.requestId) throw new SignInRefused("saml.in_response_to", "of the response");
  judgeTimes(expected.now, readMoment(attribute(response, "IssueInstant")), undefined);
}

type Vouched = { assertion: Element; own: Signed | undefined };

/** An encrypted assertion. Where no signature vouches for what we decrypted, nothing is said of what we found in it. */
function openEncrypted(place: Element, isVouched: boolean, trust: Trust, privateKeyPem: string | null): Vouched {
  const { text, root } = decryptAssertion(place, privateKeyPem);
  try {
    const inside = everyElement(root);
    const isAlone = inside.filter((one) => one.localName === "Assertion").length === 1;
    if (!isAlone || inside.some((one) => isNamed(one, "signature", "Signature") && one.parentNode !== root)) throw new SignInRefused("saml.signature_scope");
    const signature = signatureIn(root);
    const own = signature && verifySigned(text, root, root, signature, trust);
    if (!own && !isVouched) throw new SignInRefused("saml.unsigned");
    return { assertion: own?.element ?? root, own };
  } catch (error) {
    throw isVouched ? error : new SignInRefused("saml.decryption", "or it is not signed with a certificate of this connection");
  }
}

/** The assertion and its own signature. `signed`: the response as it was signed, when it was; then the assertion is read from that. */
function openAssertion({ text, root }: Message, signed: Signed | undefined, trust: Trust, privateKeyPem: string | null): Vouched {
  const place = assertionOf(signed?.element ?? root);
  if (isNamed(place, "assertion", "EncryptedAssertion")) return openEncrypted(place, signed !== undefined, trust, privateKeyPem);
  // Its own signature is judged in the document as it was sent, where the names that it may rely on are declared.
  const sent = assertionOf(root);
  const signature = signatureIn(sent);
  const own = signature && verifySigned(text, root, sent, signature, trust);
  if (!own && !signed) throw new SignInRefused("saml.unsigned");
  return { assertion: own?.element ?? place, own };
}

function warningsOf(signatures: (Signed | undefined)[], now: Date): string[] {
  const warnings: string[] = [];
  if (signatures.some((one) => one?.usesSha1))
    warnings.push("The signature uses SHA-1, which can be forged with effort. Set the identity provider to SHA-256.");
  if (signatures.some((one) => one && new Date(one.certificate.validTo) < now))
    warnings.push("The certificate that signed has expired. Ask the identity provider for its current one.");
  return warnings;
}

/** What the response says. `encoded`: the posted field SAMLResponse. Throws SignInRefused with a code that begins with "saml.". */
export function checkResponse(encoded: string, expected: ExpectedResponse): Said & { warnings: string[] } {
  return refusingUnreadable(() => {
    const message = decodeMessage(encoded);
    const { text, root } = message;
    if (!isNamed(root, "protocol", "Response")) throw new SignInRefused("saml.malformed", "not a response");
    if (children(root, "protocol", "Status").length === 1) judgeStatus(root);
    assertionOf(root);
    const trust: Trust = { certificates: expected.settings.certificates, allowsSha1: expected.allowsSha1 };
    const signature = signatureIn(root);
    const signed = signature && verifySigned(text, root, root, signature, trust);
    const response = signed?.element ?? root;
    const { assertion, own } = openAssertion(message, signed, trust, expected.privateKeyPem);
    judgeStatus(response);
    judgeResponse(response, signed !== undefined, expected);
    const { settings, entityId, acsUrl, requestId, now } = expected;
    const said = judgeAssertion(assertion, { issuer: settings.issuer, entityId, acsUrl, requestId, now }, signed !== undefined);
    return { ...said, warnings: warningsOf([signed, own], now) };
  });
}
