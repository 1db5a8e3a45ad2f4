import { describe, expect, test } from "vitest";
import { keyAndCertificate } from "./certificates.sample";
import { checkResponse } from "./check-response";
import { answerOf, assertionXml, encoded, expectedOf, refusalOf, responseXml, signElement, signedResponse, signResponse } from "./identity-provider.sample";

// Attacks on what a signature covers: each starts from a response that is validly signed and passes.

const codeOf = (xml: string) => refusalOf(() => checkResponse(encoded(xml), expectedOf()));
const SIGNATURE = /<ds:Signature[\s\S]*?<\/ds:Signature>/;
const ASSERTION = /<saml:Assertion[\s\S]*<\/saml:Assertion>/;
const one = (xml: string, pattern: RegExp): string => pattern.exec(xml)?.[0] ?? "";
const without = (xml: string, pattern: RegExp): string => xml.replace(pattern, "");
const asEvil = (xml: string): string => without(xml, SIGNATURE).replace("ada@acme.example", "admin@acme.example");
const renamed = (xml: string): string => xml.replace(/ ID="[^"]+"/g, (id) => id.replace('ID="', 'ID="x'));
const into = (xml: string, place: string, more: string): string => xml.replace(place, () => more + place);

const signedWhole = signResponse(responseXml(answerOf()), { what: "response" });
const signedInside = signResponse(responseXml(answerOf()), { what: "assertion" });
const assertion = one(signedInside, ASSERTION);
const original = without(assertion, SIGNATURE);
const signature = one(signedInside, SIGNATURE);
const AFTER_STATUS = "<saml:Assertion";
const inObject = (sig: string, content: string) => into(sig, "</ds:Signature>", `<ds:Object>${content}</ds:Object>`);
const withEvil = (evil: string): string => signedInside.replace(assertion, () => evil);
const evilSignedBy = (sig: string, evil: string): string => evil.replace("<saml:Subject>", () => `${sig}<saml:Subject>`);

const WRAPPINGS: [string, (rename: (xml: string) => string) => string][] = [
  [
    "SAML-1 XSW1: the signed response inside the signature of another",
    (rename) => into(rename(asEvil(signedWhole)), "<samlp:Status>", inObject(one(signedWhole, SIGNATURE), without(signedWhole, SIGNATURE))),
  ],
  [
    "SAML-2 XSW2: the signed response beside its signature, in another",
    (rename) => into(rename(asEvil(signedWhole)), "<samlp:Status>", without(signedWhole, SIGNATURE) + one(signedWhole, SIGNATURE)),
  ],
  ["SAML-3 XSW3: another assertion before the signed one", (rename) => into(signedInside, AFTER_STATUS, rename(asEvil(assertion)))],
  ["SAML-4 XSW4: the signed assertion inside another", (rename) => withEvil(into(rename(asEvil(assertion)), "</saml:Assertion>", assertion))],
  ["SAML-5 XSW5: the signature in another, what it signed at the end", (rename) => withEvil(evilSignedBy(signature, rename(asEvil(assertion))) + original)],
  [
    "SAML-6 XSW6: what was signed inside its signature, in another",
    (rename) => withEvil(evilSignedBy(into(signature, "</ds:Signature>", original), rename(asEvil(assertion)))),
  ],
  [
    "SAML-7 XSW7: another assertion in Extensions",
    (rename) => into(signedInside, "<samlp:Status>", `<samlp:Extensions>${rename(asEvil(assertion))}</samlp:Extensions>`),
  ],
  [
    "SAML-8 XSW8: what was signed in an Object of its signature, in another",
    (rename) => withEvil(evilSignedBy(inObject(signature, original), rename(asEvil(assertion)))),
  ],
];

