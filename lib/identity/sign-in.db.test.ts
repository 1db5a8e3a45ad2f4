import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import type { Actor } from "@/lib/identity/actor";
import { flushRefusedSignIns } from "@/lib/identity/record-refused-sign-in";
import { actorOfToken } from "@/lib/identity/session";
import { type SignInResult, signIn } from "@/lib/identity/sign-in";
import { LIMITS } from "@/lib/identity/throttle";
import { makePerson, makeTestOrganization, type TestOrganization, testRequest } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";

const db = useTestDatabase();
const RIGHT = "four words of some length";
let organization: TestOrganization;
let lena: Actor;
let before: number;

beforeAll(async () => {
  organization = await makeTestOrganization();
  lena = await makePerson(organization.id, "contributor", organization.own.workspace.id, { email: "Lena@Example.com", password: RIGHT });
});
beforeEach(async () => {
  await asOwner(db.ownerUrl, "delete from throttle");
  before = await lastSeq(db.ownerUrl);
});

const attempt = (password: string, options: { email?: string; address?: string; device?: string } = {}) =>
  signIn(
    { email: options.email ?? "lena@example.com", password },
    { request: testRequest(options.address), device: options.device ? { principalId: lena.id, nonce: options.device, signedInAt: 0 } : undefined },
  );

const tokenOf = (result: SignInResult): string => {
  if (result.status !== "signed_in") throw new Error(`expected to be signed in, got ${result.status}`);
  return result.token;
};

describe("the right pair", () => {
  it("opens a session that is stored as a hash, with one audit entry", async () => {
    const token = tokenOf(await attempt(RIGHT));
    expect((await actorOfToken(token))?.id).toBe(lena.id);
    const [row] = await asOwner<{ holds: boolean }>(db.ownerUrl, "select bool_or(s::text like '%' || $1 || '%') as holds from session s", [token]);
    expect(row?.holds).toBe(false);
    const trail = await trailAfter(db.ownerUrl, before);
    expect(trail).toMatchObject([{ action: "session.started", outcome: "allowed", actor_name: "The Contributor", address: "192.0.2.7" }]);
    expect(JSON.stringify(trail)).not.toContain(RIGHT);
  });

  it("WEB-7: gives a new token each time and ends the one that the browser had", async () => {
    const first = tokenOf(await attempt(RIGHT));
    const second = await signIn({ email: "lena@example.com", password: RIGHT }, { request: testRequest(), replacedToken: first });
    expect(tokenOf(second)).not.toBe(first);
    expect(await actorOfToken(first)).toBeUndefined();
    expect((await trailAfter(db.ownerUrl, before)).map((entry) => entry.action)).toEqual(["session.started", "session.ended", "session.started"]);
  });

  it("WEB-9: signing in as another person leaves nothing of the first one's session", async () => {
    const jonas = await makePerson(organization.id, "viewer", organization.own.workspace.id, { email: "jonas@example.com", password: RIGHT });
    const first = tokenOf(await attempt(RIGHT));
    const second = tokenOf(await signIn({ email: "jonas@example.com", password: RIGHT }, { request: testRequest(), replacedToken: first }));
    expect(await actorOfToken(first)).toBeUndefined();
    const actor = await actorOfToken(second);
    expect(actor?.id).toBe(jonas.id);
    expect(actor?.grants.map((grant) => grant.role).sort()).toEqual(["member", "viewer"]);
  });

  it("rolls the session back when the audit trail can't be written", async () => {
    await asOwner(db.ownerUrl, "alter function append_audit(uuid, jsonb) rename to append_audit_away");
    try {
      const sessions = await asOwner(db.ownerUrl, "select id from session");
      await expect(attempt(RIGHT)).rejects.toMatchObject({ code: "unavailable" });
      expect(await asOwner(db.ownerUrl, "select id from session")).toEqual(sessions);
    } finally {
      await asOwner(db.ownerUrl, "alter function append_audit_away(uuid, jsonb) rename to append_audit");
    }
  });
});

