import { describe, expect, it } from "vitest";
import { openedAnswerText, openidAnswerText, samlAnswerText } from "./answer-text";
import { keyAndCertificate } from "./saml/certificates.sample";
import { answerOf, encoded, encryptAssertion, responseXml, signedResponse, signResponse } from "./saml/identity-provider.sample";

// What is shown and kept of a provider's answer: readable, and good for nothing else.

describe("a SAML response", () => {
  it("is shown decoded, with its signature's value left out and what it says left in", () => {
    const text = samlAnswerText(signedResponse()) ?? "";
    expect(text).toContain("ada@acme.example");
    expect(text).toContain("<ds:DigestValue>");
    expect(text).toMatch(/<ds:SignatureValue>\[redacted: \d{3} characters\]<\/ds:SignatureValue>/);
  });

  it("names no secret that an attribute holds", () => {
    const answer = answerOf({ attributes: { email: ["ada@acme.example"], apiToken: ["tok-1", "tok-2"], note: ["AKIAABCDEFGHIJKLMNOP"] } });
    const text = samlAnswerText(encoded(responseXml(answer))) ?? "";
    expect(text).not.toMatch(/tok-|AKIAABC/);
    expect(text.match(/\[redacted\]/g)).toHaveLength(3);
  });

  it("is shown as far as it can be read when it is no XML", () => {
    expect(samlAnswerText(Buffer.from('<a><SignatureValue Id="x">abc').toString("base64"))).toBe('<a><SignatureValue Id="x">[redacted: 3 characters]');
    expect(samlAnswerText(Buffer.from("\0\x1b[2J").toString("base64"))).toBe("\ufffd\ufffd[2J");
    expect(samlAnswerText("")).toBeUndefined();
    expect((samlAnswerText(Buffer.alloc(1_000_000, "a").toString("base64")) ?? "").length).toBeLessThan(201_000);
  });

  it("names none however its tag is written", () => {
    const shown = (xml: string) => samlAnswerText(Buffer.from(xml).toString("base64")) ?? "";
    for (const tag of [
      `Attribute Label="a>b" Name="apiToken"`,
      `saml:Attribute FriendlyName='Name="note"' Name = 'apiToken'`,
      `Attribute\nName="apiToken" x='"'`,
    ])
      for (const inner of ["<V>canary</V>", "canary", "<V><![CDATA[canary]]></V>", "<!-- canary --><V/>", "<V>a > canary</V>"])
        expect(shown(`<${tag}>${inner}</${tag.split(/\s/)[0]} ><b>kept</b>`), inner).toMatch(/^(?!.*canary)[\s\S]*<b>kept<\/b>$/);
  });

  it("is read at once, whatever is sent", () => {
    const pieces = [
      "<Attribute ",
      "<a:Attribute Name",
      "<CipherValue",
      "<SignatureValue ",
      `<Attribute Name="token">`,
      `<Attribute Name="token">></Attribute `,
      `<Attribute x="`,
      'Name="',
    ];
    for (const piece of pieces) {
      const begun = performance.now();
      samlAnswerText(Buffer.from(piece.repeat(290_000 / piece.length)).toString("base64"));
      samlAnswerText(Buffer.from(`<Attribute ${piece.repeat(290_000 / piece.length)}`).toString("base64"));
      expect(performance.now() - begun, piece).toBeLessThan(3_000);
    }
  });

  it("shows what was encrypted only opened on purpose, and no cipher text", () => {
    const ours = keyAndCertificate();
    const sealed = encoded(encryptAssertion(signResponse(responseXml(answerOf())), ours));
    expect(samlAnswerText(sealed)).not.toContain("ada@acme.example");
    expect(samlAnswerText(sealed)).toMatch(/CipherValue>\[redacted: \d+ characters\]/);
    const opened = openedAnswerText(sealed, ours.keyPem) ?? "";
    expect(opened).toContain("<!-- The assertion, decrypted -->");
    expect(opened).toContain("ada@acme.example");
    expect(opened).not.toMatch(/SignatureValue>[A-Za-z0-9+/]/);
  });
});

describe("an OpenID provider's answer", () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  it("is its id token's readable parts and what its userinfo said, without hashes and signature", () => {
    const idToken = `${part({ alg: "RS256" })}.${part({ sub: "s", email: "ada@acme.example", at_hash: "h-1" })}.c2lnbmF0dXJl`;
    const text = openidAnswerText({ idToken, userinfo: { sub: "s", access_token: "t-1" } }) ?? "";
    expect(JSON.parse(text)).toEqual({
      "id token": { header: { alg: "RS256" }, payload: { sub: "s", email: "ada@acme.example", at_hash: "[redacted]" }, signature: "[redacted]" },
      userinfo: { sub: "s", access_token: "[redacted]" },
    });
    expect(text).not.toContain("c2lnbmF0dXJl");
  });
  it("is nothing when nothing came, and says what can't be read", () => {
    expect(openidAnswerText({})).toBeUndefined();
    expect(openidAnswerText({ idToken: "a.b" })).toContain("can't be read");
  });
});
