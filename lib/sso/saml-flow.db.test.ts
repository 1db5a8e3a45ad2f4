import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { actorOfToken } from "@/lib/identity/session";
import { forgetEnvironment } from "@/lib/kernel/env";
import { sweepExpired } from "@/lib/jobs/sweep";
import { execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { tries } from "@/lib/kernel/soak";
import { callAs, makeTestOrganization, type TestOrganization, testRequest } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { openSession } from "@/lib/identity/start-session";
import { arrive, begin, cookieOf, type Flow, makeConnection } from "./drive.sample";
import { keepTest, listEvidence, readEvidence } from "./keep-test";
import { serviceKeys } from "./library";
import { keyAndCertificate } from "./saml/certificates.sample";
import { checkLogoutRequest } from "./saml/check-logout-request";
import {
  encoded,
  encryptAssertion,
  idpKey,
  responseXml,
  answerOf,
  settingsOf,
  signedResponse,
  signElement,
  signResponse,
} from "./saml/identity-provider.sample";
import { serviceMetadata } from "./service-metadata";
import { type Onward, serviceAddresses, type TestResult } from "./schema";
import { takeSamlResponse } from "./take-answer";
import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { takeLogout, providerLogout } from "./logout";
import { RSA_SHA256, signatureOf } from "./saml/algorithms";

// ATTACKS §1 where it takes the database to decide, and the whole way of a SAML sign-in through gate, library and exchange.

const db = useTestDatabase();
const BASE = "http://localhost:3000";
let acme: TestOrganization;
let domain: string;
let issuer: string;
let connection: { id: string; slug: string; directoryId: string };

async function connect(options: Partial<Parameters<typeof makeConnection>[1]> = {}, certificates = [idpKey().certificate]) {
  issuer = `https://idp.example/${newId()}`;
  domain = `d${newId().slice(-12)}.example`;
  connection = await makeConnection(
    { protocol: "saml", settings: settingsOf(certificates, issuer) },
    { organizationId: acme.id, domains: [domain], ...options },
  );
}

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  process.env.REEVE_URL = BASE;
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  await connect();
});

const relayOf = (flow: Flow) => new URL(flow.to).searchParams.get("RelayState") ?? "";
function requestIdOf(flow: Flow): string {
  const xml = inflateRawSync(Buffer.from(new URL(flow.to).searchParams.get("SAMLRequest") ?? "", "base64")).toString("utf8");
  return /ID="([^"]+)"/.exec(xml)?.[1] ?? "";
}
type Changes = NonNullable<Parameters<typeof signedResponse>[0]>;
const answer = (requestId: string | null, changes: Changes = {}): Changes => {
  const { entityId, acsUrl } = serviceAddresses(BASE, connection.slug);
  return {
    issuer,
    entityId,
    acsUrl,
    requestId,
    now: new Date(),
    subject: `ada@${domain}`,
    attributes: { email: [`ada@${domain}`], name: ["Ada"] },
    ...changes,
  };
};
const post = (response: string, relay: string | null, slug = connection.slug) =>
  takeSamlResponse(slug, new URLSearchParams({ SAMLResponse: response, ...(relay === null ? {} : { RelayState: relay }) }), testRequest());
async function refusal(to: string): Promise<string | undefined> {
  const id = to.split("attempt=")[1] ?? newId();
  return (await asOwner<{ refusal: string }>(db.ownerUrl, "select refusal from sso_attempt where id = $1", [id]))[0]?.refusal;
}
type Person = { principalId: string; token: string };
async function signIn(changes: Changes = {}): Promise<Person> {
  const flow = await begin(connection.id);
  const arrived = await arrive(flow, await post(signedResponse(answer(requestIdOf(flow), changes)), relayOf(flow)));
  if ("to" in arrived) throw new Error(`refused: ${await refusal(arrived.to)}`);
  return arrived;
}