describe("a wrong pair", () => {
  it("gets the same answer for a wrong password, an unknown address and an account without a password", async () => {
    expect(await attempt("wrong")).toEqual({ status: "wrong_pair" });
    expect(await attempt("wrong", { email: "nobody@example.com" })).toEqual({ status: "wrong_pair" });
    expect(await attempt("wrong", { email: organization.people.viewer.email ?? "" })).toEqual({ status: "wrong_pair" });
  });

  it("costs as much for an unknown address as for a wrong password", async () => {
    // Of the processor, not by the clock: others work on this machine too.
    const cost = async (email: string, index: number) => {
      const start = process.cpuUsage();
      await attempt("wrong", { email, address: `198.51.100.${index}` });
      return process.cpuUsage(start).user;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let index = 0; index < 4; index++) {
      known.push(await cost("lena@example.com", index + 1));
      unknown.push(await cost("nobody@example.com", index + 101));
    }
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) * 0.5);
  });

  it("is in the trail at once, and what follows within a minute as one entry with a count", async () => {
    for (let index = 0; index < 4; index++) await attempt("wrong", { email: `nobody-${index}@example.com` });
    expect(await trailAfter(db.ownerUrl, before)).toMatchObject([
      { action: "session.refused", outcome: "denied", reason: "wrong_pair", count: 1, address: "192.0.2.7" },
    ]);
    expect(await flushRefusedSignIns()).toBe(0);
    await asOwner(db.ownerUrl, "update throttle set reported_at = now() - interval '61 seconds' where key like 'refused:%'");
    expect(await flushRefusedSignIns()).toBe(1);
    expect(await flushRefusedSignIns()).toBe(0);
    expect((await trailAfter(db.ownerUrl, before)).slice(1)).toMatchObject([{ action: "session.refused", reason: "repeated", count: 3, address: "192.0.2.7" }]);
  });

  it("names no address that isn't an account's", async () => {
    await attempt("wrong", { email: "my-password-by-mistake" });
    const rows = await asOwner<{ text: string }>(
      db.ownerUrl,
      "select a::text as text from audit_entry a where seq > $1 union all select t::text from throttle t",
      [before],
    );
    expect(JSON.stringify(rows)).not.toContain("my-password-by-mistake");
  });

  it("opens no session and refuses when the trail can't be written", async () => {
    await asOwner(db.ownerUrl, "alter function append_audit(uuid, jsonb) rename to append_audit_away");
    try {
      await expect(attempt("wrong")).rejects.toMatchObject({ code: "unavailable" });
    } finally {
      await asOwner(db.ownerUrl, "alter function append_audit_away(uuid, jsonb) rename to append_audit");
    }
  });
});

describe("an account that ended", () => {
  it("says so only to who knows the password", async () => {
    const gone = await makePerson(organization.id, "viewer", organization.own.workspace.id, { email: "gone@example.com", password: RIGHT });
    await asOwner(db.ownerUrl, "update principal set active = false, ended_at = '2026-10-03T10:00:00Z', ended_by = 'person' where id = $1", [gone.id]);
    expect(await attempt("wrong", { email: "gone@example.com" })).toEqual({ status: "wrong_pair" });
    expect(await attempt(RIGHT, { email: "gone@example.com", address: "192.0.2.8" })).toEqual({
      status: "deactivated",
      endedAt: "2026-10-03T10:00:00.000000Z",
    });
    expect((await trailAfter(db.ownerUrl, before)).map((entry) => entry.reason)).toEqual(["wrong_pair", "deactivated"]);
    expect(await asOwner(db.ownerUrl, "select id from session where principal_id = $1", [gone.id])).toEqual([]);
  });
});

