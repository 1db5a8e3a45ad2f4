import http from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { RSA_SHA256, SHA256 } from "./algorithms";
import { keyAndCertificate } from "./certificates.sample";
import { checkResponse } from "./check-response";
import { answerOf, encoded, expectedOf, idpKey, refusalOf, responseXml, settingsOf, signedResponse, signResponse } from "./identity-provider.sample";

// What is refused before it is parsed, and what no signature may use.

const codeOf = (xml: string) => refusalOf(() => checkResponse(encoded(xml), expectedOf()));
const signed = signResponse(responseXml(answerOf()));
const stranger = keyAndCertificate();

/** The code, milliseconds and megabytes that an answer costs. */
function costOf(message: string): { code: string; ms: number; mb: number } {
  const memory = process.memoryUsage();
  const start = performance.now();
  const code = refusalOf(() => checkResponse(message, expectedOf()));
  const ms = performance.now() - start;
  const after = process.memoryUsage();
  return { code, ms, mb: (after.heapUsed + after.external - memory.heapUsed - memory.external) / 2 ** 20 };
}

const nested = (depth: number, name = "a") => `<${name}>`.repeat(depth) + `</${name}>`.repeat(depth);
const laughs = `<!DOCTYPE lolz [<!ENTITY a0 "lol">${Array.from({ length: 9 }, (_, at) => `<!ENTITY a${at + 1} "${`&a${at};`.repeat(10)}">`).join("")}]>`;
const BOMBS: [string, () => string, string][] = [
  ["entities that expand", () => encoded(laughs + signed.replace("ada@acme", "&a9;")), "saml.malformed"],
  ["50 MB", () => "A".repeat(50 * 2 ** 20), "saml.too_large"],
  ["just over 1 MiB", () => encoded(`<a>${"x".repeat(2 ** 20)}</a>`), "saml.too_large"],
  ["a depth of 10,000", () => encoded(nested(10_000)), "saml.malformed"],
  ["a depth of 130,000", () => encoded(nested(130_000)), "saml.malformed"],
  ["250,000 elements", () => encoded(`<a>${"<b/>".repeat(250_000)}</a>`), "saml.malformed"],
  ["100,000 attributes", () => encoded(`<a ${Array.from({ length: 100_000 }, (_, at) => `a${at}=""`).join(" ")}/>`), "saml.malformed"],
  ["a tag of 1 MB that never ends", () => encoded(`<a ${" ".repeat(1_000_000)}`), "saml.malformed"],
  ["1 MB of tags that open", () => encoded("<".repeat(1_000_000)), "saml.malformed"],
  ["1 MB of comments that open", () => encoded("<!--".repeat(250_000)), "saml.malformed"],
  ["200,000 references", () => encoded(`<a>${"&#65;".repeat(200_000)}</a>`), "saml.malformed"],
  ["a long name", () => encoded(`<${"a".repeat(1_000_000)}/>`), "saml.malformed"],
];

