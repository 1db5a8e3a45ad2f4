import { parseMetadata } from "@boxyhq/saml20/dist/metadata";
import { describe, expect, test } from "vitest";
import { samlSettings } from "../schema";
import { bareCertificate, keyAndCertificate } from "./certificates.sample";
import { idpKey, NOW, settingsOf, signElement } from "./identity-provider.sample";
import { parseIdpMetadata } from "./read-metadata";
import { idpMetadataXml, spMetadata } from "./write-metadata";

const next = keyAndCertificate({ name: "next.idp.example", to: new Date("2027-01-01T00:00:00Z") });
const key = (pem: string, use = ' use="signing"') =>
  `<KeyDescriptor${use}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n${bareCertificate(pem).replace(/.{64}/g, "$&\n")}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>`;
const service = (binding: string, location = `https://idp.example/${binding}`, name = "SingleSignOnService") =>
  `<${name} Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location="${location}"/>`;
const role = (content: string, attributes = "") =>
  `<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"${attributes}>${content}</IDPSSODescriptor>`;
const entity = (content: string, attributes = "", id = "https://idp.example/metadata") =>
  `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${id}"${attributes}>${content}</EntityDescriptor>`;
const SSO = service("HTTP-Redirect") + service("HTTP-POST");
const whole = role(key(idpKey().certificate) + SSO);
const several = (...content: string[]) => `<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">${content.join("")}</EntitiesDescriptor>`;
const SP = '<SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><AssertionConsumerService/></SPSSODescriptor>';
const parse = (xml: string) => parseIdpMetadata(xml, NOW);

