import { describe, expect, test } from "vitest";
import { keyAndCertificate } from "./certificates.sample";
import { checkResponse } from "./check-response";
import * as idp from "./identity-provider.sample";
import { LAYOUTS } from "./layouts.sample";
import { SIGNED_BY_OTHERS, THEIR_CERTIFICATE } from "./signed-by-others.sample";

// A gate that locks people out is a failure too: what identity providers in use send passes, and says the same.

const { answerOf, encoded, encryptAssertion, expectedOf, minutes, NOW, responseXml, settingsOf, signResponse } = idp;
const MORE = "http://www.w3.org/2001/04/xmldsig-more#";
const ours = keyAndCertificate({ name: "reeve.example" });
const check = (xml: string, expected = expectedOf({ privateKeyPem: ours.keyPem })) => checkResponse(encoded(xml), expected);
/** The values of the claim whose name ends so, as each layout names it differently. */
const valuesOf = (claims: Record<string, string[]>, ...ends: string[]) => Object.entries(claims).find(([name]) => ends.some((end) => name.endsWith(end)))?.[1];

describe.each(Object.entries(LAYOUTS))("%s", (name, layout) => {
  const signing = { prefix: ["entra", "adfs", "plain"].includes(name) ? "" : "ds", inclusivePrefixes: name === "okta" ? ["xs"] : [] };
  test.each(["response", "assertion", "both", "encrypted", "response around encrypted"])("signed: %s", (how) => {
    const xml = layout(answerOf());
    const isEncrypted = how.endsWith("encrypted");
    const inside = signResponse(xml, { ...signing, what: isEncrypted ? "assertion" : (how as "both") });
    const sent = isEncrypted ? encryptAssertion(inside, ours, { cipher: name === "google" ? "aes-256-gcm" : "aes-256-cbc" }) : inside;
    const said = check(how.startsWith("response a") ? signResponse(sent, { ...signing, what: "response" }) : sent);
    expect(said).toMatchObject({ subject: "ada@acme.example", warnings: [] });
    expect(said.sessionIndex).toBeTruthy();
    expect(valuesOf(said.claims, "email", "emailaddress")).toEqual(["ada@acme.example"]);
    expect(valuesOf(said.claims, "name")).toEqual(["Ada Lovelace"]);
    expect(valuesOf(said.claims, "groups")).toEqual(["engineers", "admins"]);
  });
});

