import "server-only";
import type { SamlSettings } from "../schema";
import { escapeXml, NS } from "./xml";

// Metadata documents that we write: ours for the identity provider, and the identity provider's for the sign-on library, made of the fields
// that we keep, so that the library sees nothing that we did not judge.

const BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:";
const NAME_ID_FORMATS = ["urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"];
/** What our gate can open (see decrypt.ts), best first. */
const ENCRYPTION = [
  "http://www.w3.org/2009/xmlenc11#aes256-gcm",
  "http://www.w3.org/2009/xmlenc11#aes128-gcm",
  "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
  "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
];

const tag = (name: string, attributes: Record<string, string>, content = ""): string => {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  return `<md:${name}${written.join("")}${content ? `>${content}</md:${name}>` : "/>"}`;
};

function keyXml(use: "signing" | "encryption", pem: string): string {
  const base64 = pem.replace(/-----[A-Z ]+-----|\s/g, "");
  const info = `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${escapeXml(base64)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`;
  const methods = use === "encryption" ? ENCRYPTION.map((Algorithm) => tag("EncryptionMethod", { Algorithm })) : [];
  return tag("KeyDescriptor", { use }, info + methods.join(""));
}

const documentOf = (entityID: string, role: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${tag("EntityDescriptor", { "xmlns:md": NS.metadata, "xmlns:ds": NS.signature, entityID }, role)}\n`;

/** Our metadata, for the identity provider. `certificatePems`: our current one first; the same key signs requests and opens assertions. */
export function spMetadata(our: { entityId: string; acsUrl: string; sloUrl: string | null; certificatePems: string[] }): string {
  const { sloUrl, certificatePems } = our;
  const logout = sloUrl ? ["HTTP-Redirect", "HTTP-POST"].map((name) => tag("SingleLogoutService", { Binding: BINDING + name, Location: sloUrl })) : [];
  const content = [
    ...certificatePems.map((pem) => keyXml("signing", pem)),
    ...certificatePems.map((pem) => keyXml("encryption", pem)),
    ...logout,
    ...NAME_ID_FORMATS.map((format) => tag("NameIDFormat", {}, format)),
    tag("AssertionConsumerService", { Binding: `${BINDING}HTTP-POST`, Location: our.acsUrl, index: "0", isDefault: "true" }),
  ];
  const says = { AuthnRequestsSigned: String(certificatePems.length > 0), WantAssertionsSigned: "true", protocolSupportEnumeration: NS.protocol };
  return documentOf(our.entityId, tag("SPSSODescriptor", says, content.join("")));
}

const BINDINGS = { redirect: `${BINDING}HTTP-Redirect`, post: `${BINDING}HTTP-POST` };

/** The identity provider's metadata, made of what we keep of it. */
export function idpMetadataXml({ issuer, ssoUrl, ssoBinding, sloUrl, sloBinding, certificates }: SamlSettings): string {
  const content = [
    ...certificates.map((pem) => keyXml("signing", pem)),
    ...(sloUrl ? [tag("SingleLogoutService", { Binding: BINDINGS[sloBinding], Location: sloUrl })] : []),
    tag("SingleSignOnService", { Binding: BINDINGS[ssoBinding], Location: ssoUrl }),
  ];
  return documentOf(issuer, tag("IDPSSODescriptor", { protocolSupportEnumeration: NS.protocol }, content.join("")));
}