describe("the signature covers what is read", () => {
  test("what the attacks start from passes", () => {
    expect([codeOf(signedWhole), codeOf(signedInside)]).toEqual(["passed", "passed"]);
  });
  test.each(WRAPPINGS)("%s", (_name, attack) => {
    expect([codeOf(attack(renamed)), codeOf(attack((xml) => xml))]).toEqual(["saml.signature_scope", "saml.signature_scope"]);
  });
  test("SAML-1…8 with elements of a foreign namespace, which only loose readers take for SAML", () => {
    const foreign = assertion.replaceAll("urn:oasis:names:tc:SAML:2.0:assertion", "urn:evil");
    expect(codeOf(into(signedInside, AFTER_STATUS, asEvil(foreign)))).toBe("saml.signature_scope");
    expect(codeOf(without(signedInside, ASSERTION).replace("</samlp:Response>", () => `${foreign}</samlp:Response>`))).toBe("saml.signature_scope");
  });
  test("SAML-9 neither is signed", () => {
    expect(codeOf(responseXml(answerOf()))).toBe("saml.unsigned");
  });
  test("SAML-10 the assertion of a signed response is another's", () => {
    expect(codeOf(signedWhole.replace(ASSERTION, () => assertionXml(answerOf({ subject: "admin@acme.example" }))))).toBe("saml.signature");
    const both = signResponse(responseXml(answerOf()), { what: "both" });
    expect(codeOf(both.replace(ASSERTION, () => signElement(assertionXml(answerOf()), "Assertion")))).toBe("saml.signature");
  });
  test("SAML-11 signed with a certificate that the message brings along", () => {
    expect(codeOf(signResponse(responseXml(answerOf()), { what: "both", by: keyAndCertificate({ name: "idp.example" }) }))).toBe("saml.signature");
  });
  test("SAML-12 a comment in the NameID splits nothing off", () => {
    const commented = signResponse(responseXml(answerOf({ subject: "admin@acme.example.evil.example" })));
    const split = commented.replace("admin@acme.example.evil", "admin@acme.example<!-- -->.evil");
    expect(checkResponse(encoded(split), expectedOf()).subject).toBe("admin@acme.example.evil.example");
    expect(codeOf(commented.replace("admin@acme.example.evil", "admin@acme.example<?x y?>.evil"))).toBe("saml.malformed");
    expect(codeOf(commented.replace("admin@acme.example.evil.example", "admin@acme.example<!--.evil.example-->"))).toBe("saml.signature");
    const withComments = signResponse(responseXml(answerOf()).replace("ada@acme", "ada<!--x-->@acme"), {
      canonical: "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    });
    expect(checkResponse(encoded(withComments), expectedOf()).subject).toBe("ada@acme.example");
  });
  test.each(["DigestValue", "SignatureValue"])("SAML-13 a comment in %s", (name) => {
    expect(codeOf(signedInside.replace(`<ds:${name}>`, `<ds:${name}><!--x-->`))).toBe("saml.signature_scope");
    expect(codeOf(signedInside.replace(new RegExp(`<ds:${name}>(.{9})`), `<ds:${name}>$1<!--AAAA-->`))).toBe("saml.signature_scope");
  });
  test("SAML-14 two SignedInfo, two Signature, two Reference, two SignatureValue", () => {
    const info = one(signature, /<ds:SignedInfo[\s\S]*<\/ds:SignedInfo>/);
    const reference = one(signature, /<ds:Reference[\s\S]*<\/ds:Reference>/);
    const value = one(signature, /<ds:SignatureValue[\s\S]*<\/ds:SignatureValue>/);
    for (const part of [info, signature, reference, value]) expect(codeOf(signedInside.replace(part, () => part + part))).toBe("saml.signature_scope");
  });
  test("SAML-15 two assertions, one signed", () => {
    expect(codeOf(signedInside.replace("</samlp:Response>", `${assertionXml(answerOf())}</samlp:Response>`))).toBe("saml.signature_scope");
    const encrypted = '<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"/>';
    expect(codeOf(signedInside.replace("</samlp:Response>", `${encrypted}</samlp:Response>`))).toBe("saml.signature_scope");
  });
  test("SAML-16 several roots", () => {
    expect(codeOf(signedInside + signedInside)).toBe("saml.malformed");
    expect(codeOf(`${asEvil(signedInside)}\n${signedInside}`)).toBe("saml.malformed");
  });
  test("a signature where nothing is signed", () => {
    expect(codeOf(into(signedInside, "<samlp:Status>", `<samlp:Extensions>${signature}</samlp:Extensions>`))).toBe("saml.signature_scope");
    expect(codeOf(into(signedInside, "<saml:Conditions ", signature))).toBe("saml.signature_scope");
  });
  test("the reference is by the element's own id, and the id is nobody else's", () => {
    const id = / ID="(_a[^"]+)"/.exec(signedInside)?.[1] ?? "";
    expect(codeOf(signedInside.replace(`URI="#${id}"`, 'URI=""'))).toBe("saml.signature_scope");
    expect(codeOf(signedInside.replace("<saml:AttributeValue>", `<saml:AttributeValue Id="${id}">`))).toBe("saml.signature_scope");
    expect(codeOf(signedInside.replace("<saml:AttributeValue>", `<saml:AttributeValue xmlns:x="urn:x" x:id="${id}">`))).toBe("saml.signature_scope");
    expect(refusalOf(() => checkResponse(signedResponse(), expectedOf()))).toBe("passed");
  });
});
