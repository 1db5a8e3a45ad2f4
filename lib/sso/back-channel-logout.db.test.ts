import { createHmac, sign } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { POST } from "@/app/api/sso/[connection]/backchannel-logout/route";
import { actorOfToken } from "@/lib/identity/session";
import { openSession } from "@/lib/identity/start-session";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { makePerson, makeTestOrganization, type TestOrganization, testRequest } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { makeConnection } from "./drive.sample";
import { startProvider, type TestProvider } from "./openid-provider.sample";
import { rsaKeys } from "@/lib/kernel/key-pairs.sample";

// OpenID Connect Back-Channel Logout 1.0, against a provider of the test's own: what it may say ends exactly the sessions that it names, and
// nothing else that somebody could post ends any.

const db = useTestDatabase();
let acme: TestOrganization;
let provider: TestProvider;
let other: TestProvider;
let connection: { id: string; slug: string };

const connect = async (to: TestProvider) => {
  const settings = { issuer: to.issuer, clientId: to.clientId, scopes: ["openid"], endSessionUrl: null };
  return makeConnection({ protocol: "oidc", settings, secret: to.secret }, { organizationId: acme.id, domains: [] });
};

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  process.env.REEVE_URL = "http://localhost:3000";
  process.env.REEVE_ALLOW_NETWORKS = "127.0.0.0/8";
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  [provider, other] = [await startProvider(), await startProvider()];
  connection = await connect(provider);
});
afterAll(async () => {
  await provider.stop();
  await other.stop();
});

type Claims = Record<string, unknown>;
const FORM = "application/x-www-form-urlencoded";

async function post(body: string, slug = connection.slug, type = FORM): Promise<Response> {
  const request = new Request(`http://localhost:3000/api/sso/${slug}/backchannel-logout`, { method: "POST", headers: { "content-type": type }, body });
  const answer = await POST(request, { params: Promise.resolve({ connection: slug }) });
  expect(answer.headers.get("cache-control")).toBe("no-store");
  return answer;
}
const send = (token: string, slug?: string) => post(new URLSearchParams({ logout_token: token }).toString(), slug);

/** Somebody with two sessions through the connection and one without. */
async function signedOn() {
  const subject = `ada-${newId()}`;
  const person = await makePerson(acme.id, "viewer", acme.own.workspace.id);
  const open = (sessionIndex: string) =>
    openSession(person.id, "sso", testRequest(), { signedOn: { connectionId: connection.id, subject, sessionIndex, endsAt: null } });
  const sessions = { one: await open(`${subject}-1`), two: await open(`${subject}-2`), local: await openSession(person.id, "local", testRequest()) };
  const live = async () => {
    const names = [];
    for (const [name, { token }] of Object.entries(sessions)) if (await actorOfToken(token)) names.push(name);
    return names;
  };
  return { subject, one: `${subject}-1`, sessions, live };
}