describe("a SAML sign-in", () => {
  it("opens a session for the person whom the signed assertion names", async () => {
    const { token } = await signIn();
    expect(await actorOfToken(token)).toMatchObject({ email: `ada@${domain}`, fullName: "Ada" });
  });

  it("by the POST binding sends a form with the request, and takes an assertion that is encrypted for us", async () => {
    const settings = { ...settingsOf([idpKey().certificate], `https://idp.example/${newId()}`), ssoBinding: "post" as const };
    issuer = settings.issuer;
    connection = await makeConnection({ protocol: "saml", settings }, { organizationId: acme.id });
    await asOwner(db.ownerUrl, "update sso_domain set connection_id = $1 where domain = $2", [connection.id, domain]);
    const flow = await begin(connection.id);
    expect(flow.to).toBe(settings.ssoUrl);
    const requestId = /ID="([^"]+)"/.exec(Buffer.from(flow.form?.SAMLRequest ?? "", "base64").toString("utf8"))?.[1] ?? "";
    const { certificate } = await serviceKeys();
    const xml = signResponse(responseXml(answerOf(answer(requestId, { subject: `enc@${domain}`, attributes: { email: [`enc@${domain}`] } }))));
    const to = await post(encoded(await encryptAssertion(xml, { ...idpKey(), certificate })), flow.form?.RelayState ?? "");
    expect(await arrive(flow, to)).toMatchObject({ principalId: expect.any(String) });
    await connect();
  });

  it("SAML-36: works with both keys of a rollover", async () => {
    const next = keyAndCertificate();
    await connect({}, [idpKey().certificate, next.certificate]);
    for (const by of [idpKey(), next]) {
      const flow = await begin(connection.id);
      const to = await post(signedResponse(answer(requestIdOf(flow)), { by }), relayOf(flow));
      expect(await arrive(flow, to)).toMatchObject({ principalId: expect.any(String) });
    }
  });

  it("SAML-27: ends when the provider says so", async () => {
    const sessionEndsAt = new Date(Date.now() + 600_000).toISOString();
    const { token } = await signIn({ sessionEndsAt });
    const [row] = await asOwner<{ left: number }>(
      db.ownerUrl,
      "select extract(epoch from expires_at - now())::float as left from session where sso_connection_id = $1 order by created_at desc limit 1",
      [connection.id],
    );
    expect(row?.left).toBeGreaterThan(590);
    expect(row?.left).toBeLessThanOrEqual(600);
    expect(await actorOfToken(token)).toBeDefined();
  });

  it("shows its metadata, with our certificate", async () => {
    const xml = await (await serviceMetadata(connection.slug)).text();
    expect(xml).toContain(`entityID="${serviceAddresses(BASE, connection.slug).entityId}"`);
    expect(xml).toContain((await serviceKeys()).certificate.replace(/-----[^-]+-----|\s/g, ""));
  });
});

