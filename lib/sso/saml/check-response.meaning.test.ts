import { describe, expect, test } from "vitest";
import { keyAndCertificate } from "./certificates.sample";
import { checkResponse, type ExpectedResponse } from "./check-response";
import {
  answerOf,
  encoded,
  encryptAssertion,
  expectedOf,
  minutes,
  NOW,
  refusalOf,
  responseXml,
  settingsOf,
  signedResponse,
  signResponse,
} from "./identity-provider.sample";

// Validly signed, and not meant for us, not now, or not for this sign-in.

type Edit = (xml: string) => string;
type What = "response" | "assertion" | "both";
/** The code for a response that is edited before it is signed. */
const codeOf = (edit: Edit, what: What = "assertion", expected: Partial<ExpectedResponse> = {}): string =>
  refusalOf(() => checkResponse(encoded(signResponse(edit(responseXml(answerOf())), { what })), expectedOf(expected)));
const OURS = "https://reeve.example/api/sso/acme/metadata";
const ACS = "https://reeve.example/api/sso/acme/acs";
const AUDIENCE = `<saml:Audience>${OURS}</saml:Audience>`;
const audiences =
  (...names: string[]): Edit =>
  (xml) =>
    xml.replace(AUDIENCE, names.map((name) => `<saml:Audience>${name}</saml:Audience>`).join(""));
const RESTRICTION = /<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/;
const CONFIRMED = /<saml:SubjectConfirmationData[^>]*>/;
const confirmation =
  (edit: Edit): Edit =>
  (xml) =>
    xml.replace(CONFIRMED, edit);
const conditions =
  (edit: Edit): Edit =>
  (xml) =>
    xml.replace(/<saml:Conditions[^>]*>/, edit);
const drop = (name: string) => (xml: string) => xml.replace(new RegExp(` ${name}="[^"]*"`), "");
const put = (name: string, value: string) => (xml: string) => xml.replace(new RegExp(` ${name}="[^"]*"`), ` ${name}="${value}"`);

