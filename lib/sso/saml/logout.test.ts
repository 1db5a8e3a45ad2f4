import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { RSA_SHA256, signatureOf } from "./algorithms";
import { type KeyAndCertificate, keyAndCertificate } from "./certificates.sample";
import type { Onward } from "../schema";
import { checkLogoutRequest } from "./check-logout-request";
import { checkLogoutResponse } from "./check-logout-response";
import { encoded, idpKey, minutes, NOW, refusalOf, settingsOf, signElement } from "./identity-provider.sample";
import { sendLogoutRequest, sendLogoutResponse } from "./logout-messages";

const SLO = "https://reeve.example/api/sso/acme/logout";
const expected = { settings: settingsOf(), sloUrl: SLO, allowsSha1: false, now: NOW };
const asked = { id: "_l1", endsAt: minutes(NOW, 6), subject: "ada@acme.example", sessionIndexes: ["_session1"] };

const requestXml = (attributes = "") =>
  `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_l1" Version="2.0" \
IssueInstant="${minutes(NOW, 0)}" Destination="${SLO}"${attributes}><saml:Issuer>https://idp.example/metadata</saml:Issuer>\
<saml:NameID>ada@acme.example</saml:NameID><samlp:SessionIndex>_session1</samlp:SessionIndex></samlp:LogoutRequest>`;

const packed = (xml: string) => encodeURIComponent(deflateRawSync(Buffer.from(xml)).toString("base64"));
function redirect(xml: string, { by = idpKey() as KeyAndCertificate, method = RSA_SHA256, relayState = "" } = {}): string {
  const state = relayState ? `&RelayState=${encodeURIComponent(relayState)}` : "";
  const query = `SAMLRequest=${packed(xml)}${state}&SigAlg=${encodeURIComponent(method)}`;
  return `${query}&Signature=${encodeURIComponent(signatureOf(method, query, by.key))}`;
}
const post = (xml: string, by = idpKey()) => ({ encoded: encoded(signElement(xml, "LogoutRequest", { by })), relayState: null });
const byRedirect = (query: string, more = {}) => refusalOf(() => checkLogoutRequest({ query }, { ...expected, ...more }));
const byPost = (xml: string, more = {}) => refusalOf(() => checkLogoutRequest({ encoded: encoded(xml), relayState: null }, { ...expected, ...more }));