describe("ATTACKS §1, in the flow", () => {
  it("SAML-28: one response is good once, also many times at once", async () => {
    const flow = await begin(connection.id);
    const response = signedResponse(answer(requestIdOf(flow)));
    const tos = await Promise.all(Array.from({ length: Math.max(10, tries(50)) }, () => post(response, relayOf(flow))));
    const ways = tos.filter((to) => to.includes("code="));
    expect(ways).toHaveLength(1);
    expect(await arrive(flow, ways[0] as string)).toMatchObject({ principalId: expect.any(String) });
    expect(await refusal(await post(response, relayOf(flow)))).toBe("saml.in_response_to");
  });

  it("SAML-28: an assertion that was used before is worth nothing in another response", async () => {
    const [first, second] = [await begin(connection.id), await begin(connection.id)];
    const assertionId = `_a${newId()}`;
    expect(await post(signedResponse(answer(requestIdOf(first), { assertionId })), relayOf(first))).toContain("code=");
    expect(await refusal(await post(signedResponse(answer(requestIdOf(second), { assertionId })), relayOf(second)))).toBe("saml.replayed");
  });

  it("SAML-29, SAML-23: a response for one connection is refused at another's address", async () => {
    const flow = await begin(connection.id);
    const mine = signedResponse(answer(requestIdOf(flow)));
    const other = await makeConnection({ protocol: "saml", settings: settingsOf([idpKey().certificate], `${issuer}/b`) }, { organizationId: acme.id });
    expect(await refusal(await post(mine, relayOf(flow), other.slug))).toBe("saml.in_response_to");
    await expect(post(mine, relayOf(flow), "no-such-connection")).rejects.toMatchObject({ code: "not_found" });
    expect(await post(mine, relayOf(flow))).toContain("code=");
  });

  it("SAML-30: an answer to no request, to an unknown one or of another browser is refused", async () => {
    const flow = await begin(connection.id);
    expect(await refusal(await post(signedResponse(answer("_unknown")), relayOf(flow)))).toBe("saml.in_response_to");
    const again = await begin(connection.id);
    expect(await refusal(await post(signedResponse(answer(null)), relayOf(again)))).toBe("saml.in_response_to");
    expect(await refusal(await post(signedResponse(answer("_unknown")), "boxyhq_jackson_unknown"))).toBe("saml.in_response_to");
    const [mine, theirs] = [await begin(connection.id), await begin(connection.id)];
    const to = await post(signedResponse(answer(requestIdOf(theirs))), relayOf(theirs));
    expect(await arrive(mine, to)).toEqual({ to: expect.stringContaining("/api/auth/callback/reeve?") }); // the session library finds another state
  });

  it("SAML-31: who comes unasked is refused, or sent on a sign-in of their own; never twice", async () => {
    const unasked = signedResponse(answer(null));
    expect(await refusal(await post(unasked, null))).toBe("saml.unsolicited");
    await connect({ allowsUnsolicited: true });
    const welcome = signedResponse(answer(null));
    expect(await post(welcome, "")).toBe(`/sign-in?connection=${connection.slug}`);
    expect(await refusal(await post(welcome, ""))).toBe("saml.replayed");
    await connect();
  });

  it("SAML-32: what stands in RelayState leads nowhere", async () => {
    for (const relay of ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "a\r\nlocation: x", "x".repeat(4_096)])
      expect(await refusal(await post(signedResponse(answer("_unknown")), relay))).toBe("saml.in_response_to");
  });

  it("refuses what the gate refuses, with its code, and leaves no session", async () => {
    const [before] = await asOwner<{ n: number }>(db.ownerUrl, "select count(*)::int as n from session");
    const flow = await begin(connection.id);
    expect(await refusal(await post(signedResponse(answer(requestIdOf(flow)), { what: "nothing" }), relayOf(flow)))).toBe("saml.unsigned");
    const other = await begin(connection.id);
    expect(await refusal(await post(signedResponse(answer(requestIdOf(other)), { by: keyAndCertificate() }), relayOf(other)))).toBe("saml.signature");
    expect(await asOwner(db.ownerUrl, "select count(*)::int as n from session")).toEqual([before]);
  });

  it("SAML-17, SAML-18: what answers nothing and can't be read gets a status, and an attempt with its reason", async () => {
    const deep = encoded("<a>".repeat(10_000) + "</a>".repeat(10_000));
    const laughs = encoded(`<!DOCTYPE x [<!ENTITY a "${"b".repeat(100)}"><!ENTITY c "${"&a;".repeat(100)}">]><x>&c;</x>`);
    for (const bad of ["not base64 at all", "", deep, laughs])
      await expect(post(bad, null)).rejects.toMatchObject({ code: "bad_request", reason: "saml.malformed" });
    await expect(post("A".repeat(1_480_000), "unknown")).rejects.toMatchObject({ code: "too_large", reason: "saml.too_large" });
    const rows = await asOwner<{ refusal: string; n: number }>(
      db.ownerUrl,
      "select refusal, count(*)::int as n from sso_attempt where connection_id = $1 and refusal in ('saml.malformed', 'saml.too_large') group by 1 order by 1",
      [connection.id],
    );
    expect(rows).toEqual([
      { refusal: "saml.malformed", n: 4 },
      { refusal: "saml.too_large", n: 1 },
    ]);
  });
});