const edited = (edit: (xml: string) => string, signing = {}) => signResponse(edit(responseXml(answerOf())), signing);
const value = "<saml:AttributeValue>ada@acme.example</saml:AttributeValue>";
const valid: [string, () => string][] = [
  ["CRLF line ends", () => signResponse(LAYOUTS.shibboleth?.(answerOf()).replace(/\n/g, "\r\n") ?? "")],
  ["CRLF made of LF after signing", () => signResponse(LAYOUTS.shibboleth?.(answerOf()) ?? "").replace(/\n/g, "\r\n")],
  ["a byte order mark", () => `\ufeff${edited((xml) => xml)}`],
  [
    "renamed prefixes",
    () =>
      edited((xml) => xml.replaceAll("samlp:", "p:").replace("xmlns:samlp", "xmlns:p").replaceAll("saml:", "a.1-x:").replaceAll("xmlns:saml", "xmlns:a.1-x")),
  ],
  [
    "namespaces that nobody uses",
    () => edited((xml) => xml.replace("<samlp:Response", '<samlp:Response xmlns:q="urn:q" xmlns:xs="http://www.w3.org/2001/XMLSchema"')),
  ],
  [
    "several audiences, ours second",
    () => edited((xml) => xml.replace("<saml:Audience>", "<saml:Audience>https://other.example</saml:Audience><saml:Audience>")),
  ],
  ["two restrictions that both name us", () => edited((xml) => xml.replace(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, "$&$&"))],
  [
    "two confirmations, the second ours",
    () => edited((xml) => xml.replace(/<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/, (one) => one.replace("/acme/acs", "/old/acs") + one)),
  ],
  ["no Issuer of the response", () => edited((xml) => xml.replace(/<saml:Issuer.*?<\/saml:Issuer>/, ""))],
  ["no NotBefore", () => edited((xml) => xml.replace(/ NotBefore="[^"]*"/, ""))],
  ["a status within", () => edited((xml) => xml.replace("<samlp:StatusCode", "<samlp:StatusMessage>ok</samlp:StatusMessage><samlp:StatusCode"))],
  ["extensions", () => edited((xml) => xml.replace("<samlp:Status>", '<samlp:Extensions><x:y xmlns:x="urn:x">z</x:y></samlp:Extensions><samlp:Status>'))],
  ["values over lines", () => edited((xml) => xml.replace(value, value.replace(/>([^<]+)</, ">\n      $1\n      <")))],
  ["a comment between elements", () => edited((xml) => xml.replace("<saml:Subject>", "<!-- made by a template --><saml:Subject>"))],
  ["a value in CDATA with what is markup elsewhere", () => edited((xml) => xml.replace(value, value.replace(/>([^<]+)</, "><![CDATA[a & <b>]]><")))],
  ["a value in CDATA", () => edited((xml) => xml.replace(value, value.replace(/>([^<]+)</, "><![CDATA[$1]]><")))],
  ["times with seven decimals", () => edited((xml) => xml.replace(/(\.\d{3})Z/g, "$10000Z"))],
  ["times without decimals", () => edited((xml) => xml.replace(/\.\d{3}Z/g, "Z"))],
  ["times of another zone", () => edited((xml) => xml.replace(/T12:05:00\.000Z/g, "T14:05:00.000+02:00"))],
  ["no KeyInfo", () => edited((xml) => xml, { keyInfo: false })],
  ["canonical form with comments", () => edited((xml) => xml, { canonical: "http://www.w3.org/2001/10/xml-exc-c14n#WithComments" })],
  [
    "prefixes that the canonical form keeps",
    () =>
      edited((xml) => xml.replace("<samlp:Response", '<samlp:Response xmlns:xs="http://www.w3.org/2001/XMLSchema"'), {
        inclusivePrefixes: ["xs", "saml"],
        what: "both",
      }),
  ],
  ["SHA-384", () => edited((xml) => xml, { method: `${MORE}rsa-sha384`, digest: `${MORE}sha384` })],
  ["SHA-512", () => edited((xml) => xml, { method: `${MORE}rsa-sha512`, digest: "http://www.w3.org/2001/04/xmlenc#sha512" })],
  [
    "a signature broken into lines",
    () => edited((xml) => xml).replace(/(<ds:SignatureValue>)([^<]+)/, (_, tag, text) => `${tag}\n${text.replace(/.{76}/g, "$&&#13;\n")}\n`),
  ],
  [
    "encrypted with AES-128 in GCM",
    () =>
      encryptAssertion(
        edited((xml) => xml),
        ours,
        { cipher: "aes-128-gcm" },
      ),
  ],
  [
    "encrypted with AES-192 in CBC",
    () =>
      encryptAssertion(
        edited((xml) => xml),
        ours,
        { cipher: "aes-192-cbc" },
      ),
  ],
  [
    "encrypted with OAEP of SHA-256",
    () =>
      encryptAssertion(
        edited((xml) => xml),
        ours,
        { keyMethod: "http://www.w3.org/2009/xmlenc11#rsa-oaep", hash: "sha256" },
      ),
  ],
  ["only the response around an encrypted assertion is signed", () => signResponse(encryptAssertion(responseXml(answerOf()), ours), { what: "response" })],
  [
    "the wrapped key beside the content",
    () =>
      encryptAssertion(
        edited((xml) => xml),
        ours,
      ).replace(
        /(<ds:KeyInfo.*?)(<xenc:EncryptedKey>)(.*<\/xenc:EncryptedKey>)(<\/ds:KeyInfo>.*<\/xenc:EncryptedData>)/,
        '$1<ds:RetrievalMethod URI="#k"/>$4<xenc:EncryptedKey xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="k">$3',
      ),
  ],
];

describe("signed by another implementation", () => {
  test.each(SIGNED_BY_OTHERS)("%s", (_name, xml) => {
    expect(check(xml, expectedOf({ settings: settingsOf([THEIR_CERTIFICATE]) }))).toMatchObject({ subject: "ada@acme.example", warnings: [] });
    const altered = xml.replace(/(<[^>]*NameID[^>]*>\s*)a/, "$1b");
    expect(altered).not.toBe(xml);
    expect(idp.refusalOf(() => check(altered, expectedOf({ settings: settingsOf([THEIR_CERTIFICATE]) })))).toBe("saml.signature");
  });
});

describe("valid layouts", () => {
  test.each(valid)("%s", (_name, make) => {
    expect(check(make())).toMatchObject({ subject: "ada@acme.example", warnings: [] });
  });

  test.each(["prime256v1 sha256", "secp384r1 sha384", "secp521r1 sha512"])("ECDSA with %s", (name) => {
    const [curve = "", hash = ""] = name.split(" ");
    const by = keyAndCertificate({ kind: { type: "ec", curve } });
    const xml = signResponse(responseXml(answerOf()), { by, method: `${MORE}ecdsa-${hash}`, what: "both" });
    expect(check(xml, expectedOf({ settings: settingsOf([by.certificate]) })).subject).toBe("ada@acme.example");
  });

  test("SAML-36 two certificates: either key signs during a rollover, and one that can't be read does not harm", () => {
    const next = keyAndCertificate();
    const settings = settingsOf(["not a certificate", idp.idpKey().certificate, next.certificate]);
    for (const by of [idp.idpKey(), next]) expect(check(signResponse(responseXml(answerOf()), { by }), expectedOf({ settings })).warnings).toEqual([]);
  });

  test("an expired certificate still vouches, and warns", () => {
    const by = keyAndCertificate({ to: new Date("2026-05-31T00:00:00Z") });
    const said = check(signResponse(responseXml(answerOf()), { by }), expectedOf({ settings: settingsOf([by.certificate]) }));
    expect(said.warnings).toEqual([expect.stringContaining("expired")]);
  });

  test("attributes: typed, nested, empty, without values, many, twice, friendly names, names of Object's own", () => {
    const attributes = `<saml:Attribute Name="typed"><saml:AttributeValue xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema" xsi:type="xs:string">a &amp; b</saml:AttributeValue></saml:Attribute>
      <saml:Attribute Name="nested"><saml:AttributeValue><saml:NameID>inner</saml:NameID></saml:AttributeValue></saml:Attribute>
      <saml:Attribute Name="empty"><saml:AttributeValue/></saml:Attribute><saml:Attribute Name="none"/>
      <saml:Attribute Name="many">${Array.from({ length: 1000 }, (_, at) => `<saml:AttributeValue>g${at}</saml:AttributeValue>`).join("")}</saml:Attribute>
      <saml:Attribute Name="twice"><saml:AttributeValue>1</saml:AttributeValue></saml:Attribute><saml:Attribute Name="twice"><saml:AttributeValue>2</saml:AttributeValue></saml:Attribute>
      <saml:Attribute Name="urn:oid:2.5.4.42" FriendlyName="givenName"><saml:AttributeValue>Ada</saml:AttributeValue></saml:Attribute>
      <saml:Attribute Name="urn:x" FriendlyName="twice"><saml:AttributeValue>no</saml:AttributeValue></saml:Attribute>
      <saml:Attribute Name="__proto__"><saml:AttributeValue>p</saml:AttributeValue></saml:Attribute>`;
    const { claims } = check(edited((xml) => xml.replace("</saml:AttributeStatement>", `${attributes}</saml:AttributeStatement>`)));
    expect(claims).toMatchObject({
      typed: ["a & b"],
      nested: ["inner"],
      empty: [],
      none: [],
      twice: ["1", "2"],
      givenName: ["Ada"],
      "urn:oid:2.5.4.42": ["Ada"],
    });
    expect(claims.many).toHaveLength(1000);
    expect(Object.getPrototypeOf(claims)).toBe(Object.prototype);
    expect(Object.entries(claims)).toContainEqual(["__proto__", ["p"]]);
  });

  test("unsolicited, and without attributes", () => {
    const xml = signResponse(responseXml(answerOf({ requestId: null })).replace(/<saml:AttributeStatement>.*<\/saml:AttributeStatement>/, ""));
    expect(check(xml, expectedOf({ requestId: null }))).toMatchObject({ claims: {}, sessionEndsAt: null, assertion: { endsAt: minutes(NOW, 6) } });
  });
});
