import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { newId } from "@/lib/kernel/id";
import { asOwner } from "@/lib/kernel/test-rows";
import { type Account, call, makeAccount, makeWireWorkspaces, startRun } from "./test-wire";

// The token that each run gets for itself: it writes its own run, reads its own project, and dies with the run, the key, the account.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
const [SLUG, OTHER] = ["fraud-detection", "credit-risk"] as const;
let organizationId = "";
let workspaces: Record<string, string> = {};
let account: Account;
let mine: Awaited<ReturnType<typeof startRun>>;
let token = "";

const change = (text: string, values: unknown[] = []) => asOwner(db.ownerUrl, text, values);
const as = (method: string, path: string, body?: unknown, slug: string = SLUG) => call(token, slug, method, path, body);
const tokenOf = async (run: string, by = account) =>
  (await call(by.token, SLUG, "GET", `/api_token?token_type=workload&pipeline_run_id=${run}`)).body as string;

beforeAll(async () => {
  ({ organizationId, workspaces } = await makeWireWorkspaces([SLUG, OTHER]));
});
beforeEach(async () => {
  account = await makeAccount(organizationId, workspaces[SLUG] as string, SLUG, "contributor", `ci-${newId()}`);
  mine = await startRun(account.token, SLUG, newId());
  token = await tokenOf(mine.run);
});

describe("may", () => {
  it("report its own steps, metadata, logs and artifacts, and read its own project", async () => {
    const { project, run } = mine;
    const step = await as("POST", "/steps", { project, name: "load", pipeline_run_id: run, status: "running", start_time: "2026-11-22T18:10:05.000001" });
    expect(step.status, step.text).toBe(200);
    const calls: [string, string, unknown?][] = [
      ["GET", `/runs/${run}`],
      ["GET", `/runs?project=${project}`],
      ["GET", "/stacks?name=default"],
      ["GET", "/current-user"],
      ["POST", "/run-metadata", { project, resources: [{ id: run, type: "pipeline_run" }], values: { a: 1 }, types: { a: "int" } }],
      ["POST", "/logs", { id: newId(), project, source: "step", uri: "/stores/log" }],
      ["PUT", `/runs/${run}`, { status: "running" }],
    ];
    for (const [method, path, body] of calls) expect((await as(method, path, body)).status, `${method} ${path}`).toBe(200);
  });
});

describe("may not", () => {
  it("write another run of the same project and account", async () => {
    const other = await startRun(account.token, SLUG, newId());
    expect([403, 404]).toContain((await as("PUT", `/runs/${other.run}`, { status: "failed" })).status);
    expect([403, 404]).toContain(
      (
        await as("POST", "/steps", {
          project: other.project,
          name: "load",
          pipeline_run_id: other.run,
          status: "running",
          start_time: "2026-11-22T18:10:05.000001",
        })
      ).status,
    );
    expect([403, 404]).toContain(
      (
        await as("POST", "/run-metadata", {
          project: other.project,
          resources: [{ id: other.run, type: "pipeline_run" }],
          values: { a: 1 },
          types: { a: "int" },
        })
      ).status,
    );
    expect([403, 404]).toContain((await as("GET", `/api_token?token_type=workload&pipeline_run_id=${other.run}`)).status);
  });

  it("see a run of another project, or start anything there", async () => {
    const elsewhere = await startRun(account.token, SLUG, newId(), "second");
    expect((await as("GET", `/runs/${elsewhere.run}`)).status).toBe(404);
    expect((await as("GET", `/runs?project=${elsewhere.project}`)).body).toMatchObject({ total: 0 });
    expect([403, 404]).toContain((await as("POST", "/pipelines", { project: elsewhere.project, name: "x" })).status);
  });

  it("enter another workspace", async () => {
    expect((await as("GET", "/current-user", undefined, OTHER)).status).toBe(404);
    expect((await as("GET", `/runs/${mine.run}`, undefined, OTHER)).status).toBe(404);
  });

  it("do what its account may but a run needn't", async () => {
    expect([403, 404]).toContain((await as("POST", "/pipelines", { project: mine.project, name: "new" })).status);
    expect([403, 404]).toContain((await as("DELETE", `/pipelines/${mine.pipeline}`)).status);
    expect([403, 404]).toContain((await as("DELETE", `/runs/${mine.run}`)).status);
  });
});

describe("dies", () => {
  const isDead = async () => expect((await as("GET", `/runs/${mine.run}`)).status).toBe(401);

  it("an hour after the run's end, not before", async () => {
    await change("update run set status = 'completed', in_progress = false, end_time = clock_timestamp() - interval '59 minutes' where id = $1", [mine.run]);
    expect((await as("GET", `/runs/${mine.run}`)).status).toBe(200);
    await change("update run set end_time = clock_timestamp() - interval '61 minutes' where id = $1", [mine.run]);
    await isDead();
  });

  it("with the run", async () => {
    await change("delete from run where id = $1", [mine.run]);
    await isDead();
  });

  it("with the key that asked for it", async () => {
    await change("update api_key set active = false where id = $1", [account.keyId]);
    await isDead();
  });

  it("when the key expires", async () => {
    await change("update api_key set expires_at = clock_timestamp() where id = $1", [account.keyId]);
    await isDead();
  });

  it("with the account", async () => {
    await change("update principal set active = false, ended_by = 'person' where id = $1", [account.principalId]);
    await isDead();
  });

  it("with the grant", async () => {
    await change("update role_grant set valid_to = clock_timestamp() where principal_id = $1", [account.principalId]);
    expect([403, 404]).toContain((await as("PUT", `/runs/${mine.run}`, { status: "running" })).status);
  });
});

it("is not made for a run that is over, or for somebody else's", async () => {
  const stranger = await makeAccount(organizationId, workspaces[SLUG] as string, SLUG, "contributor", `other-${newId()}`);
  expect((await call(stranger.token, SLUG, "GET", `/api_token?token_type=workload&pipeline_run_id=${mine.run}`)).status).toBe(403);
  await change("update run set status = 'completed', in_progress = false, end_time = clock_timestamp() where id = $1", [mine.run]);
  expect((await call(account.token, SLUG, "GET", `/api_token?token_type=workload&pipeline_run_id=${mine.run}`)).status).toBe(403);
});
