import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { forgetEnvironment } from "@/lib/kernel/env";
import type { Handler } from "./handler";
import { handlers } from "./handlers";
import { drainOutbox } from "./outbox";
import { answerReady, whyNotReady } from "./readiness";
import { sweepExpired } from "./sweep";
import { runWorker } from "./worker";

const database = useTestDatabase();
let owner: pg.Client;
const workspaceId = randomUUID();
const organizationId = randomUUID();
const ask = async (text: string, values: unknown[] = []) => (await owner.query(text, values)).rows;
const queue = (topic: string, payload: object = {}, workspace: string | null = workspaceId) =>
  ask("insert into outbox (workspace_id, topic, payload) values ($1, $2, $3)", [workspace, topic, JSON.stringify(payload)]);

beforeAll(async () => {
  owner = new pg.Client({ connectionString: database.ownerUrl, options: "-c search_path=reeve" });
  await owner.connect();
  await ask("insert into organization (id, name) values ($1, 'Acme')", [organizationId]);
  await ask("insert into workspace (id, organization_id, slug, display_name) values ($1, $2, 'one', 'One')", [workspaceId, organizationId]);
  process.env.REEVE_LOG_LEVEL = "error";
  forgetEnvironment();
});
beforeEach(() => ask("truncate outbox restart identity"));
afterAll(() => owner.end());

describe("the outbox", () => {
  it("hands each item to its topic's handler once, of every workspace and of none, and forgets it", async () => {
    const seen: unknown[] = [];
    const note: Handler = async (payload, item) => void seen.push([payload.n, item.workspaceId]);
    await queue("note", { n: 1 });
    await queue("note", { n: 2 }, null);
    expect(await drainOutbox(new Map([["note", note]]))).toBe(2);
    expect(seen).toEqual([
      [1, workspaceId],
      [2, null],
    ]);
    expect(await ask("select 1 from outbox")).toEqual([]);
  });

  it("gives an item to one of several workers", async () => {
    for (let n = 0; n < 60; n++) await queue("note", { n });
    const seen: unknown[] = [];
    const map = new Map([["note", (async (payload) => void seen.push(payload.n)) satisfies Handler]]);
    const taken = await Promise.all(Array.from({ length: 5 }, () => drainOutbox(map)));
    expect(taken.reduce((sum, count) => sum + count)).toBe(60);
    expect(new Set(seen).size).toBe(60);
  });

  it("keeps a failed item, later each time, and says why", async () => {
    await queue("note");
    const fails = new Map<string, Handler>([["note", async () => Promise.reject(new Error("the store is away"))]]);
    await drainOutbox(fails);
    expect(await drainOutbox(fails)).toBe(0);
    const [item] = await ask("select attempts, last_error, leased_until, available_at > now() + interval '1 second' as later from outbox");
    expect(item).toEqual({ attempts: 1, last_error: "the store is away", leased_until: null, later: true });
    await ask("update outbox set available_at = now() - interval '1 second'");
    await drainOutbox(fails);
    expect(await ask("select attempts, available_at > now() + interval '3 seconds' as later from outbox")).toEqual([{ attempts: 2, later: true }]);
  });

  it("takes over from a worker that was killed, whose late end then counts for nothing", async () => {
    await queue("slow");
    let release: () => void = () => undefined;
    const slow = new Map<string, Handler>([["slow", () => new Promise<void>((resolve) => (release = resolve))]]);
    const first = drainOutbox(slow);
    await expect.poll(() => ask("select lease_token is not null as leased from outbox")).toEqual([{ leased: true }]);
    expect(await drainOutbox(slow)).toBe(0);
    await ask("update outbox set leased_until = now() - interval '1 second', lease_token = $1", [randomUUID()]);
    release();
    await first;
    expect(await ask("select count(*)::int as n from outbox")).toEqual([{ n: 1 }]);
  });

  it("keeps what no handler knows", async () => {
    await queue("unheard-of");
    await drainOutbox(new Map());
    expect(await ask("select last_error from outbox")).toEqual([{ last_error: "no handler for the topic unheard-of" }]);
  });
});

it("the worker starts at once when it is notified, and ends when asked to", async () => {
  const seen: number[] = [];
  handlers.set("test.note", async () => void seen.push(Date.now()));
  const stopping = new AbortController();
  const running = runWorker(stopping.signal);
  const app = new pg.Client({ connectionString: database.appUrl }); // a role sees the activity of its own connections
  await app.connect();
  const listens =
    "select count(*)::int as n from pg_stat_activity where application_name = 'reeve-worker-listen' and query like 'listen%' and datname = current_database()";
  await expect.poll(async () => (await app.query(listens)).rows, { timeout: 5_000 }).toEqual([{ n: 1 }]);
  await app.end();
  await new Promise((resolve) => setTimeout(resolve, 150)); // its first look is over: only the notification is faster than 2 s
  const at = Date.now();
  await queue("test.note");
  await ask("notify reeve_outbox");
  await expect.poll(() => seen.length).toBe(1);
  expect((seen[0] as number) - at).toBeLessThan(1_500);
  stopping.abort();
  await running;
  handlers.delete("test.note");
});