describe("requests of the identity provider", () => {
  test("by redirect and by form, with what was sent along", () => {
    expect(checkLogoutRequest({ query: `?${redirect(requestXml(), { relayState: "a b&c" })}` }, expected)).toEqual({ ...asked, relayState: "a b&c" });
    expect(checkLogoutRequest(post(requestXml()), expected)).toEqual({ ...asked, relayState: null });
    const all = requestXml().replace(/<samlp:SessionIndex>.*<\/samlp:SessionIndex>/, "");
    expect(checkLogoutRequest(post(all), expected).sessionIndexes).toEqual([]);
    const ends = checkLogoutRequest(post(requestXml(` NotOnOrAfter="${minutes(NOW, 1)}"`)), expected).endsAt;
    expect(ends).toBe(minutes(NOW, 2));
  });
  test("ECDSA, lower-case escapes and another order of parameters", () => {
    const by = keyAndCertificate({ kind: { type: "ec", curve: "prime256v1" } });
    const settings = settingsOf([idpKey().certificate, by.certificate]);
    const query = redirect(requestXml(), { by, method: "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256" });
    expect(byRedirect(query, { settings })).toBe("passed");
    expect(byRedirect(redirect(requestXml()).split("&").reverse().join("&"))).toBe("passed");
    const lower = `SAMLRequest=${packed(requestXml())}&SigAlg=${encodeURIComponent(RSA_SHA256)}`.replace(/%[0-9A-F]{2}/g, (one) => one.toLowerCase());
    expect(byRedirect(`${lower}&Signature=${encodeURIComponent(signatureOf(RSA_SHA256, lower, idpKey().key))}`)).toBe("passed");
  });

  test("SAML-35 unsigned", () => {
    expect([byPost(requestXml()), byRedirect(`SAMLRequest=${packed(requestXml())}`)]).toEqual(["saml.unsigned", "saml.unsigned"]);
    expect(byRedirect(`SAMLRequest=${packed(signElement(requestXml(), "LogoutRequest"))}`)).toBe("saml.unsigned");
  });
  test("SAML-35 signed by another key, or changed after it was signed", () => {
    const by = keyAndCertificate();
    expect(refusalOf(() => checkLogoutRequest(post(requestXml(), by), expected))).toBe("saml.signature");
    expect(byRedirect(redirect(requestXml(), { by }))).toBe("saml.signature");
    expect(byRedirect(redirect(requestXml(), { relayState: "a" }).replace("RelayState=a", "RelayState=b"))).toBe("saml.signature");
    expect(byRedirect(`${redirect(requestXml())}&RelayState=b`)).toBe("saml.signature");
    expect(byRedirect(redirect(requestXml()).replace(packed(requestXml()), packed(requestXml().replace("ada", "bob"))))).toBe("saml.signature");
    expect(byPost(signElement(requestXml(), "LogoutRequest").replace("ada@", "bob@"))).toBe("saml.signature");
  });
  test("SAML-35 wrapped, twice, or by a method that is not accepted", () => {
    const signed = signElement(requestXml(), "LogoutRequest");
    const signature = /<ds:Signature[\s\S]*<\/ds:Signature>/.exec(signed)?.[0] ?? "";
    expect(
      byPost(
        requestXml()
          .replace("_l1", "_l2")
          .replace("</samlp:LogoutRequest>", () => `${signed}</samlp:LogoutRequest>`),
      ),
    ).toBe("saml.signature_scope");
    expect(byPost(signed.replace(signature, () => signature + signature))).toBe("saml.signature_scope");
    expect(byRedirect(`${redirect(requestXml())}&SAMLRequest=${packed(requestXml())}`)).toBe("saml.malformed");
    const sha1 = redirect(requestXml(), { method: "http://www.w3.org/2000/09/xmldsig#rsa-sha1" });
    expect([byRedirect(sha1), byRedirect(sha1, { allowsSha1: true })]).toEqual(["saml.algorithm", "passed"]);
    expect(byRedirect(redirect(requestXml()).replace("rsa-sha256", "hmac-sha256"))).toBe("saml.algorithm");
  });
  test.each([
    ["SAML-35 another issuer", "saml.issuer", (xml: string) => xml.replace("idp.example", "evil.example")],
    ["SAML-35 stale", "saml.time", (xml: string) => xml.replace(minutes(NOW, 0), minutes(NOW, -6.01))],
    ["from the future", "saml.time", (xml: string) => xml.replace(minutes(NOW, 0), minutes(NOW, 1.1))],
    ["over", "saml.time", (xml: string) => xml.replace(" Version", ` NotOnOrAfter="${minutes(NOW, -1)}" Version`)],
    ["without a time", "saml.conditions", (xml: string) => xml.replace(/ IssueInstant="[^"]*"/, "")],
    ["for another address", "saml.recipient", (xml: string) => xml.replace("/acme/", "/b/")],
    ["for no address", "saml.recipient", (xml: string) => xml.replace(/ Destination="[^"]*"/, "")],
    ["of nobody", "saml.subject", (xml: string) => xml.replace(/<saml:NameID>.*<\/saml:NameID>/, "")],
    ["of two", "saml.malformed", (xml: string) => xml.replace(/<saml:NameID>.*<\/saml:NameID>/, "$&$&")],
    ["another message", "saml.malformed", (xml: string) => xml.replaceAll("LogoutRequest", "AuthnRequest")],
    ["with a document type", "saml.malformed", (xml: string) => `<!DOCTYPE x>${xml}`],
  ])("%s", (_name, code, edit) => {
    expect(byRedirect(redirect(edit(requestXml())))).toBe(code);
    if (!/another message|document type/.test(_name)) expect(refusalOf(() => checkLogoutRequest(post(edit(requestXml())), expected))).toBe(code);
  });
  test("what unpacks to more than 64 kB is not unpacked", () => {
    expect(byRedirect(redirect(requestXml().replace("ada@", "a".repeat(50 * 2 ** 20))))).toBe("saml.malformed");
  });
});

describe("answers of the identity provider", () => {
  const isOurs = (id: string, relayState: string | null) => id === "_ours" && relayState === "mark";
  const answerXml = (attributes = ' InResponseTo="_ours"', status = "Success") =>
    `<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a1" Version="2.0" \
IssueInstant="${minutes(NOW, 0)}" Destination="${SLO}"${attributes}><saml:Issuer>https://idp.example/metadata</saml:Issuer>\
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${status}"/></samlp:Status></samlp:LogoutResponse>`;
  const check = (sent: Parameters<typeof checkLogoutResponse>[0]) => checkLogoutResponse(sent, { ...expected, isOurs });
  const byForm = (xml: string, by = idpKey()) => ({ encoded: encoded(signElement(xml, "LogoutResponse", { by })), relayState: "mark" });
  const byQuery = (xml: string, relayState = "mark") => ({ query: redirect(xml, { relayState }).replace("SAMLRequest=", "SAMLResponse=") });

  test("by form and by redirect; one that is not a success is none", () => {
    expect(check(byForm(answerXml()))).toEqual({ id: "_a1", endsAt: minutes(NOW, 6), relayState: "mark", isDone: true });
    const query = `SAMLResponse=${packed(answerXml())}&RelayState=mark&SigAlg=${encodeURIComponent(RSA_SHA256)}`;
    const signed = `${query}&Signature=${encodeURIComponent(signatureOf(RSA_SHA256, query, idpKey().key))}`;
    expect(check({ query: signed }).isDone).toBe(true);
    expect(check(byForm(answerXml(undefined, "Responder"))).isDone).toBe(false);
    expect(check(byForm(answerXml().replace(/<samlp:Status>.*<\/samlp:Status>/, ""))).isDone).toBe(false);
  });
  test.each([
    ["SAML-35 unsigned", "saml.unsigned", () => ({ encoded: encoded(answerXml()), relayState: "mark" })],
    ["SAML-35 signed by another key", "saml.signature", () => byForm(answerXml(), keyAndCertificate())],
    [
      "SAML-35 changed after it was signed",
      "saml.signature",
      () => ({ encoded: encoded(signElement(answerXml(undefined, "Responder"), "LogoutResponse").replace("Responder", "Success")), relayState: "mark" }),
    ],
    ["signed as a request", "saml.signature", () => byQuery(answerXml())],
    ["SAML-35 of another issuer", "saml.issuer", () => byForm(answerXml().replace("idp.example", "evil.example"))],
    ["for another address", "saml.recipient", () => byForm(answerXml().replace("/acme/", "/b/"))],
    ["stale", "saml.time", () => byForm(answerXml().replace(minutes(NOW, 0), minutes(NOW, -6.01)))],
    ["to no request", "saml.in_response_to", () => byForm(answerXml(""))],
    ["to another request", "saml.in_response_to", () => byForm(answerXml(' InResponseTo="_theirs"'))],
    ["without our relay state", "saml.in_response_to", () => ({ ...byForm(answerXml()), relayState: null })],
    ["a request instead", "saml.malformed", () => ({ ...post(requestXml()), relayState: "mark" })],
    ["no XML", "saml.malformed", () => ({ encoded: encoded("<a"), relayState: "mark" })],
    ["no base64", "saml.malformed", () => ({ encoded: "%%%", relayState: "mark" })],
    ["nothing", "saml.malformed", () => ({ encoded: "", relayState: "mark" })],
    ["with a document type", "saml.malformed", () => ({ encoded: encoded(`<!DOCTYPE x>${answerXml()}`), relayState: "mark" })],
  ])("%s", (_name, code, sent) => {
    expect(refusalOf(() => check(sent()))).toBe(code);
  });
});

describe("messages that we send", () => {
  const ours = keyAndCertificate({ name: "reeve.example" });
  const sender = {
    entityId: "https://reeve.example/api/sso/acme/metadata",
    privateKeyPem: ours.keyPem,
    certificatePem: ours.certificate,
    now: NOW,
    back: SLO,
    sloUrl: SLO,
    sloBinding: "redirect" as const,
    relayState: "r&1",
  };
  const there = { ...expected, settings: settingsOf([ours.certificate], sender.entityId), sloUrl: `${SLO}?t=1` };
  const ended = { id: "_o1", subject: 'a<b>&"c', nameIdFormat: "urn:f", sessionIndex: "_s&1" };
  const passed = { id: "_o1", endsAt: minutes(NOW, 6), subject: 'a<b>&"c', sessionIndexes: ["_s&1"], relayState: "r&1" };
  const urlOf = (sent: Onward) => ("url" in sent ? sent.url : "");
  const formOf = (sent: Onward) => ("post" in sent ? sent.post : { url: "", fields: {} as Record<string, string> });

  test("our request passes the same gate on the other side, by redirect and by form", () => {
    const url = urlOf(sendLogoutRequest({ ...sender, sloUrl: `${SLO}?t=1` }, ended));
    expect(url.startsWith(`${SLO}?t=1&SAMLRequest=`)).toBe(true);
    expect(checkLogoutRequest({ query: new URL(url).search }, there)).toEqual(passed);
    const form = formOf(sendLogoutRequest({ ...sender, sloUrl: `${SLO}?t=1`, sloBinding: "post" }, ended));
    expect(form).toMatchObject({ url: `${SLO}?t=1`, back: SLO, fields: { RelayState: "r&1" } });
    expect(checkLogoutRequest({ encoded: form.fields.SAMLRequest ?? "", relayState: form.fields.RelayState ?? null }, there)).toEqual(passed);
  });
  test("our answer passes too, with the relay state that was sent", () => {
    const isOurs = (id: string, relayState: string | null) => id === "_l1" && relayState === "r&1";
    const answer = { id: "_o2", inResponseTo: "_l1", isDone: true };
    const query = new URL(urlOf(sendLogoutResponse({ ...sender, sloUrl: `${SLO}?t=1` }, answer))).search;
    expect(checkLogoutResponse({ query: query.replace("?t=1&", "?") }, { ...there, isOurs })).toMatchObject({ id: "_o2", isDone: true });
    const { fields } = formOf(sendLogoutResponse({ ...sender, sloUrl: `${SLO}?t=1`, sloBinding: "post" }, answer));
    expect(checkLogoutResponse({ encoded: fields.SAMLResponse ?? "", relayState: fields.RelayState ?? null }, { ...there, isOurs })).toMatchObject({
      id: "_o2",
      isDone: true,
    });
  });
  test("a form has no relay state where none was sent", () => {
    expect(Object.keys(formOf(sendLogoutRequest({ ...sender, sloBinding: "post", relayState: null }, ended)).fields)).toEqual(["SAMLRequest"]);
  });
});
