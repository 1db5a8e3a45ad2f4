import { createCipheriv, createHash, publicEncrypt, randomBytes, randomUUID } from "node:crypto";
import { SignedXml } from "xml-crypto";
import { type SamlSettings, SignInRefused } from "../schema";
import { DIGESTS, ENVELOPED, EXCLUSIVE, RSA_SHA256, SHA256, SIGNATURES, signatureOf } from "./algorithms";
import { canonicalForms } from "./canonical";
import { bareCertificate, type KeyAndCertificate, keyAndCertificate } from "./certificates.sample";
import type { ExpectedResponse } from "./check-response";

// An identity provider for tests: it writes responses, signs and encrypts them. What is wrong in a response is edited in by the test.

export const NOW = new Date("2026-06-01T12:00:00.000Z");
export const minutes = (from: Date, by: number): string => new Date(from.getTime() + by * 60_000).toISOString();

export type Answer = {
  issuer: string;
  acsUrl: string;
  entityId: string;
  requestId: string | null;
  now: Date;
  subject: string;
  attributes: Record<string, string[]>;
  responseId: string;
  assertionId: string;
  sessionEndsAt: string | null;
};
export type Signing = {
  what?: "response" | "assertion" | "both" | "nothing";
  by?: KeyAndCertificate;
  method?: string;
  digest?: string;
  /** The prefix of its elements; "" for a default namespace. */
  prefix?: string;
  canonical?: string;
  inclusivePrefixes?: string[];
  /** Whether the certificate goes along in KeyInfo. */
  keyInfo?: boolean;
};

let standard: KeyAndCertificate | undefined;
/** The key of the test's identity provider; one per file, because making it takes a moment. */
export const idpKey = (): KeyAndCertificate => {
  standard ??= keyAndCertificate();
  return standard;
};

export const settingsOf = (certificates: string[] = [idpKey().certificate], issuer = "https://idp.example/metadata"): SamlSettings => ({
  issuer,
  ssoUrl: "https://idp.example/sso",
  ssoBinding: "redirect",
  sloUrl: null,
  sloBinding: "redirect",
  certificates,
  metadataUrl: null,
});

export const answerOf = (changes: Partial<Answer> = {}): Answer => ({
  issuer: "https://idp.example/metadata",
  acsUrl: "https://reeve.example/api/sso/acme/acs",
  entityId: "https://reeve.example/api/sso/acme/metadata",
  requestId: "_request1",
  now: NOW,
  subject: "ada@acme.example",
  attributes: { email: ["ada@acme.example"], name: ["Ada Lovelace"], groups: ["engineers", "admins"] },
  responseId: `_r${randomUUID()}`,
  assertionId: `_a${randomUUID()}`,
  sessionEndsAt: null,
  ...changes,
});

export const expectedOf = (changes: Partial<ExpectedResponse> = {}): ExpectedResponse => ({
  settings: settingsOf(),
  entityId: "https://reeve.example/api/sso/acme/metadata",
  acsUrl: "https://reeve.example/api/sso/acme/acs",
  requestId: "_request1",
  allowsSha1: false,
  privateKeyPem: null,
  now: NOW,
  ...changes,
});

const escaped = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");
const answering = (a: Answer): string => (a.requestId ? ` InResponseTo="${escaped(a.requestId)}"` : "");

export function assertionXml(a: Answer): string {
  const attributes = Object.entries(a.attributes).map(([name, values]) => {
    const written = values.map((value) => `<saml:AttributeValue>${escaped(value)}</saml:AttributeValue>`).join("");
    return `<saml:Attribute Name="${escaped(name)}">${written}</saml:Attribute>`;
  });
  const sessionEnd = a.sessionEndsAt ? ` SessionNotOnOrAfter="${a.sessionEndsAt}"` : "";
  return `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${a.assertionId}" Version="2.0" IssueInstant="${minutes(a.now, 0)}">\
<saml:Issuer>${escaped(a.issuer)}</saml:Issuer>\
<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">${escaped(a.subject)}</saml:NameID>\
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">\
<saml:SubjectConfirmationData Recipient="${a.acsUrl}" NotOnOrAfter="${minutes(a.now, 5)}"${answering(a)}/></saml:SubjectConfirmation></saml:Subject>\
<saml:Conditions NotBefore="${minutes(a.now, -5)}" NotOnOrAfter="${minutes(a.now, 5)}">\
<saml:AudienceRestriction><saml:Audience>${a.entityId}</saml:Audience></saml:AudienceRestriction></saml:Conditions>\
<saml:AuthnStatement AuthnInstant="${minutes(a.now, 0)}" SessionIndex="_session1"${sessionEnd}>\
<saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>\
<saml:AttributeStatement>${attributes.join("")}</saml:AttributeStatement></saml:Assertion>`;
}