it("sweeps what has expired and nothing else", async () => {
  await ask("insert into principal (id, organization_id, kind, name, email) values ($1, $1, 'user', 'a', 'a@example.com')".replace("$1, $1", "$1, $2"), [
    organizationId,
    organizationId,
  ]);
  const session = "insert into session (id, principal_id, token_sha256, expires_at) values (gen_random_uuid(), $1, $2, now() + $3::interval)";
  await ask(session, [organizationId, Buffer.from("old"), "-1 second"]);
  await ask(session, [organizationId, Buffer.from("new"), "1 hour"]);
  await ask("insert into setup_secret (sha256, expires_at) values ('a', now() - interval '1 second'), ('b', now() + interval '1 hour')");
  await ask(`insert into throttle (key, failures, first_at, blocked_until) values ('old', 3, now() - interval '2 days', null), ('fresh', 3, now(), null),
    ('blocked', 3, now() - interval '2 days', now() + interval '1 minute'), ('refused:1.2.3.4', 3, now() - interval '2 days', null)`);
  await ask(`insert into idempotency (credential_id, key, method, path, body_sha256, expires_at) values
    ('c', 'old', 'POST', '/', '', now() - interval '1 second'), ('c', 'new', 'POST', '/', '', now() + interval '1 hour')`);
  await ask("insert into directory (id, organization_id, slug, name, provider) values ($1, $1, 'okta', 'Okta', 'okta')", [organizationId]);
  await ask(
    `insert into directory_request (id, directory_id, at, method, subject, status, duration_ms, request_id)
      select gen_random_uuid(), $1, now() - make_interval(days => days), 'GET', '/Users', 200, 1, 'r' from unnest(array[1, 31]) days`,
    [organizationId],
  );
  await ask("insert into directory_user (id, directory_id, principal_id, user_name, active) values ($1, $1, $1, 'a', true)", [organizationId]);
  await ask("insert into directory_hold (id, directory_id, people, ended_before, most) values ($1, $1, 9, 5, 5)", [organizationId]);
  await ask(
    `insert into directory_removal (id, directory_id, user_id, kind, hold_id, at) select gen_random_uuid(), $1, $1, 'deactivated', hold, now() - age::interval
      from (values (null, '1 hour'), (null, '25 hours'), ($1::uuid, '25 hours')) as x(hold, age)`,
    [organizationId],
  );
  await ask(
    `insert into sso_connection (id, organization_id, slug, name, provider, protocol, directory_id) values ($1, $1, 'okta', 'Okta', 'okta', 'saml', $1)`,
    [organizationId],
  );
  await ask(
    `insert into sso_attempt (id, organization_id, connection_id, mode, request_ref, at)
      select gen_random_uuid(), $1, $1, 'sign_in', 'r', now() - make_interval(days => days) from unnest(array[1, 31]) days`,
    [organizationId],
  );
  await ask("insert into sso_assertion (connection_id, assertion_sha256, ends_at) values ($1, 'a', now()), ($1, 'b', now() - interval '2 days')", [
    organizationId,
  ]);
  await ask(
    "insert into sso_store (namespace, key, value, expires_at) values ('n', 'a', '', now() + interval '1 hour'), ('n', 'b', '', now() - interval '1 second')",
  );
  await ask(
    "insert into canary_round (id, organization_id, at) select gen_random_uuid(), $1, now() - make_interval(days => days) from unnest(array[89, 91]) days",
    [organizationId],
  );
  const none = {
    session: 0,
    file_ticket: 0,
    secret: 0,
    idempotency: 0,
    setup_secret: 0,
    device: 0,
    directory_request: 0,
    directory_removal: 0,
    one_use_link: 0,
    throttle: 0,
    sso_attempt: 0,
    sso_assertion: 0,
    sso_store: 0,
    canary_round: 0,
  };
  expect(await sweepExpired()).toEqual({
    ...none,
    session: 1,
    idempotency: 1,
    setup_secret: 1,
    directory_request: 1,
    directory_removal: 1,
    throttle: 1,
    sso_attempt: 1,
    sso_assertion: 1,
    sso_store: 1,
    canary_round: 1,
  });
  expect(await ask("select key from throttle order by key")).toEqual([{ key: "blocked" }, { key: "fresh" }, { key: "refused:1.2.3.4" }]);
  expect(await sweepExpired()).toEqual(none);
});

it("is ready with this version's schema, and not with an older one; a stranger isn't told why", async () => {
  expect(await whyNotReady()).toBeUndefined();
  await ask("update schema_migration set name = '2020_older' where name = (select max(name) from schema_migration)");
  const answer = await answerReady();
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({ status: "unavailable" });
  expect(await whyNotReady()).toMatch(/this version needs/);
});