describe("metadata of an identity provider", () => {
  test("its fields, with what a form shows of them", () => {
    const xml = entity(
      role(
        key(idpKey().certificate) +
          key(next.certificate, ' use="encryption"') +
          service("HTTP-Redirect", "https://idp.example/out?a=1&amp;b=2", "SingleLogoutService") +
          SSO,
        ' WantAuthnRequestsSigned="true"',
      ),
      ' validUntil="2026-07-01T00:00:00Z"',
    );
    expect(parse(xml)).toMatchObject({
      settings: {
        issuer: "https://idp.example/metadata",
        ssoUrl: "https://idp.example/HTTP-Redirect",
        ssoBinding: "redirect",
        sloUrl: "https://idp.example/out?a=1&b=2",
        sloBinding: "redirect",
        certificates: [idpKey().certificate],
      },
      validUntil: "2026-07-01T00:00:00.000Z",
      wantsSignedRequests: true,
      certificates: [{ subject: "CN=idp.example", key: "RSA, 2048 bits", endsAt: "2100-01-01T00:00:00.000Z" }],
    });
    expect(samlSettings.safeParse({ ...parse(xml).settings, metadataUrl: null }).success).toBe(true);
  });

  test.each([
    ["only POST", entity(role(key(next.certificate) + service("HTTP-POST"))), { ssoBinding: "post", sloUrl: null, sloBinding: "redirect" }],
    [
      "logout by POST only",
      entity(whole.replace("</IDPSSODescriptor>", () => `${service("HTTP-POST", "https://idp.example/out", "SingleLogoutService")}</IDPSSODescriptor>`)),
      { sloUrl: "https://idp.example/out", sloBinding: "post" },
    ],
    [
      "logout by SOAP only",
      entity(whole.replace("</IDPSSODescriptor>", () => `${service("SOAP", "https://idp.example/out", "SingleLogoutService")}</IDPSSODescriptor>`)),
      { sloUrl: null },
    ],
    ["a key that says no use", entity(role(key(next.certificate, "") + SSO)), { certificates: [next.certificate] }],
    [
      "SAML-36 two certificates, one of them twice",
      entity(role(key(idpKey().certificate) + key(next.certificate) + key(next.certificate, "") + SSO)),
      { certificates: [idpKey().certificate, next.certificate] },
    ],
    ["one entity in a list", several(entity(whole)), { ssoBinding: "redirect" }],
    ["one identity provider among applications", several(entity(SP), entity(whole), entity(SP)), { ssoBinding: "redirect" }],
    ["both roles, as ADFS and Entra have", entity(`${SP}${whole}`), { ssoBinding: "redirect" }],
    [
      "signed, with a comment and other roles",
      signElement(entity(`<!-- x --><Issuer/><RoleDescriptor xmlns:fed="urn:fed"><fed:Types/></RoleDescriptor>${whole}`, ' ID="_m1"'), "EntityDescriptor"),
      { ssoBinding: "redirect" },
    ],
    ["a mark of byte order and a declaration", `\ufeff<?xml version="1.0" encoding="utf-8"?>${entity(whole)}`, { ssoBinding: "redirect" }],
    [
      "prefixes",
      entity(whole)
        .replace(/<(\/?)(?=[A-Z])/g, "<$1md:")
        .replace(" xmlns=", " xmlns:md="),
      { ssoBinding: "redirect" },
    ],
  ])("%s", (_name, xml, settings) => {
    expect(parse(xml).settings).toMatchObject(settings);
  });

  const weak = keyAndCertificate({ kind: { type: "rsa", bits: 1024 } });
  test.each([
    ["SAML-36 expired", entity(whole, ' validUntil="2026-05-31T00:00:00Z"'), /valid until 2026-05-31/],
    ["SAML-36 expired in its role", entity(role(key(next.certificate) + SSO, ' validUntil="2026-05-31T00:00:00Z"')), /valid until/],
    [
      "SAML-36 expired around it",
      several(entity(whole)).replace("<EntitiesDescriptor", '<EntitiesDescriptor validUntil="2026-05-31T00:00:00Z"'),
      /valid until/,
    ],
    ["an end that is no time", entity(whole, ' validUntil="soon"'), /not a time/],
    ["SAML-36 no address to sign in at", entity(role(key(next.certificate))), /no address/],
    ["SAML-36 other bindings only", entity(role(key(next.certificate) + service("SOAP"))), /no address/],
    ["an address that is a script", entity(role(key(next.certificate) + service("HTTP-Redirect", "javascript:alert(1)"))), /not an http address/],
    ["SAML-36 5 MB", entity(`${whole}<!--${"x".repeat(5 * 2 ** 20)}-->`), /larger than 1 MB/],
    ["SAML-36 a document type", `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${entity(whole)}`, /document type/],
    ["SAML-36 several identity providers", several(entity(whole), entity(whole)), /holds 2 identity providers/],
    ["SAML-36 an application's", entity(SP), /of an application/],
    ["SAML 1 only", entity(whole.replace("SAML:2.0:protocol", "SAML:1.1:protocol")), /no SAML 2.0/],
    ["no entityID", entity(whole, "", ""), /issuer/],
    ["no certificate", entity(role(SSO)), /no certificate/],
    ["a key for encryption only", entity(role(key(next.certificate, ' use="encryption"') + SSO)), /no certificate/],
    ["a weak key", entity(role(key(weak.certificate) + SSO)), /1024 bits/],
    ["HTML", "<!doctype html><html></html>", /can't be read/],
    ["not XML", "hello", /can't be read/],
    ["another XML", "<a/>", /not SAML metadata/],
  ])("%s is refused with what to do", (_name, xml, message) => {
    expect(() => parse(xml)).toThrow(
      expect.objectContaining({ code: "invalid_input", message: expect.stringMatching(message), fix: expect.stringMatching(/\.$/) }),
    );
  });
});

describe("documents that we write", () => {
  const settings = { ...settingsOf([idpKey().certificate, next.certificate], 'https://idp.example/?a=1&b="2"'), sloUrl: "https://idp.example/out?a=1&b=2" };
  test.each(["redirect", "post"] as const)("the identity provider's, with its binding %s, is what the sign-on library reads", async (ssoBinding) => {
    const xml = idpMetadataXml({ ...settings, ssoBinding });
    const read = await parseMetadata(xml, {});
    expect(read).toMatchObject({
      entityID: settings.issuer,
      loginType: "idp",
      sso: { [`${ssoBinding}Url`]: settings.ssoUrl },
      slo: { redirectUrl: settings.sloUrl },
    });
    expect(Object.keys(read.sso as object)).toHaveLength(1);
    expect((read.publicKey as string).split(",")).toEqual(settings.certificates.map(bareCertificate));
    expect(parseIdpMetadata(xml, NOW).settings).toEqual({ ...settings, ssoBinding, metadataUrl: undefined });
    const byPost = await parseMetadata(idpMetadataXml({ ...settings, sloBinding: "post" }), {});
    expect(byPost).toMatchObject({ slo: { postUrl: settings.sloUrl } });
  });
  test("ours names our addresses, both our keys, and wants signed assertions", async () => {
    const xml = spMetadata({
      entityId: "https://reeve.example/m?a&b",
      acsUrl: "https://reeve.example/acs",
      sloUrl: "https://reeve.example/logout",
      certificatePems: [idpKey().certificate, next.certificate],
    });
    expect(await parseMetadata(xml, {})).toMatchObject({
      loginType: "sp",
      entityID: "https://reeve.example/m?a&b",
      sso: { postUrl: "https://reeve.example/acs" },
    });
    expect(xml).toContain('AuthnRequestsSigned="true" WantAssertionsSigned="true"');
    expect(xml.match(/use="encryption"/g)).toHaveLength(2);
    const bare = spMetadata({ entityId: "e", acsUrl: "a", sloUrl: null, certificatePems: [] });
    expect(bare).not.toMatch(/SingleLogoutService|KeyDescriptor|AuthnRequestsSigned="true"/);
  });
});
