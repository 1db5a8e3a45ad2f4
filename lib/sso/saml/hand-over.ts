import "server-only";
import { createHash, randomUUID } from "node:crypto";
import { SignedXml } from "xml-crypto";
import { ENVELOPED, EXCLUSIVE, RSA_SHA256, SHA256 } from "./algorithms";
import { escapeXml, NS } from "./xml";

// What the sign-on library is given in place of the identity provider's response, once our gate has passed that: a response of our own with
// nothing in it but whom it is about, signed with our key. So the library reads nothing from outside, and its own narrower list of
// algorithms, its looser reading of audiences and its own idea of names neither let anybody in nor keep anybody out.

type Handed = { subject: string; issuer: string; entityId: string; acsUrl: string; requestId: string; now: Date };

const MINUTE_MS = 60_000;

/** A subject as the library knows it: it joins words of names together, and has no need of the name. */
export const subjectForLibrary = (subject: string): string => createHash("sha256").update(subject).digest("base64url");

/** The field SAMLResponse for the library. `privateKeyPem`: of the certificate that it was told to trust. */
export function responseForLibrary({ subject, issuer, entityId, acsUrl, requestId, now }: Handed, privateKeyPem: string): string {
  const [from, to] = [now, new Date(now.getTime() + MINUTE_MS)].map((moment) => moment.toISOString());
  const answers = `Recipient="${escapeXml(acsUrl)}" InResponseTo="${escapeXml(requestId)}"`;
  const says = `ID="_${randomUUID()}" Version="2.0" IssueInstant="${from}"`;
  const named = `<saml:Issuer>${escapeXml(issuer)}</saml:Issuer>`;
  const xml = `<samlp:Response xmlns:samlp="${NS.protocol}" xmlns:saml="${NS.assertion}" ID="_${randomUUID()}" Version="2.0" IssueInstant="${from}" \
Destination="${escapeXml(acsUrl)}" InResponseTo="${escapeXml(requestId)}">${named}\
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><saml:Assertion ${says}>${named}\
<saml:Subject><saml:NameID>${subjectForLibrary(subject)}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">\
<saml:SubjectConfirmationData ${answers} NotOnOrAfter="${to}"/></saml:SubjectConfirmation></saml:Subject>\
<saml:Conditions NotBefore="${from}" NotOnOrAfter="${to}"><saml:AudienceRestriction><saml:Audience>${escapeXml(entityId)}</saml:Audience>\
</saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${from}"><saml:AuthnContext><saml:AuthnContextClassRef>\
urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement></saml:Assertion></samlp:Response>`;
  const assertion = "//*[local-name(.)='Assertion']";
  const signer = new SignedXml({ privateKey: privateKeyPem, signatureAlgorithm: RSA_SHA256, canonicalizationAlgorithm: EXCLUSIVE });
  signer.addReference({ xpath: assertion, transforms: [ENVELOPED, EXCLUSIVE], digestAlgorithm: SHA256 });
  signer.computeSignature(xml, { prefix: "ds", location: { reference: `${assertion}/*[local-name(.)='Issuer']`, action: "after" } });
  return Buffer.from(signer.getSignedXml()).toString("base64");
}
