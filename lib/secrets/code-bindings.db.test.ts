import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { type CallContext, execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { makeThings, type TestThings } from "@/lib/kernel/test-things";
import { startStep } from "@/lib/runs/start-step";
import { createSnapshot } from "@/lib/snapshots/create-snapshot";
import { unbindSecret } from "./bind-secret";
import { namedSecrets } from "./code-bindings";
import { createSecret } from "./create-secret";
import { listBindings } from "./list-bindings";
import { listLedgerRuns } from "./list-ledger-runs";
import { readSecretByClient } from "./use-secret";
import { stepInput } from "@/lib/kernel/test-runs";

// Secrets that a snapshot's code names: whom they bind for, which runs get them, and what ends that.

const db = useTestDatabase();
let acme: TestOrganization;
let things: TestThings;
let count = 0;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  things = await makeThings(acme.own, acme.people.contributor.id);
});

const as = (role: keyof TestOrganization["people"]) => callAs(acme.people[role], acme.own.workspace);
const make = (call = as("contributor")) => execute(createSecret, call, { name: `c-${++count}`, isPrivate: false, values: { a: "1" } });
const step = (name: string, secrets: string[]) => ({
  name,
  upstream: [],
  body: JSON.stringify({ spec: {}, config: { name, secrets }, step_config_overrides: { secrets: [] } }),
});
const post = (pipelineSecrets: string[], steps: { name: string; upstream: string[]; body: string }[] = [], call = as("contributor")) =>
  execute(createSnapshot, call, {
    project: "default",
    pipelineId: things.pipelineId,
    stackId: things.stackId,
    scheduleId: null,
    name: null,
    replace: false,
    description: null,
    runNameTemplate: "r",
    isDynamic: false,
    clientVersion: null,
    serverVersion: null,
    pipelineVersionHash: null,
    codePath: null,
    sourceCode: null,
    pipelineConfiguration: JSON.stringify({ name: "p", secrets: pipelineSecrets }),
    clientEnvironment: "{}",
    pythonPackages: null,
    pipelineSpec: null,
    steps,
    tags: null,
  });

/** A run of the snapshot, as its own token calls. */
async function tokenOf(snapshot: string) {
  const run = newId();
  await asOwner(
    db.ownerUrl,
    `insert into run (id, workspace_id, project_id, pipeline_id, snapshot_id, name, number, index, status, in_progress, origin, credential_kind, request_id, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $7, 'running', true, 'api', 'api_key', 'r', $8)`,
    [run, acme.own.workspace.id, acme.own.projectId, things.pipelineId, snapshot, `code-${++count}`, 1_000 + count, acme.people.contributor.id],
  );
  const workload = { runId: run, projectId: acme.own.projectId, workspaceId: acme.own.workspace.id };
  return { run, call: callAs({ ...acme.people.contributor, credential: { kind: "workload" as const, id: run, label: "run" }, workload }, acme.own.workspace) };
}
const read = async (id: string, { call }: Awaited<ReturnType<typeof tokenOf>>) => (await execute(readSecretByClient, call, { id })).values;

it("reads what the client sends: the pipeline's, and of each step what is not the pipeline's already", () => {
  expect(namedSecrets('{"secrets": ["a"]}', [step("load", ["a", "b"]), step("train", ["a"]), { name: "odd", body: '{"config":{"secrets":null}}' }])).toEqual({
    pipeline: ["a"],
    steps: [{ name: "load", secrets: ["b"] }],
  });
  expect(namedSecrets("{}", [])).toEqual({ pipeline: [], steps: [] });
});

