import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import type { Actor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { makeThings, type TestThings } from "@/lib/kernel/test-things";
import { answerQuestion } from "@/lib/waits/answer-question";
import { countRuns } from "./count-runs";
import { getRunHead } from "./get-run-head";
import { heartbeatStep } from "./heartbeat-step";
import { listRuns } from "./list-runs";
import { reconcileRuns } from "./reconcile-run";

// A run whose steps fell silent is lost until one is heard again, and one with an open question waits: people see it, the wire does not.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const database = useTestDatabase();
let owner: pg.Client;
let organization: TestOrganization;
let mira: Actor;
let things: TestThings;

beforeAll(async () => {
  organization = await makeTestOrganization();
  mira = await makePerson(organization.id, "contributor", organization.own.workspace.id);
  owner = new pg.Client({ connectionString: database.ownerUrl, options: "-c search_path=reeve" });
  await owner.connect();
});
beforeEach(async () => {
  things = await makeThings(organization.own, mira.id);
});
afterAll(() => owner.end());

const context = () => callAs(mira, organization.own.workspace);
const shown = async (status: string) => {
  const list = await ask(listRuns, context(), {
    projectId: organization.own.projectId,
    conditions: [{ field: "status", op: "oneof", value: [status] }],
    sort: { field: "created", direction: "desc" },
    limit: 1000,
  });
  return list.rows;
};
const idsOf = async (status: string) => (await shown(status)).map((run) => run.id);
const entriesOf = async (action: string) =>
  (await owner.query("select actor_kind, after from audit_entry where action = $1 and target_id = $2 order by seq", [action, things.runId])).rows;
const beat = (ago: string) => owner.query("update step_run set latest_heartbeat_at = now() - $2::interval where id = $1", [things.stepId, ago]);

describe("a run whose steps send signs of life", () => {
  it("is lost when they stop for longer than the step's limit, and found with the next one", async () => {
    await beat("29 minutes");
    await reconcileRuns();
    expect(await idsOf("lost")).not.toContain(things.runId);
    await owner.query("update step_run set heartbeat_threshold = 5 where id = $1", [things.stepId]);
    await reconcileRuns();
    await reconcileRuns();
    const [row] = (await shown("lost")).filter((run) => run.id === things.runId);
    expect(row?.status).toBe("lost");
    expect(await idsOf("running")).not.toContain(things.runId);
    expect(await entriesOf("run.lost")).toEqual([{ actor_kind: "system", after: expect.objectContaining({ isLost: true, limitMinutes: 5 }) }]);
    const page = await ask(getRunHead, context(), { projectId: organization.own.projectId, runId: things.runId });
    expect(page.status).toBe("lost");
    await execute(heartbeatStep, context(), { stepId: things.stepId });
    await reconcileRuns();
    expect(await idsOf("lost")).not.toContain(things.runId);
    expect(await idsOf("running")).toContain(things.runId);
    expect(await entriesOf("run.found")).toHaveLength(1);
  });

  it("is not lost while another of its steps is heard, nor after it ended", async () => {
    await beat("2 hours");
    await owner.query(
      `insert into step_run (id, workspace_id, project_id, run_id, snapshot_id, name, status, body_sha256, request_id, created_by, latest_heartbeat_at)
       select gen_random_uuid(), workspace_id, project_id, run_id, snapshot_id, 'other', 'running', body_sha256, request_id, created_by, now() from step_run where id = $1`,
      [things.stepId],
    );
    await reconcileRuns();
    expect(await idsOf("lost")).not.toContain(things.runId);
    await owner.query("update step_run set latest_heartbeat_at = now() - interval '2 hours' where run_id = $1", [things.runId]);
    await reconcileRuns();
    expect(await idsOf("lost")).toContain(things.runId);
    await owner.query("update run set status = 'failed', in_progress = false where id = $1", [things.runId]);
    expect(await idsOf("failed")).toContain(things.runId);
    await reconcileRuns();
    expect(await idsOf("lost")).not.toContain(things.runId);
  });
});

it("a run with an open question waits for a person, in its row and beside the tab", async () => {
  const before = (await ask(countRuns, context(), { projectId: organization.own.projectId })).waiting;
  expect(before).toBeGreaterThan(0);
  expect(await idsOf("waiting")).toContain(things.askingRunId);
  expect(await idsOf("running")).not.toContain(things.askingRunId);
  await execute(answerQuestion, context(), { id: things.questionId, resolution: "continue", result: "1" });
  expect(await idsOf("waiting")).not.toContain(things.askingRunId);
  expect(await idsOf("running")).toContain(things.askingRunId);
  expect((await ask(countRuns, context(), { projectId: organization.own.projectId })).waiting).toBe(before - 1);
});
