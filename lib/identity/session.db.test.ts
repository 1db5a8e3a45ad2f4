import { beforeAll, beforeEach, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { sessionAdapter } from "@/lib/identity/adapter";
import { knownDevice, rememberDevice } from "@/lib/identity/known-device";
import { cookiesOf, sessionActor, tokenHash } from "@/lib/identity/session";
import { openSession } from "@/lib/identity/start-session";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { makeTestOrganization, type TestOrganization, testRequest } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";

const db = useTestDatabase();
let organization: TestOrganization;
let token: string;

const actorNow = (value = token) => sessionActor(cookiesOf(new Headers({ cookie: `theme=dark; reeve.session=${value}; a=b` })));
const change = (text: string) => asOwner(db.ownerUrl, text);

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  organization = await makeTestOrganization();
});
beforeEach(async () => {
  ({ token } = await openSession(organization.people.contributor.id, "test", testRequest()));
});

it("finds the person with the grants that hold now", async () => {
  const actor = await actorNow();
  expect(actor).toMatchObject({ id: organization.people.contributor.id, kind: "user", credential: { kind: "session" } });
  expect(actor?.grants.map((grant) => grant.role).sort()).toEqual(["contributor", "member"]);
});

it.each([
  ["", "no cookie"],
  ["x", "a wrong form"],
  ["A".repeat(43), "an unknown token"],
  [`${"A".repeat(43)}%00`, "a NUL"],
  ["' or 1=1 --", "SQL"],
])("knows nobody by %j (%s)", async (value) => {
  expect(await actorNow(value)).toBeUndefined();
});

it("does not take what is stored for the token", async () => {
  const [row] = await asOwner<{ hex: string }>(db.ownerUrl, "select encode(token_sha256, 'hex') as hex from session where token_sha256 = $1", [
    tokenHash(token),
  ]);
  expect(await actorNow(row?.hex)).toBeUndefined();
});

it.each([
  ["the session is deleted", "delete from session"],
  ["its seven days are over", "update session set expires_at = now()"],
  ["nobody used it for 24 hours", "update session set last_seen_at = now() - interval '24 hours'"],
])("WEB-6: holds no more on the next request when %s", async (_when, text) => {
  expect(await actorNow()).toBeDefined();
  await change(text);
  expect(await actorNow()).toBeUndefined();
});

it("holds no more when the account ends, and again when it is back", async () => {
  const { id } = organization.people.contributor;
  await asOwner(db.ownerUrl, "update principal set active = false where id = $1", [id]);
  expect(await actorNow()).toBeUndefined();
  await asOwner(db.ownerUrl, "update principal set active = true where id = $1", [id]);
  expect(await actorNow()).toBeDefined();
});

it("drops a grant on the next request after it ended", async () => {
  const { id } = organization.people.contributor;
  await asOwner(db.ownerUrl, "update role_grant set valid_to = now() where principal_id = $1", [id]);
  expect((await actorNow())?.grants.map((grant) => grant.role)).toEqual(["member"]);
  await asOwner(db.ownerUrl, "update role_grant set valid_to = null where principal_id = $1", [id]);
});

it("ends seven days after sign-in, whatever is done with it", async () => {
  const [row] = await asOwner<{ days: number }>(
    db.ownerUrl,
    "select extract(epoch from expires_at - created_at)::float8 / 86400 as days from session where token_sha256 = $1",
    [tokenHash(token)],
  );
  expect(row?.days).toBeCloseTo(7, 3);
  await change("update session set last_seen_at = now() - interval '2 hours'");
  const [expiry] = await asOwner<{ at: string }>(db.ownerUrl, "select expires_at::text as at from session where token_sha256 = $1", [tokenHash(token)]);
  await actorNow();
  await sessionAdapter(testRequest()).updateSession?.({ sessionToken: token, expires: new Date("2099-01-01") });
  expect(await asOwner(db.ownerUrl, "select expires_at::text as at from session where token_sha256 = $1", [tokenHash(token)])).toEqual([expiry]);
});

it("notes its use at most once a minute, and requests at once don't wait for each other", async () => {
  const seen = async () =>
    (await asOwner<{ at: string }>(db.ownerUrl, "select last_seen_at::text as at from session where token_sha256 = $1", [tokenHash(token)]))[0]?.at;
  const first = await seen();
  await actorNow();
  expect(await seen()).toBe(first);
  await change("update session set last_seen_at = now() - interval '61 seconds'");
  const stale = await seen();
  const actors = await Promise.all(Array.from({ length: 8 }, () => actorNow()));
  expect(actors.every((actor) => actor !== undefined)).toBe(true);
  expect(await seen()).not.toBe(stale);
});

it("the session library's adapter sees the same sessions and ends them with an audit entry", async () => {
  const before = await lastSeq(db.ownerUrl);
  const adapter = sessionAdapter(testRequest());
  expect(await adapter.getSessionAndUser?.(token)).toMatchObject({ user: { id: organization.people.contributor.id }, session: { sessionToken: token } });
  await adapter.deleteSession?.(token);
  expect(await adapter.getSessionAndUser?.(token)).toBeNull();
  expect(await actorNow()).toBeUndefined();
  expect(await trailAfter(db.ownerUrl, before)).toMatchObject([{ action: "session.ended", outcome: "allowed", reason: "signed_out" }]);
  await adapter.deleteSession?.(token);
  expect(await trailAfter(db.ownerUrl, before)).toHaveLength(1);
});

it("the session library's adapter joins the account's state", async () => {
  const { id } = organization.people.contributor;
  await asOwner(db.ownerUrl, "update principal set active = false where id = $1", [id]);
  const adapter = sessionAdapter(testRequest());
  expect(await adapter.getSessionAndUser?.(token)).toBeNull();
  expect(await adapter.getUser?.(id)).toBeNull();
  await expect(openSession(id, "test", testRequest())).rejects.toMatchObject({ code: "unauthenticated" });
  await asOwner(db.ownerUrl, "update principal set active = true where id = $1", [id]);
});

it("remembers a browser's person only with our own signature", async () => {
  const { id } = organization.people.contributor;
  const jar = (value: string) => cookiesOf(new Headers({ cookie: `reeve.device=${value}` }));
  const value = rememberDevice(id);
  const device = knownDevice(jar(value));
  expect(device).toMatchObject({ principalId: id });
  expect(knownDevice(jar(rememberDevice(id, device)))?.nonce).toBe(device?.nonce);
  expect(knownDevice(jar(rememberDevice(organization.people.viewer.id, device)))?.nonce).not.toBe(device?.nonce);
  const other = organization.people["system-admin"].id;
  for (const forged of [value.replace(id, other), `${value}x`, value.slice(0, -1), `${value}.`, "", "a.b.c.d", value.replace(/\.\d+\./, ".1.")])
    expect(knownDevice(jar(forged)), forged).toBeUndefined();
});