export function responseXml(a: Answer, assertion = assertionXml(a)): string {
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="${a.responseId}" Version="2.0" IssueInstant="${minutes(a.now, 0)}" \
Destination="${a.acsUrl}"${answering(a)}><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${escaped(a.issuer)}</saml:Issuer>\
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>${assertion}</samlp:Response>`;
}

/** `xml` with a signature of its element `name` (Response, Assertion, LogoutRequest, …), after that element's Issuer. */
export function signElement(xml: string, name: string, signing: Signing = {}): string {
  const { by = idpKey(), method = RSA_SHA256, digest = SHA256, prefix = "ds", canonical = EXCLUSIVE, inclusivePrefixes = [], keyInfo = true } = signing;
  const signed = new SignedXml({
    privateKey: by.keyPem,
    publicCert: by.certificate,
    signatureAlgorithm: method as "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    canonicalizationAlgorithm: canonical as "http://www.w3.org/2001/10/xml-exc-c14n#",
    getKeyInfoContent: keyInfo ? SignedXml.getKeyInfoContent : () => null,
  });
  for (const known of SIGNATURES.keys())
    signed.SignatureAlgorithms[known as "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"] = class {
      getAlgorithmName = () => known;
      getSignature = (data: unknown) => signatureOf(known, String(data), by.key);
      verifySignature = () => false;
    } as never;
  for (const [known, hash] of DIGESTS)
    signed.HashAlgorithms[known as "http://www.w3.org/2001/04/xmlenc#sha256"] = class {
      getAlgorithmName = () => known;
      getHash = (text: string) => createHash(hash).update(text, "utf8").digest("base64");
    } as never;
  signed.CanonicalizationAlgorithms = canonicalForms(signed.CanonicalizationAlgorithms);
  const xpath = `//*[local-name(.)='${name}']`;
  signed.addReference({ xpath, transforms: [ENVELOPED, canonical], digestAlgorithm: digest, inclusiveNamespacesPrefixList: inclusivePrefixes });
  signed.computeSignature(xml, { prefix, location: { reference: `${xpath}/*[local-name(.)='Issuer']`, action: "after" } });
  return signed.getSignedXml();
}

/** `xml` signed as asked: the assertion first, the response around it last. */
export function signResponse(xml: string, signing: Signing = {}): string {
  const { what = "assertion" } = signing;
  const inside = what === "assertion" || what === "both" ? signElement(xml, "Assertion", signing) : xml;
  return what === "response" || what === "both" ? signElement(inside, "Response", signing) : inside;
}

export const encoded = (xml: string): string => Buffer.from(xml, "utf8").toString("base64");

/** The field SAMLResponse of a sign-in that succeeds, with what `changes` says. */
export const signedResponse = (changes: Partial<Answer> = {}, signing: Signing = {}): string => encoded(signResponse(responseXml(answerOf(changes)), signing));

/** `xml` with its assertion encrypted for `to`. */
export function encryptAssertion(
  xml: string,
  to: KeyAndCertificate,
  { cipher = "aes-256-gcm", keyMethod = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", hash = "sha1" } = {},
): string {
  const assertion = /<(\w+:)?Assertion[\s\S]*<\/\1Assertion>/.exec(xml)?.[0] ?? "";
  const isGcm = cipher.endsWith("gcm");
  const key = randomBytes(Number(/\d+/.exec(cipher)?.[0]) / 8);
  const iv = randomBytes(isGcm ? 12 : 16);
  const sealer = createCipheriv(cipher as "aes-256-gcm", key, iv);
  const sealed = Buffer.concat([iv, sealer.update(assertion, "utf8"), sealer.final(), isGcm ? sealer.getAuthTag() : Buffer.alloc(0)]);
  const wrapped = publicEncrypt({ key: to.certificate, oaepHash: hash }, key).toString("base64");
  const digest = { sha1: "http://www.w3.org/2000/09/xmldsig#sha1", sha256: SHA256 }[hash];
  const mask = keyMethod.endsWith("rsa-oaep") ? `<MGF xmlns="http://www.w3.org/2009/xmlenc11#" Algorithm="http://www.w3.org/2009/xmlenc11#mgf1${hash}"/>` : "";
  const content = `http://www.w3.org/${isGcm ? "2009/xmlenc11" : "2001/04/xmlenc"}#${cipher.replace(/^aes-(\d+)-/, "aes$1-")}`;
  return xml.replace(
    assertion,
    () => `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"><xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" \
Type="http://www.w3.org/2001/04/xmlenc#Element"><xenc:EncryptionMethod Algorithm="${content}"/><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">\
<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="${keyMethod}"><ds:DigestMethod Algorithm="${digest}"/>${mask}</xenc:EncryptionMethod>\
<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${bareCertificate(to.certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\
<xenc:CipherData><xenc:CipherValue>${wrapped}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>\
<xenc:CipherData><xenc:CipherValue>${sealed.toString("base64")}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml:EncryptedAssertion>`,
  );
}

/** The code that `judge` refuses with; "passed" when it does not. */
export function refusalOf(judge: () => unknown): string {
  try {
    judge();
    return "passed";
  } catch (error) {
    if (error instanceof SignInRefused) return error.code;
    throw error;
  }
}