describe("what the provider says", () => {
  it("ends the session that it names, at once and audited", async () => {
    const { subject, one, live, sessions } = await signedOn();
    expect((await send(provider.logoutToken({ sub: subject, sid: one }))).status).toBe(200);
    expect(await live()).toEqual(["two", "local"]);
    const entries = await asOwner(
      db.ownerUrl,
      "select action, reason, target_id, actor_name, credential_label from audit_entry where target_id = $1 and action = 'session.ended'",
      [sessions.one.id],
    );
    expect(entries).toEqual([
      { action: "session.ended", reason: "single_logout", target_id: sessions.one.id, actor_name: expect.any(String), credential_label: "back-channel logout" },
    ]);
  });
  it("by the session alone", async () => {
    const { one, live } = await signedOn();
    expect((await send(provider.logoutToken({ sid: one }))).status).toBe(200);
    expect(await live()).toEqual(["two", "local"]);
  });
  it("by the subject alone: all that came through the connection", async () => {
    const { subject, live } = await signedOn();
    expect((await send(provider.logoutToken({ sub: subject }))).status).toBe(200);
    expect(await live()).toEqual(["local"]);
  });
  it("of somebody who is signed out already, or of nobody here, is done too", async () => {
    const { live } = await signedOn();
    expect((await send(provider.logoutToken({ sub: "nobody" }))).status).toBe(200);
    expect(await live()).toEqual(["one", "two", "local"]);
  });
  it.each([
    ["without a type or an end", { exp: undefined }, { typ: undefined }],
    ["with the type JWT", {}, { typ: "JWT" }],
    ["for several audiences", { aud: ["reeve", "another"] }, {}],
    ["without a key id", {}, { kid: undefined }],
    ["a minute ahead of our clock", { iat: Math.floor(Date.now() / 1_000) + 50 }, {}],
  ])("is taken %s", async (_name, claims, header) => {
    const { subject, live } = await signedOn();
    expect((await send(provider.logoutToken({ sub: subject, ...claims }, header))).status).toBe(200);
    expect(await live()).toEqual(["local"]);
  });
  it("with a new key is taken after the old ones were kept", async () => {
    const { subject, live } = await signedOn();
    provider.rotate();
    const kept = globalThis.reeveProviderKeys?.get(provider.issuer);
    if (kept) kept.at -= 31_000; // a new key is looked for every half minute at most
    expect((await send(provider.logoutToken({ sub: subject }))).status).toBe(200);
    expect(await live()).toEqual(["local"]);
  });
  it("of another connection's people changes nothing here", async () => {
    const elsewhere = await connect(other);
    const { subject, live } = await signedOn();
    expect((await send(other.logoutToken({ sub: subject }), elsewhere.slug)).status).toBe(200);
    expect(await live()).toEqual(["one", "two", "local"]);
  });
});