const CASES: [string, string, Edit, What?][] = [
  ["SAML-22 our audience and more", "saml.audience", audiences(`${OURS}.evil.example`)],
  ["SAML-22 our audience and a path", "saml.audience", audiences(`${OURS}/x`)],
  ["SAML-22 another case", "saml.audience", audiences(OURS.toUpperCase())],
  ["SAML-22 a beginning of ours", "saml.audience", audiences("https://reeve.example")],
  ["SAML-22 several, none ours", "saml.audience", audiences("https://a.example", `${OURS}2`)],
  ["SAML-22 no audience", "saml.audience", audiences()],
  ["SAML-22 no restriction", "saml.audience", (xml) => xml.replace(RESTRICTION, "")],
  ["SAML-22 two restrictions, one without us", "saml.audience", (xml) => xml.replace(RESTRICTION, (all) => all + all.replace(OURS, "https://a.example"))],
  ["SAML-22 ours second passes", "passed", audiences("https://a.example", OURS)],
  ["SAML-23 no Recipient", "saml.recipient", confirmation(drop("Recipient"))],
  ["SAML-23 another address", "saml.recipient", confirmation(put("Recipient", "https://evil.example/acs"))],
  ["SAML-23 another tenant's address", "saml.recipient", confirmation(put("Recipient", ACS.replace("acme", "other")))],
  ["SAML-23 our address and more", "saml.recipient", confirmation(put("Recipient", `${ACS}/`))],
  ["SAML-23 no confirmation data", "saml.recipient", confirmation(() => "")],
  ["SAML-23 no bearer", "saml.recipient", put("Method", "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches")],
  ["SAML-24 signed without Destination", "saml.recipient", drop("Destination"), "response"],
  ["SAML-24 another Destination", "saml.recipient", put("Destination", "https://evil.example/acs"), "both"],
  ["SAML-24 another Destination, unsigned", "saml.recipient", put("Destination", "https://evil.example/acs")],
  ["SAML-24 an empty Destination, unsigned", "saml.recipient", put("Destination", "")],
  ["SAML-24 unsigned without Destination passes", "passed", drop("Destination")],
  ["SAML-25 not yet, by more than a minute", "saml.time", conditions(put("NotBefore", minutes(NOW, 1.02)))],
  ["SAML-25 not yet, by less passes", "passed", conditions(put("NotBefore", minutes(NOW, 0.98)))],
  ["SAML-25 over, by more than a minute", "saml.time", conditions(put("NotOnOrAfter", minutes(NOW, -1.02)))],
  ["SAML-25 over, by a minute exactly", "saml.time", conditions(put("NotOnOrAfter", minutes(NOW, -1)))],
  ["SAML-25 over, by less passes", "passed", conditions(put("NotOnOrAfter", minutes(NOW, -0.98)))],
  ["SAML-25 the confirmation is over", "saml.time", confirmation(put("NotOnOrAfter", minutes(NOW, -1.02)))],
  ["SAML-25 the confirmation is not yet", "saml.time", confirmation((xml) => xml.replace("/>", ` NotBefore="${minutes(NOW, 1.02)}"/>`))],
  ["SAML-25 issued in the future", "saml.time", (xml) => xml.replace(/IssueInstant="[^"]*"/g, `IssueInstant="${minutes(NOW, 2)}"`)],
  ["SAML-25 the session is over", "saml.time", (xml) => xml.replace(' SessionIndex="', ` SessionNotOnOrAfter="${minutes(NOW, -2)}" SessionIndex="`)],
  ["SAML-26 no Conditions", "saml.conditions", (xml) => xml.replace(/<saml:Conditions[\s\S]*<\/saml:Conditions>/, "")],
  ["SAML-26 empty times", "saml.conditions", conditions((xml) => put("NotBefore", "")(put("NotOnOrAfter", "")(xml)))],
  ["SAML-26 no end", "saml.conditions", conditions(drop("NotOnOrAfter"))],
  ["SAML-26 no end of the confirmation", "saml.conditions", confirmation(drop("NotOnOrAfter"))],
  ...["tomorrow", "2026-06-01", "2026-13-01T00:00:00Z", "2099-02-30T00:00:00Z", "4102444800", "9999999-01-01T00:00:00Z"].map((time): [string, string, Edit] => [
    `SAML-26 the end is ${time}`,
    "saml.conditions",
    conditions(put("NotOnOrAfter", time)),
  ]),
  ["SAML-26 a condition that we do not know", "saml.conditions", (xml) => xml.replace("</saml:Conditions>", '<x:Only xmlns:x="urn:x"/></saml:Conditions>')],
  ["SAML-30 InResponseTo missing", "saml.in_response_to", (xml) => xml.replace(/ InResponseTo="[^"]*"/g, "")],
  ["SAML-30 InResponseTo missing where it is signed", "saml.in_response_to", confirmation(drop("InResponseTo"))],
  ["SAML-30 InResponseTo missing on the response", "saml.in_response_to", drop("InResponseTo")],
  ["SAML-30 of another request", "saml.in_response_to", (xml) => xml.replace(/ InResponseTo="[^"]*"/g, ' InResponseTo="_other"')],
  ["SAML-30 of another request where it is signed", "saml.in_response_to", confirmation(put("InResponseTo", "_other"))],
  ["SAML-30 of another request in a signed response", "saml.in_response_to", confirmation(put("InResponseTo", "_other")), "response"],
  ["another issuer of the assertion", "saml.issuer", (xml) => xml.replace(/(<saml:Assertion.*?<saml:Issuer>)[^<]*/, "$1https://evil.example")],
  ["another issuer of the response", "saml.issuer", (xml) => xml.replace("idp.example", "evil.example")],
  ["nobody named", "saml.subject", (xml) => xml.replace(/<saml:NameID[^>]*>[^<]*<\/saml:NameID>/, "")],
  ["an empty name", "saml.subject", (xml) => xml.replace(/(<saml:NameID[^>]*>)[^<]*/, "$1 ")],
  ["nobody signed in", "saml.subject", (xml) => xml.replace(/<saml:AuthnStatement[\s\S]*<\/saml:AuthnStatement>/, "")],
  ["two subjects", "saml.malformed", (xml) => xml.replace(/<saml:Subject>[\s\S]*<\/saml:Subject>/, "$&$&")],
];

describe("what a signed response means", () => {
  test.each(CASES)("%s: %s", (_name, code, edit, what = "assertion") => {
    expect(codeOf(edit, what)).toBe(code);
  });
  test("the answer of the provider that nobody signed in needs no signature", () => {
    const failed = responseXml(answerOf(), "").replace(
      /status:Success"\/>/,
      'status:Responder"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/></samlp:StatusCode>',
    );
    expect(refusalOf(() => checkResponse(encoded(failed), expectedOf()))).toBe("saml.status");
    expect(() => checkResponse(encoded(failed), expectedOf())).toThrow(expect.objectContaining({ detail: "Responder AuthnFailed" }));
    expect(codeOf((xml) => xml.replace("status:Success", "status:Requester"), "response")).toBe("saml.status");
    expect(codeOf((xml) => xml.replace(/<samlp:Status>.*<\/samlp:Status>/, ""))).toBe("saml.status");
  });
  test("SAML-27 the session's end, and the assertion's last moment", () => {
    const said = checkResponse(signedResponse({ sessionEndsAt: minutes(NOW, 10) }), expectedOf());
    expect(said).toMatchObject({ sessionEndsAt: minutes(NOW, 10), sessionIndex: "_session1", assertion: { endsAt: minutes(NOW, 6) } });
  });
  test("SAML-29 a response for one connection at another's address", () => {
    const there = { acsUrl: ACS.replace("acme", "b"), entityId: OURS.replace("acme", "b"), requestId: null };
    for (const what of ["response", "assertion", "both"] as const) {
      expect(refusalOf(() => checkResponse(signedResponse({ requestId: null }, { what }), expectedOf(there)))).toBe("saml.recipient");
    }
    expect(refusalOf(() => checkResponse(signedResponse(), expectedOf({ settings: settingsOf([keyAndCertificate().certificate]) })))).toBe("saml.signature");
  });
  test("SAML-31 unsolicited: answers no request, and one that answers a request is none", () => {
    expect(refusalOf(() => checkResponse(signedResponse({ requestId: null }), expectedOf({ requestId: null })))).toBe("passed");
    expect(refusalOf(() => checkResponse(signedResponse(), expectedOf({ requestId: null })))).toBe("saml.in_response_to");
    expect(codeOf(drop("InResponseTo"), "assertion", { requestId: null })).toBe("saml.in_response_to");
  });
});

describe("encrypted assertions", () => {
  const ours = keyAndCertificate({ name: "reeve.example" });
  const expected = expectedOf({ privateKeyPem: ours.keyPem });
  const inside = signResponse(responseXml(answerOf()));
  const code = (xml: string, with_ = expected) => refusalOf(() => checkResponse(encoded(xml), with_));
  const encrypted = encryptAssertion(inside, ours, { cipher: "aes-128-cbc" });

  test("our key is needed, and it has to be ours", () => {
    expect([code(encrypted), code(encrypted, expectedOf())]).toEqual(["passed", "saml.decryption"]);
    expect(code(encryptAssertion(inside, keyAndCertificate()))).toBe("saml.decryption");
  });
  test("encryption is no signature", () => {
    expect(code(encryptAssertion(responseXml(answerOf()), ours))).toBe("saml.decryption");
  });
  test("what is wrong inside can't be asked: padding, XML, signature and algorithm are one answer", () => {
    const swapped = encryptAssertion(signResponse(responseXml(answerOf()), { by: keyAndCertificate() }), ours);
    const flipped = encrypted.replace(
      /(<xenc:CipherValue>[^<]{40})(.)([^<]*<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData>)/,
      (_, a, b, c) => a + (b === "A" ? "B" : "A") + c,
    );
    const cut = encrypted.replace(/[^<>]{24}(<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData>)/, "$1");
    const notXml = encryptAssertion(inside.replace("<saml:Subject>", "<saml:Subject><?x?>"), ours);
    expect(flipped).not.toBe(encrypted);
    const refused = [swapped, flipped, cut, notXml].map((xml) => {
      try {
        return checkResponse(encoded(xml), expected);
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
    expect(refused).toEqual(Array(4).fill("saml.decryption"));
  });
  test.each(["http://www.w3.org/2001/04/xmlenc#rsa-1_5", "urn:x"])("a key wrapped with %s", (name) => {
    expect(code(encrypted.replace("http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", name))).toBe("saml.decryption");
  });
  test("3DES, two keys, two contents", () => {
    expect(code(encrypted.replace("xmlenc#aes128-cbc", "xmlenc#tripledes-cbc"))).toBe("saml.decryption");
    expect(code(encrypted.replace(/<xenc:EncryptedKey>[\s\S]*<\/xenc:EncryptedKey>/, "$&$&"))).toBe("saml.decryption");
  });
  test("a second assertion or a signature elsewhere inside", () => {
    const twice = inside.replace(
      "</saml:Subject>",
      `</saml:Subject><saml:Advice>${/<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(responseXml(answerOf()))?.[0]}</saml:Advice>`,
    );
    expect(code(encryptAssertion(twice, ours))).toBe("saml.decryption");
    expect(code(signResponse(encryptAssertion(twice, ours), { what: "response" }))).toBe("saml.signature_scope");
  });
});