it("a test login proves that forged copies of the answer are refused", async () => {
  const admin = acme.people["system-admin"];
  const { token } = await openSession(admin.id, "test", testRequest());
  const flow = await begin(connection.id, "test", admin);
  const arrived = await arrive(flow, await post(signedResponse(answer(requestIdOf(flow), { subject: `new@${domain}` })), relayOf(flow)), token);
  const id = "to" in arrived ? arrived.to.split("attempts/")[1] : undefined;
  const [row] = await asOwner<{ result: TestResult }>(db.ownerUrl, "select result from sso_attempt where id = $1", [id]);
  expect(row?.result.checks.map((check) => [check.check, check.ok])).toEqual([
    ["Signature, audience, recipient and times", true],
    ["Algorithm", true],
    ["Certificate", true],
    ["This answer without signature is refused", true],
    ["This answer for another audience is refused", true],
    ["This answer an hour after its end is refused", true],
    ["This answer changed after signing is refused", true],
  ]);
});

describe("a test login that is kept as evidence", () => {
  async function tested(response: (flow: Flow) => string) {
    const admin = acme.people["system-admin"];
    const { token } = await openSession(admin.id, "test", testRequest());
    const flow = await begin(connection.id, "test", admin);
    await arrive(flow, await post(response(flow), relayOf(flow)), token);
    const [row] = await asOwner<{ id: string; answer: string; version: number }>(
      db.ownerUrl,
      "select id, answer, version from sso_attempt where connection_id = $1 and mode = 'test' order by at desc limit 1",
      [connection.id],
    );
    return row as { id: string; answer: string; version: number };
  }
  const good = (flow: Flow) => signedResponse(answer(requestIdOf(flow), { subject: `kept@${domain}` }));
  const ofAdmin = () => callAs(acme.people["system-admin"]);
  const keep = (attemptId: string) => execute(keepTest, ofAdmin(), { connectionId: connection.id, attemptId });

  it("outlives its attempt byte for byte, with who, when, version and digest, once", async () => {
    const attempt = await tested(good);
    expect(attempt.answer).toContain(`kept@${domain}`);
    expect(attempt.answer).toContain("[redacted: ");
    const { id, sha256 } = await keep(attempt.id);
    await expect(keep(attempt.id)).rejects.toMatchObject({ code: "conflict" });
    await asOwner(db.ownerUrl, "update sso_attempt set at = at - interval '31 days' where id = $1", [attempt.id]);
    expect((await sweepExpired()).sso_attempt).toBeGreaterThan(0);
    const [row] = await ask(listEvidence, ofAdmin(), { connectionId: connection.id });
    expect(row).toMatchObject({ id, attemptId: attempt.id, version: attempt.version, outcome: "tested", sha256 });
    expect([row?.testedBy, row?.keptBy].every(Boolean)).toBe(true);
    const { record } = await ask(readEvidence, ofAdmin(), { connectionId: connection.id, evidenceId: id });
    expect(createHash("sha256").update(record).digest("hex")).toBe(sha256);
    expect(JSON.parse(record)).toMatchObject({
      format: "reeve sso test 1",
      attempt: attempt.id,
      outcome: "tested",
      result: { subject: `kept@${domain}` },
      answer: attempt.answer,
    });
    const [entry] = await asOwner<{ after: object }>(
      db.ownerUrl,
      "select after from audit_entry where action = 'sso-connection.test-kept' and target_id = $1",
      [connection.id],
    );
    expect(entry?.after).toMatchObject({ evidence: id, sha256, version: attempt.version });
  });

  it("may be one that was refused, with the answer that was", async () => {
    const attempt = await tested((flow) => signedResponse(answer(requestIdOf(flow)), { what: "nothing" }));
    expect(attempt.answer).toContain(`ada@${domain}`);
    const { id } = await keep(attempt.id);
    const { record } = await ask(readEvidence, ofAdmin(), { connectionId: connection.id, evidenceId: id });
    expect(JSON.parse(record)).toMatchObject({ outcome: "refused", refusal: "saml.unsigned", result: null });
  });

  it("is no sign-in, and nothing is kept of those", async () => {
    await signIn();
    const [row] = await asOwner<{ id: string; answer: string | null }>(
      db.ownerUrl,
      "select id, answer from sso_attempt where connection_id = $1 and mode = 'sign_in' and outcome = 'signed_in' order by at desc limit 1",
      [connection.id],
    );
    expect(row?.answer).toBeNull();
    await expect(keep(row?.id ?? "")).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("single logout", () => {
  /** The query of a logout request by redirect, signed by the connection's provider unless said otherwise. */
  function logout(subject: string, { by = issuer, isSigned = true, relayState = "" } = {}): string {
    const { sloUrl } = serviceAddresses(BASE, connection.slug);
    const xml = `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_${newId()}" Version="2.0" \
IssueInstant="${new Date().toISOString()}" Destination="${sloUrl}"><saml:Issuer>${by}</saml:Issuer><saml:NameID>${subject}</saml:NameID></samlp:LogoutRequest>`;
    const query = `SAMLRequest=${encodeURIComponent(deflateRawSync(Buffer.from(xml)).toString("base64"))}${relayState && `&RelayState=${relayState}`}`;
    const signed = `${query}&SigAlg=${encodeURIComponent(RSA_SHA256)}`;
    return isSigned ? `${signed}&Signature=${encodeURIComponent(signatureOf(RSA_SHA256, signed, idpKey().key))}` : query;
  }
  const take = (query: string) => takeLogout(connection.slug, { query }, testRequest());
  const refusals = async () =>
    (
      await asOwner<{ reason: string }>(db.ownerUrl, "select reason from audit_entry where target_id = $1 and outcome = 'denied' order by seq", [connection.id])
    ).map((row) => row.reason);
  const knowsSlo = (binding: "redirect" | "post") =>
    asOwner(
      db.ownerUrl,
      "update sso_connection set settings = settings || jsonb_build_object('sloUrl', 'https://idp.example/slo', 'sloBinding', $2::text) where id = $1",
      [connection.id, binding],
    );

  it("SAML-35: ends the sessions that a signed request names, once, and nothing without a signature", async () => {
    const one = await signIn({ subject: `slo@${domain}`, attributes: { email: [`slo@${domain}`] } });
    const other = await signIn();
    const subject = `slo@${domain}`;
    await asOwner(db.ownerUrl, "delete from throttle");
    await expect(take(logout(subject, { isSigned: false }))).rejects.toMatchObject({ code: "bad_request" });
    expect(await refusals()).toEqual(["sso.saml.unsigned"]);
    await expect(take(logout(subject, { by: "https://evil.example" }))).rejects.toMatchObject({ code: "bad_request" });
    expect(await actorOfToken(one.token)).toBeDefined();
    const signed = logout(subject);
    expect(await take(signed)).toEqual({ url: "/sign-in" });
    expect(await actorOfToken(one.token)).toBeUndefined();
    expect(await actorOfToken(other.token)).toBeDefined();
    await expect(take(signed)).rejects.toMatchObject({ code: "bad_request" });
  });

  it("signing out here goes on to a provider that takes it", async () => {
    const { token } = await signIn();
    expect(await providerLogout(cookieOf(token))).toBeUndefined();
    await knowsSlo("redirect");
    const onward = await providerLogout(cookieOf(token));
    const to = new URL(onward && "url" in onward ? onward.url : "");
    expect([to.origin + to.pathname, to.searchParams.has("Signature")]).toEqual(["https://idp.example/slo", true]);
    expect(inflateRawSync(Buffer.from(to.searchParams.get("SAMLRequest") ?? "", "base64")).toString()).toContain(`ada@${domain}`);
    expect(await providerLogout(cookieOf())).toBeUndefined();
  });

  describe("with a provider that takes POST only", () => {
    const formOf = (onward: Onward | undefined) => {
      if (!onward || !("post" in onward)) throw new Error("no form");
      return onward.post;
    };
    /** Signs somebody out here; gives the form for the provider, and what an answer to it names. */
    async function asked() {
      await knowsSlo("post");
      const { token } = await signIn();
      const { url, fields, back } = formOf(await providerLogout(cookieOf(token)));
      const xml = Buffer.from(fields.SAMLRequest ?? "", "base64").toString("utf8");
      return { url, back, fields, xml, id: /\sID="([^"]+)"/.exec(xml)?.[1] ?? "", relayState: fields.RelayState ?? "" };
    }
    const answerTo = (id: string, { status = "Success", isSigned = true } = {}) => {
      const { sloUrl } = serviceAddresses(BASE, connection.slug);
      const xml = `<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_${newId()}" Version="2.0" \
IssueInstant="${new Date().toISOString()}" Destination="${sloUrl}" InResponseTo="${id}"><saml:Issuer>${issuer}</saml:Issuer><samlp:Status><samlp:StatusCode \
Value="urn:oasis:names:tc:SAML:2.0:status:${status}"/></samlp:Status></samlp:LogoutResponse>`;
      return encoded(isSigned ? signElement(xml, "LogoutResponse") : xml);
    };
    const takeForm = (fields: Record<string, string>) => takeLogout(connection.slug, { form: new URLSearchParams(fields) }, testRequest());
    const CONFIRMED = { url: "/sign-in" };
    const UNCONFIRMED = { url: "/sign-in?error=saml.logout" };

    it("sends a form there that is signed by us and comes back to us alone", async () => {
      const { url, back, xml, relayState } = await asked();
      const { entityId, sloUrl } = serviceAddresses(BASE, connection.slug);
      expect([url, back]).toEqual(["https://idp.example/slo", sloUrl]);
      expect(relayState).toHaveLength(43);
      expect(xml).toContain(`ada@${domain}`);
      const { certificate } = await serviceKeys();
      const there = { settings: settingsOf([certificate], entityId), sloUrl: url, allowsSha1: false, now: new Date() };
      expect(checkLogoutRequest({ encoded: encoded(xml), relayState }, there)).toMatchObject({ subject: `ada@${domain}`, relayState });
    });

    it("SAML-35: believes its signed answer to our request once", async () => {
      const { id, relayState: RelayState } = await asked();
      const fields = { SAMLResponse: answerTo(id), RelayState };
      expect(await takeForm(fields)).toEqual(CONFIRMED);
      expect(await takeForm(fields)).toEqual(UNCONFIRMED); // replayed
      expect(await takeForm({ SAMLResponse: answerTo(id, { status: "Responder" }), RelayState })).toEqual(UNCONFIRMED);
    });

    it.each(["unsigned", "malformed", "to another request", "to a request of another connection", "with a request beside it"])(
      "SAML-35: an answer %s confirms nothing, changes nothing and leaves an entry",
      async (what) => {
        const { token } = await signIn();
        const { id, relayState: RelayState } = await asked();
        await asOwner(db.ownerUrl, "delete from throttle");
        const before = await refusals();
        const sent: Record<string, [Record<string, string>, string]> = {
          unsigned: [{ SAMLResponse: answerTo(id, { isSigned: false }), RelayState }, "sso.saml.unsigned"],
          malformed: [{ SAMLResponse: "%%%", RelayState }, "sso.saml.malformed"],
          "to another request": [{ SAMLResponse: answerTo("_other"), RelayState }, "sso.saml.in_response_to"],
          "to a request of another connection": [{ SAMLResponse: answerTo(id), RelayState: "x".repeat(43) }, "sso.saml.in_response_to"],
          "with a request beside it": [{ SAMLResponse: answerTo(id), SAMLRequest: "x", RelayState }, "sso.saml.malformed"],
        };
        const [fields, reason] = sent[what] ?? [{}, ""];
        expect(await takeForm(fields)).toEqual(UNCONFIRMED);
        expect((await refusals()).slice(before.length)).toEqual([reason]);
        expect(await actorOfToken(token)).toBeDefined();
      },
    );

    it("its own request is answered by a form, with its relay state", async () => {
      await knowsSlo("post");
      const { fields, url } = formOf(await take(`${logout(`slo@${domain}`, { relayState: "theirs" })}`));
      expect([url, fields.RelayState]).toEqual(["https://idp.example/slo", "theirs"]);
      const xml = Buffer.from(fields.SAMLResponse ?? "", "base64").toString("utf8");
      expect(xml).toMatch(/InResponseTo="_[^"]+"/);
      expect(xml).toContain("<ds:Signature");
    });
  });
});
