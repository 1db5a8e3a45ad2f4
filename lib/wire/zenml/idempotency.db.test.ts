import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { AppError } from "@/lib/kernel/errors";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { asOwner } from "@/lib/kernel/test-rows";
import { once } from "./idempotency";
import { type Account, call, makeAccount, makeWireWorkspaces, startRun } from "./test-wire";

process.env.REEVE_SIGNING_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
const SLUG = "fraud-detection";
const SECRET = "an answer that nobody else may read";

const fresh = (more: Partial<Parameters<typeof once>[0]> = {}) => ({
  credentialId: newId(),
  key: newId(),
  method: "POST",
  path: "/runs",
  rawBody: '{"a":1}',
  ...more,
});
const answer = (body: string) => async () => ({ status: 200, body });
const never = async (): Promise<never> => {
  throw new Error("this must not run");
};
const rowOf = async (key: string) =>
  (
    await asOwner<{ status: number | null; sealed_answer: Buffer | null }>(db.ownerUrl, "select status, sealed_answer from idempotency where key = $1", [key])
  )[0];

/** The same, and its note in the database: the answer goes out before that is kept. */
async function onceAndKept(sent: Parameters<typeof once>[0], work: Parameters<typeof once>[1]): Promise<void> {
  await once(sent, work);
  await expect.poll(async () => (await rowOf(sent.key))?.status).toBe(200);
}

it("does the work once and gives the same answer again", async () => {
  const sent = fresh();
  let count = 0;
  const work = async () => ({ status: 200, body: `answer ${++count}` });
  expect(await once(sent, work)).toEqual({ status: 200, body: "answer 1" });
  expect(await once(sent, work)).toEqual({ status: 200, body: "answer 1" });
  expect(count).toBe(1);
});

it.each([
  ["body", { rawBody: '{"a":2}' }],
  ["path", { path: "/steps" }],
  ["method", { method: "PUT" }],
])("refuses the key for another %s", async (_what, change) => {
  const sent = fresh();
  await once(sent, answer("first"));
  await expect(once({ ...sent, ...change }, never)).rejects.toMatchObject({ code: "conflict" });
});

it("keeps the keys of two credentials apart", async () => {
  const sent = fresh();
  await once(sent, answer("mine"));
  expect(await once({ ...sent, credentialId: newId() }, answer("theirs"))).toMatchObject({ body: "theirs" });
});

it("keeps nothing of a failure, so that it can be tried again", async () => {
  const sent = fresh();
  const failing = async () => {
    throw new AppError("unavailable", "The database did not answer.");
  };
  await expect(once(sent, failing)).rejects.toMatchObject({ code: "unavailable" });
  expect(await rowOf(sent.key)).toBeUndefined();
  expect(await once(sent, answer("second try"))).toMatchObject({ body: "second try" });
});

it("tells a duplicate that comes too early to try again, and runs the work once", async () => {
  const sent = fresh();
  let finish: () => void = () => undefined;
  let count = 0;
  const first = once(sent, async () => {
    count++;
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return { status: 200, body: "done" };
  });
  await expect.poll(() => count).toBe(1);
  await expect(once(sent, never)).rejects.toMatchObject({ code: "too_many_requests", status: 429 });
  finish();
  expect(await first).toMatchObject({ body: "done" });
  expect(await once(sent, never)).toMatchObject({ body: "done" });
});

it("lets one of twenty at once through", async () => {
  const sent = fresh();
  let count = 0;
  const settled = await Promise.allSettled(Array.from({ length: 20 }, () => once(sent, async () => ({ status: 200, body: `answer ${++count}` }))));
  expect(count).toBe(1);
  for (const result of settled) {
    if (result.status === "fulfilled") expect(result.value.body).toBe("answer 1");
    else expect(result.reason).toMatchObject({ code: "too_many_requests" });
  }
});

it("takes over from a server that died, but not from one that is at work", async () => {
  const sent = fresh();
  const age = (seconds: number) =>
    asOwner(
      db.ownerUrl,
      `update idempotency set status = null, sealed_answer = null, created_at = clock_timestamp() - interval '${seconds} seconds' where key = $1`,
      [sent.key],
    );
  await onceAndKept(sent, answer("lost"));
  await age(5);
  await expect(once(sent, never)).rejects.toMatchObject({ code: "too_many_requests" });
  await age(151);
  expect(await once(sent, answer("again"))).toMatchObject({ body: "again" });
});

