import type { SamlSettings } from "../schema";
import { escaped, pemBody } from "./xml-text";

const BINDING = { redirect: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect", post: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" } as const;

/** An identity provider's metadata document made of what we keep of it, for the sign-on library. Every certificate is one to verify with. */
export function idpMetadataXml({ issuer, ssoUrl, ssoBinding, sloUrl, certificates }: SamlSettings): string {
  const keys = certificates.map(
    (pem) =>
      `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${pemBody(pem)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
  );
  const logout = sloUrl ? `<md:SingleLogoutService Binding="${BINDING.redirect}" Location="${escaped(sloUrl)}"/>` : "";
  return `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${escaped(issuer)}"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${keys.join("")}${logout}<md:SingleSignOnService Binding="${BINDING[ssoBinding]}" Location="${escaped(ssoUrl)}"/></md:IDPSSODescriptor></md:EntityDescriptor>`;
}