describe("what is refused, and ends nothing", () => {
  const seconds = () => Math.floor(Date.now() / 1_000);
  const EVENT = "http://schemas.openid.net/event/backchannel-logout";
  const refused = async (token: string, slug?: string) => {
    const answer = await send(token, slug);
    expect(await answer.json()).toMatchObject({ error: "invalid_request", error_description: expect.any(String) });
    return answer.status;
  };
  const claims: [string, Claims][] = [
    ["another issuer", { iss: "https://elsewhere.example" }],
    ["no issuer", { iss: undefined }],
    ["another audience", { aud: "another" }],
    ["no audience", { aud: undefined }],
    ["no time", { iat: undefined }],
    ["a time that is text", { iat: String(Date.now()) }],
    ["too old", { iat: seconds() - 600, exp: undefined }],
    ["from the future", { iat: seconds() + 600 }],
    ["over", { exp: seconds() - 120 }],
    ["not valid yet", { nbf: seconds() + 600 }],
    ["no id", { jti: undefined }],
    ["an empty id", { jti: "" }],
    ["no events", { events: undefined }],
    ["another event", { events: { "https://elsewhere.example/event": {} } }],
    ["events as a list", { events: [EVENT] }],
    ["an event that is no object", { events: { [EVENT]: true } }],
    ["a nonce", { nonce: "n" }],
    ["an empty nonce", { nonce: "" }],
    ["nobody named", { sub: undefined }],
    ["a subject that is no text", { sub: { $ne: null } }],
    ["a session that is no text", { sid: ["1"] }],
  ];
  it.each(claims)("%s", async (_name, change) => {
    const { subject, live } = await signedOn();
    expect(await refused(provider.logoutToken({ sub: subject, ...change }))).toBe(400);
    expect(await live()).toEqual(["one", "two", "local"]);
  });
  it.each<[string, Claims]>([
    ["no algorithm", { alg: undefined }],
    ["an access token's type", { typ: "at+jwt" }],
    ["a critical extension", { crit: ["x"] }],
    ["an unknown key", { kid: "unknown" }],
    ["a key id that is no text", { kid: 1 }],
  ])("a header with %s", async (_name, header) => {
    const { subject, live } = await signedOn();
    expect(await refused(provider.logoutToken({ sub: subject }, header))).toBe(400);
    expect(await live()).toEqual(["one", "two", "local"]);
  });
  it("a signature of another key, of the public key as a secret, of none, and none at all", async () => {
    const { subject, live } = await signedOn();
    const [header = "", payload = "", signature = ""] = provider.logoutToken({ sub: subject }).split(".");
    const with_ = (change: Claims, make: (text: string) => Buffer) => {
      const changed = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(header, "base64url").toString()), ...change })).toString("base64url");
      return `${changed}.${payload}.${make(`${changed}.${payload}`).toString("base64url")}`;
    };
    const { privateKey } = rsaKeys();
    const hmac = (text: string) => createHmac("sha256", provider.publicKey()).update(text).digest();
    const forged = [
      with_({}, (text) => sign("sha256", Buffer.from(text), privateKey)),
      with_({ alg: "HS256" }, hmac),
      with_({ alg: "HS256", kid: undefined }, hmac),
      with_({ alg: "none" }, () => Buffer.from("x")),
      with_({ alg: "RS512" }, (text) => sign("sha512", Buffer.from(text), privateKey)),
      with_({ jwk: privateKey.export({ format: "jwk" }) }, (text) => sign("sha256", Buffer.from(text), privateKey)),
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${header}.${Buffer.from(JSON.stringify({ sub: subject })).toString("base64url")}.${signature}`,
      `${header}.${payload}.${signature}.${signature}`,
      "",
      "a.b.c",
      "x".repeat(20_000),
    ];
    for (const token of forged) expect(await refused(token), token.slice(0, 80)).toBe(400);
    expect(await live()).toEqual(["one", "two", "local"]);
  });
  it("another provider's token, however right it says it is", async () => {
    const { subject, live } = await signedOn();
    expect(await refused(other.logoutToken({ sub: subject }))).toBe(400);
    expect(await refused(other.logoutToken({ sub: subject, iss: provider.issuer }))).toBe(400);
    expect(await live()).toEqual(["one", "two", "local"]);
  });
  it("a token a second time, at once too", async () => {
    const first = await signedOn();
    const token = provider.logoutToken({ sub: first.subject });
    expect((await Promise.all(Array.from({ length: 5 }, () => send(token)))).map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
  });
  it("an id token of the same provider", async () => {
    const { subject, live } = await signedOn();
    expect(await refused(provider.logoutToken({ sub: subject, nonce: "n", events: undefined, jti: undefined }, { typ: "JWT" }))).toBe(400);
    expect(await live()).toEqual(["one", "two", "local"]);
  });
  it("a form without a token, with two, as JSON, too large, or for no connection of this kind", async () => {
    const { subject, live } = await signedOn();
    const token = () => provider.logoutToken({ sub: subject });
    expect((await post("")).status).toBe(400);
    expect((await post(`logout_token=${token()}&logout_token=${token()}`)).status).toBe(400);
    expect((await post(JSON.stringify({ logout_token: token() }), connection.slug, "application/json")).status).toBe(400);
    expect((await post(`logout_token=${token()}&x=${"x".repeat(40_000)}`)).status).toBe(400);
    expect(await refused(token(), "no-such-connection")).toBe(400);
    expect(await live()).toEqual(["one", "two", "local"]);
  });
  it("what is refused costs the provider no call for what it did not sign for us, and few for keys that nobody has", async () => {
    const { subject } = await signedOn();
    await send(provider.logoutToken({ sub: subject }));
    const before = provider.asked.length;
    for (let count = 0; count < 20; count++) await refused(provider.logoutToken({ sub: subject }, { kid: `unknown-${count}` }));
    for (let count = 0; count < 20; count++) await refused(provider.logoutToken({ sub: subject, aud: "another" }));
    expect(provider.asked.length - before).toBeLessThanOrEqual(2);
  });
  it("and stands in the trail, counted", async () => {
    const rows = await asOwner<{ reason: string }>(
      db.ownerUrl,
      "select distinct reason from audit_entry where action = 'credential.refused' and target_name = 'back-channel logout' order by 1",
    );
    expect(rows.map((row) => row.reason)).toEqual(expect.arrayContaining(["oidc.token nonce", "oidc.token signature", "oidc.replayed"]));
  });
});