describe("a secret that code names", () => {
  it("is bound to the pipeline or the step, and read by runs of that code alone", async () => {
    const [all, one] = [await make(), await make()];
    const snapshot = await post([all], [step("load", [all, one])]);
    expect(await ask(listBindings, as("contributor"), { id: all })).toMatchObject([{ kind: "pipeline", path: "code", step: null }]);
    expect(await ask(listBindings, as("contributor"), { id: one })).toMatchObject([{ kind: "step", path: "code", step: "load" }]);
    const mine = await tokenOf(snapshot);
    expect([await read(all, mine), await read(one, mine)]).toEqual([{ a: "1" }, { a: "1" }]);
    const other = await tokenOf(await post([], [step("load", [])]));
    await expect(read(all, other)).rejects.toMatchObject({ code: expect.stringMatching(/not_found|forbidden/) });
    const asked = { id: all, from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date(Date.now() + 60_000).toISOString() };
    const could = await ask(listLedgerRuns, as("contributor"), { ...asked, which: "could" });
    expect(could.runs.map((found) => found.id)).toEqual([mine.run]);
    expect((await read(all, mine)).a).toBe("1"); // newer code that doesn't name it takes nothing from a run that goes on
  });

  it("binds nothing for who may not bind the secret, or not change the pipeline", async () => {
    const theirs = await make(as("workspace-admin"));
    await expect(read(theirs, await tokenOf(await post([theirs])))).rejects.toMatchObject({ code: expect.stringMatching(/not_found|forbidden/) });
    const stranger = callAs(await makePerson(acme.id, "contributor", acme.own.workspace.id), acme.own.workspace);
    const own = await make(stranger);
    await expect(read(own, await tokenOf(await post([own], [], stranger)))).rejects.toMatchObject({ code: expect.stringMatching(/not_found|forbidden/) });
    for (const id of [theirs, own]) expect(await ask(listBindings, as("workspace-admin"), { id })).toEqual([]);
  });

  it("does not let who may not bind it in through a binding that somebody else's code has opened", async () => {
    const theirs = await make(as("workspace-admin"));
    await post([theirs], [], as("workspace-admin"));
    await expect(read(theirs, await tokenOf(await post([theirs])))).rejects.toMatchObject({ code: expect.stringMatching(/not_found|forbidden/) });
  });

  it("is unbound by a person, and bound again by the next code that names it", async () => {
    const id = await make();
    const token = await tokenOf(await post([id]));
    const [binding] = await ask(listBindings, as("contributor"), { id });
    await execute(unbindSecret, as("contributor"), { id, bindingId: binding?.id ?? "" });
    await expect(read(id, token)).rejects.toMatchObject({ code: expect.stringMatching(/not_found|forbidden/) });
    expect(await read(id, await tokenOf(await post([id])))).toEqual({ a: "1" });
  });

  it("of a dynamic step is bound when its client posts it, for that run alone, and never by the run's own token", async () => {
    const [all, one, never, theirs] = [await make(), await make(), await make(), await make(as("workspace-admin"))];
    const snapshot = await post([all]);
    const [mine, other] = [await tokenOf(snapshot), await tokenOf(snapshot)];
    await asOwner(db.ownerUrl, "update run set is_dynamic = true where snapshot_id = $1", [snapshot]);
    const start = (call: CallContext, run: string, name: string, secrets: string[]) =>
      execute(startStep, call, stepInput(run, { name, dynamicBody: step(name, secrets).body }));
    await start(as("contributor"), mine.run, "made", [all, one, theirs]);
    await start(mine.call, mine.run, "self-made", [never]);
    expect([await read(all, mine), await read(one, mine)]).toEqual([{ a: "1" }, { a: "1" }]);
    for (const [id, token] of [
      [never, mine],
      [theirs, mine],
      [one, other],
    ] as const)
      await expect(read(id, token)).rejects.toMatchObject({ code: expect.stringMatching(/not_found|forbidden/) });
    expect(await ask(listBindings, as("contributor"), { id: one })).toMatchObject([{ kind: "step", path: "code", step: "made" }]);
    expect(await ask(listBindings, as("contributor"), { id: all }), "the pipeline's own is not bound again").toHaveLength(1);
    for (const id of [never, theirs]) expect(await ask(listBindings, as("workspace-admin"), { id })).toEqual([]);
    const asked = { id: one, from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date(Date.now() + 60_000).toISOString(), which: "could" };
    expect((await ask(listLedgerRuns, as("contributor"), asked)).runs.map((found) => found.id)).toEqual([mine.run]);
    const bound = await asOwner(db.ownerUrl, "select 1 from audit_entry where target_id = $1 and action = 'secret.bound'", [one]);
    expect(bound).toHaveLength(1);
  });
});
