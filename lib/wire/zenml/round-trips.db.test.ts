import pg from "pg";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { type Account, call, login, makeAccount, makeWireWorkspaces, startRun } from "./test-wire";

// What an answer may cost: statements sent and transactions opened. A read is one transaction, its credential one statement before it,
// both anew on every request.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const database = useTestDatabase();
const SLUG = "trips";
let account: Account;
let runner: Account;
let run: { project: string; run: string };

beforeAll(async () => {
  const { organizationId, workspaces } = await makeWireWorkspaces([SLUG]);
  account = await makeAccount(organizationId, workspaces[SLUG] as string, SLUG, "contributor");
  runner = await makeAccount(organizationId, workspaces[SLUG] as string, SLUG, "runner");
  run = await startRun(account.token, SLUG, "trips");
});

afterEach(() => vi.restoreAllMocks());

/** The statements that `work` sends, in their order. */
async function sent(work: () => Promise<unknown>): Promise<string[]> {
  const texts: string[] = [];
  const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  vi.spyOn(pg.Client.prototype, "query").mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const [first] = args as [string | { text: string }];
    texts.push(typeof first === "string" ? first : first.text);
    return query.apply(this, args);
  } as never);
  await work();
  vi.restoreAllMocks();
  return texts;
}

const get = (path: string) => call(account.token, SLUG, "GET", path);

it.each([
  ["the list of runs", () => `/runs?project=${run.project}&size=20`, 14],
  ["a run", () => `/runs/${run.run}?hydrate=True`, 14],
  ["its DAG", () => `/runs/${run.run}/dag`, 8],
  ["its steps", () => `/runs/${run.run}/steps`, 12],
  ["artifact versions by name", () => `/artifact_versions?project=${run.project}&artifact=none&size=20`, 11],
  ["oneself", () => "/current-user", 7],
])("%s: one transaction, and no more statements than it needs", async (_, path, most) => {
  await get(path()); // what is read once per process
  const texts = await sent(async () => expect((await get(path())).status).toBe(200));
  expect(texts.filter((text) => text.startsWith("begin"))).toHaveLength(1);
  expect(texts.length, texts.join("\n")).toBeLessThanOrEqual(most);
});

it("a login reads its workspace and the key, and notes that it was used", async () => {
  const before = await asOwner(database.ownerUrl, "update api_key set last_login_at = null where id = $1 returning id", [account.keyId]);
  expect(before).toHaveLength(1);
  const texts = await sent(async () => expect((await login(account.key, SLUG)).status).toBe(200));
  expect(texts.length, texts.join("\n")).toBe(3);
  expect(
    await asOwner(database.ownerUrl, "select id from api_key where id = $1 and last_login_at > now() - interval '1 minute'", [account.keyId]),
  ).toHaveLength(1);
});

it("the credential and its grants are read on every request, prepared or not", async () => {
  const path = `/runs?project=${run.project}`;
  for (let times = 0; times < 8; times++) expect((await get(path)).status).toBe(200);
  await asOwner(database.ownerUrl, "update role_grant set valid_to = now() - interval '1 second' where principal_id = $1", [account.principalId]);
  expect((await get(path)).status).toBe(404);
  await asOwner(database.ownerUrl, "update role_grant set valid_to = null where principal_id = $1", [account.principalId]);
  expect((await get(path)).status).toBe(200);
  await asOwner(database.ownerUrl, "update api_key set active = false where id = $1", [account.keyId]);
  expect((await get(path)).status).toBe(401);
  await asOwner(database.ownerUrl, "update api_key set active = true where id = $1", [account.keyId]);
  await asOwner(database.ownerUrl, "update workspace set state = 'suspended' where slug = $1", [SLUG]);
  expect((await get(path)).status).toBe(404);
  await asOwner(database.ownerUrl, "update workspace set state = 'active' where slug = $1", [SLUG]);
});

it("the entry of a refused read stays, though the read has no transaction of its own", async () => {
  const seq = await lastSeq(database.ownerUrl);
  expect((await call(runner.token, SLUG, "GET", `/runs/${run.run}`)).status).toBe(404);
  const entries = (await trailAfter(database.ownerUrl, seq)).filter((entry) => entry.actor_id === runner.principalId);
  expect(entries).toMatchObject([{ action: "run.read", outcome: "denied" }]);
});