it("forgets after its time", async () => {
  const sent = fresh();
  await onceAndKept(sent, answer("old"));
  await asOwner(db.ownerUrl, "update idempotency set expires_at = clock_timestamp() where key = $1", [sent.key]);
  expect(await once({ ...sent, rawBody: "other" }, answer("new"))).toMatchObject({ body: "new" });
});

describe("at rest", () => {
  it("the answer can't be read in the database", async () => {
    const sent = fresh();
    await onceAndKept(sent, answer(SECRET));
    const sealed = (await rowOf(sent.key))?.sealed_answer;
    expect(sealed?.length).toBeGreaterThan(SECRET.length);
    for (const encoding of ["utf8", "base64", "hex"] as const) expect(sealed?.toString("latin1")).not.toContain(Buffer.from(SECRET).toString(encoding));
  });

  it("an answer that was moved to another call's row doesn't open", async () => {
    const [mine, theirs] = [fresh(), fresh()];
    await onceAndKept(mine, answer(SECRET));
    await onceAndKept(theirs, answer("theirs"));
    await asOwner(db.ownerUrl, "update idempotency set sealed_answer = (select sealed_answer from idempotency where key = $1) where key = $2", [
      mine.key,
      theirs.key,
    ]);
    await expect(once(theirs, never)).rejects.toMatchObject({ code: "internal" });
  });

  it("a changed answer doesn't open", async () => {
    const sent = fresh();
    await onceAndKept(sent, answer(SECRET));
    await asOwner(db.ownerUrl, "update idempotency set sealed_answer = set_byte(sealed_answer, 30, get_byte(sealed_answer, 30) # 1) where key = $1", [
      sent.key,
    ]);
    await expect(once(sent, never)).rejects.toMatchObject({ code: "internal" });
  });

  it("an answer of another signing key doesn't open", async () => {
    const sent = fresh();
    await onceAndKept(sent, answer(SECRET));
    process.env.REEVE_SIGNING_KEY = Buffer.alloc(32, 8).toString("base64");
    forgetEnvironment();
    forgetKeys();
    await expect(once(sent, never)).rejects.toMatchObject({ code: "internal" });
    process.env.REEVE_SIGNING_KEY = Buffer.alloc(32, 7).toString("base64");
    forgetEnvironment();
    forgetKeys();
  });
});

describe("over the wire", () => {
  let account: Account;
  let place: Awaited<ReturnType<typeof startRun>>;
  const tags = async () => (await asOwner<{ n: number }>(db.ownerUrl, "select count(*)::int as n from tag"))[0]?.n;
  const send = (key: string, body: unknown, path = "/tags", method = "POST") => call(account.token, SLUG, method, path, body, { "idempotency-key": key });

  beforeAll(async () => {
    const { organizationId, workspaces } = await makeWireWorkspaces([SLUG]);
    account = await makeAccount(organizationId, workspaces[SLUG] as string, SLUG, "workspace-admin");
    place = await startRun(account.token, SLUG, "idempotent");
  });

  it("a repeated write has one effect and the same answer, byte for byte", async () => {
    const key = newId();
    const body = { name: "once", color: "blue" };
    const [first, again] = [await send(key, body), await send(key, body)];
    expect(first.status, first.text).toBe(200);
    expect(again).toMatchObject({ status: 200, text: first.text });
    expect(await tags()).toBe(1);
  });

  it("gives floats back as they were sent, also from the stored answer", async () => {
    const key = newId();
    const path = `/runs/${place.run}`;
    const logged = await call(
      account.token,
      SLUG,
      "POST",
      "/run-metadata",
      `{"project":"${place.project}","resources":[{"id":"${place.run}","type":"pipeline_run"}],"values":{"auc":2.0},"types":{"auc":"float"}}`,
    );
    expect(logged.status, logged.text).toBe(200);
    const first = await send(key, { status: "running" }, path, "PUT");
    expect(first.text).toMatch(/"auc": ?2\.0[,}]/);
    expect((await send(key, { status: "running" }, path, "PUT")).text).toBe(first.text);
  });

  it("another body under the same key is 409, and a refused call can be sent again", async () => {
    const key = newId();
    await send(key, { name: "a", color: "blue" });
    expect((await send(key, { name: "b", color: "blue" })).status).toBe(409);
    const other = newId();
    expect((await send(other, { name: 7 })).status).toBe(422);
    expect((await send(other, { name: "c", color: "blue" })).status).toBe(200);
  });
});