describe("WEB-14: guessing", () => {
  /** Keeps what is blocked blocked, however slow the machine: the waits themselves have a test of their own. */
  const hold = () => asOwner(db.ownerUrl, "update throttle set blocked_until = clock_timestamp() + interval '1 hour' where blocked_until is not null");

  it("at one account from many sources is throttled by account, known or not, and the owner's own browser still gets in", async () => {
    for (const email of ["lena@example.com", "nobody@example.com"]) {
      const results: string[] = [];
      for (let index = 0; index < 40; index++) {
        results.push((await attempt("wrong", { email, address: `203.0.113.${index}` })).status);
        await hold();
      }
      expect(results.filter((status) => status === "wrong_pair")).toHaveLength(LIMITS.account.free);
      expect(results.slice(LIMITS.account.free).every((status) => status === "throttled")).toBe(true);
    }
    expect(await attempt(RIGHT, { address: "203.0.113.200" })).toMatchObject({ status: "throttled" });
    expect(await attempt(RIGHT, { address: "203.0.113.200", device: "own-browser" })).toMatchObject({ status: "signed_in" });
    expect(await attempt(RIGHT, { address: "203.0.113.200" })).toMatchObject({ status: "throttled" });
  });

  it("with one password over many accounts is throttled by source", async () => {
    const results: string[] = [];
    for (let index = 0; index < 60; index++) {
      results.push((await attempt("Winter2026!", { email: `user-${index}@example.com` })).status);
      await hold();
    }
    expect(results.filter((status) => status === "wrong_pair")).toHaveLength(LIMITS.source.free);
    expect(await attempt(RIGHT, { address: "192.0.2.99" })).toMatchObject({ status: "signed_in" });
  });

  it("in parallel counts each guess", async () => {
    const results = await Promise.all(Array.from({ length: 50 }, (_, index) => attempt("wrong", { address: `203.0.113.${index}` })));
    expect(results.filter(({ status }) => status === "wrong_pair")).toHaveLength(LIMITS.account.free);
  });

  it("tells the exact wait, lets in after it, and doubles it", async () => {
    const guess = () => attempt("wrong", { address: `203.0.113.${Math.floor(Math.random() * 250)}` });
    for (let index = 0; index < LIMITS.account.free; index++) await guess();
    expect(await guess()).toEqual({ status: "throttled", waitS: LIMITS.account.firstWaitS });
    const pass = () => asOwner(db.ownerUrl, "update throttle set blocked_until = clock_timestamp() where key like 'account:%'");
    await pass();
    expect(await guess()).toEqual({ status: "wrong_pair" });
    expect(await guess()).toEqual({ status: "throttled", waitS: LIMITS.account.firstWaitS * 2 });
    await pass();
    expect(await attempt(RIGHT)).toMatchObject({ status: "signed_in" });
    expect(await asOwner(db.ownerUrl, "select key from throttle where key like 'account:%'")).toEqual([]);
  });

  it("never waits longer than a quarter of an hour, and an hour without failures forgets them", async () => {
    for (let index = 0; index < LIMITS.account.free; index++) await attempt("wrong");
    await asOwner(db.ownerUrl, "update throttle set failures = 4000, blocked_until = clock_timestamp() where key like 'account:%'");
    await attempt("wrong");
    expect(await attempt("wrong")).toEqual({ status: "throttled", waitS: LIMITS.account.longestWaitS });
    await asOwner(
      db.ownerUrl,
      "update throttle set first_at = now() - interval '61 minutes', blocked_until = now() - interval '61 minutes' where key like 'account:%'",
    );
    expect(await attempt("wrong")).toEqual({ status: "wrong_pair" });
    expect(await asOwner(db.ownerUrl, "select failures from throttle where key like 'account:%'")).toEqual([{ failures: 1 }]);
  });

  it("counts a browser's device apart for its own person only", async () => {
    for (let index = 0; index < LIMITS.device.free; index++) await attempt("wrong", { device: "own-browser" });
    expect(await attempt(RIGHT, { device: "own-browser" })).toMatchObject({ status: "throttled" });
    expect(await attempt("wrong", { email: "nobody@example.com", device: "own-browser" })).toEqual({ status: "wrong_pair" });
    const keys = await asOwner<{ kind: string }>(db.ownerUrl, "select distinct split_part(key, ':', 1) as kind from throttle order by 1");
    expect(keys.map((row) => row.kind)).toEqual(["account", "device", "refused", "source"]);
  });
});

it("before the set-up nobody can sign in", async () => {
  const { createTestDatabase } = await import("@/db/test-database");
  const { closeDatabase } = await import("@/db/client");
  const empty = await createTestDatabase();
  await closeDatabase();
  process.env.REEVE_APP_DATABASE_URL = empty.appUrl;
  try {
    await expect(attempt(RIGHT)).rejects.toMatchObject({ code: "conflict" });
  } finally {
    await closeDatabase();
    process.env.REEVE_APP_DATABASE_URL = db.appUrl;
    await empty.drop();
  }
});