describe("what can't be read safely is refused before it is parsed", () => {
  test("SAML-17 document types and entities; nothing is fetched", async () => {
    let asked = 0;
    const server = http.createServer((_, answer) => answer.end(String(++asked))).listen(0);
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.dtd`;
    const types = [
      "<!DOCTYPE x>",
      `<!DOCTYPE x SYSTEM "${address}">`,
      `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>`,
      `<!DOCTYPE x [<!ENTITY % e SYSTEM "${address}"> %e;]>`,
      `<!doctype x [<!ENTITY e "x">]>`,
      `<?xml version="1.0"?>\n<!DOCTYPE x PUBLIC "-//x" "${address}">`,
    ];
    for (const type of types) expect(codeOf(type + signed)).toBe("saml.malformed");
    expect(codeOf(signed.replace("ada@acme", "&e;"))).toBe("saml.malformed");
    expect(codeOf(signed.replace("<samlp:Status>", '<!ENTITY e "x"><samlp:Status>'))).toBe("saml.malformed");
    await new Promise((done) => setTimeout(done, 50));
    server.close();
    expect(asked).toBe(0);
  });

  test.each(BOMBS)("SAML-18 %s", (_name, make, code) => {
    checkResponse(signedResponse(), expectedOf()); // the libraries are loaded
    const message = make();
    const cost = [costOf(message), costOf(message), costOf(message)].sort((a, b) => a.ms - b.ms)[0];
    expect(cost?.code).toBe(code);
    expect(cost?.ms).toBeLessThan(100);
    expect(cost?.mb).toBeLessThan(32);
  });

  test("SAML-18 5,000 elements, signed by a stranger, cost no more than reading them", () => {
    const attributes = { groups: Array.from({ length: 4_900 }, (_, at) => `g${at}`) };
    const message = signedResponse({ attributes }, { by: stranger });
    const cost = [costOf(message), costOf(message), costOf(message)].sort((a, b) => a.ms - b.ms)[0];
    expect(cost).toMatchObject({ code: "saml.signature" });
    expect(cost?.ms).toBeLessThan(400);
    expect(costOf(signedResponse({ attributes: { groups: Array.from({ length: 5_000 }, () => "g") } })).code).toBe("saml.malformed");
  });

  test.each([
    ["not base64", "<samlp:Response/>"],
    ["empty", ""],
    ["base64 of nothing that is XML", Buffer.from("hello").toString("base64")],
    ["UTF-16", Buffer.from(`\ufeff${signed}`, "utf16le").toString("base64")],
    ["Latin-1", Buffer.from(signed.replace("Ada", "Adä"), "latin1").toString("base64")],
    ["a declared encoding that is not UTF-8", encoded(`<?xml version="1.0" encoding="UTF-7"?>${signed}`)],
    ["XML 1.1", encoded(`<?xml version="1.1"?>${signed}`)],
    ["a control character", encoded(signed.replace("Ada", "A\u0001a"))],
    ["a numbered control character", encoded(signed.replace("Ada", "A&#0;a"))],
    ["a processing instruction", encoded(signed.replace("<samlp:Status>", "<?php x?><samlp:Status>"))],
    ["an attribute twice", encoded(signed.replace(' Version="2.0"', ' Version="2.0" Version="2.0"'))],
    ["elements that do not nest", encoded(signed.replace("</samlp:Status>", "</samlp:Response>"))],
    ["text after the end", encoded(`${signed}x`)],
    ["another message", encoded(signed.replaceAll("samlp:Response", "samlp:LogoutRequest"))],
    ["a response of SAML 1", encoded(signed.replaceAll("SAML:2.0:protocol", "SAML:1.0:protocol"))],
    ["no assertion", encoded(signed.replace(/<saml:Assertion[\s\S]*<\/saml:Assertion>/, ""))],
  ])("%s", (_name, message) => {
    expect(refusalOf(() => checkResponse(message, expectedOf()))).toBe("saml.malformed");
  });
});

const SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1";
const RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
const hmac = (xml: string, name: string) => xml.replace(RSA_SHA256, name);

describe("algorithms", () => {
  test.each([
    ["digest", { digest: SHA1 }],
    ["signature", { method: RSA_SHA1 }],
    ["both", { digest: SHA1, method: RSA_SHA1 }],
  ])("SAML-19 SHA-1 in the %s needs the connection's consent, and then warns", (_name, signing) => {
    const message = signedResponse({}, signing);
    expect(refusalOf(() => checkResponse(message, expectedOf()))).toBe("saml.algorithm");
    expect(checkResponse(message, expectedOf({ allowsSha1: true })).warnings).toEqual([expect.stringContaining("SHA-1")]);
  });
  test.each(["http://www.w3.org/2000/09/xmldsig#hmac-sha1", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", "urn:none", ""])(
    "SAML-20 %s as a signature",
    (name) => {
      expect(codeOf(hmac(signed, name))).toBe("saml.algorithm");
      expect(refusalOf(() => checkResponse(encoded(hmac(signed, name)), expectedOf({ allowsSha1: true })))).toBe("saml.algorithm");
    },
  );
  test("SAML-20 a method of another kind of key", () => {
    const ec = keyAndCertificate({ kind: { type: "ec", curve: "prime256v1" } });
    const message = encoded(signed.replace(RSA_SHA256, "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"));
    expect(refusalOf(() => checkResponse(message, expectedOf({ settings: settingsOf([idpKey().certificate, ec.certificate]) })))).toBe("saml.signature");
  });
  const EXC = '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>';
  test.each([
    ["XSLT", `<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>${EXC}`],
    ["XPath", `${EXC}<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>ancestor-or-self::x</ds:XPath></ds:Transform>`],
    ["base64", `<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#base64"/>${EXC}`],
    ["inclusive canonical form", '<ds:Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>'],
    ["none", ""],
    ["twice", EXC + EXC],
    ["of a foreign namespace", '<x:Transform xmlns:x="urn:x" Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'],
  ])("SAML-21 transform: %s", (_name, transforms) => {
    expect(signed).toContain(EXC);
    expect(codeOf(signed.replace(EXC, transforms))).toBe("saml.algorithm");
  });
  test("SAML-21 a canonical form of SignedInfo that is not exclusive, a digest that is not known", () => {
    const method = '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>';
    expect(codeOf(signed.replace(method, method.replace("2001/10/xml-exc-c14n#", "TR/2001/REC-xml-c14n-20010315")))).toBe("saml.algorithm");
    expect(codeOf(signed.replace(SHA256, "http://www.w3.org/2001/04/xmldsig-more#md5"))).toBe("saml.algorithm");
  });
});
