import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { seedUi } from "@/e2e/seed-ui";
import { newId } from "@/lib/kernel/id";
import { ask, type Query } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { getRunHead } from "./get-run-head";
import { getRunMetadata } from "./get-run-metadata";
import { getRunOutline } from "./get-run-outline";
import { getRunSnapshot } from "./get-run-snapshot";
import type { OutlineRow, RunOutline } from "./outline-schema";
import { getStepWalk } from "./step-walk";

const db = useTestDatabase();
let acme: TestOrganization;
let failedRunId = "";
let runningRunId = "";

beforeAll(async () => {
  acme = await makeTestOrganization();
  const seeded = await seedUi(db.ownerUrl, { workspace: acme.own.workspace.slug, runs: 40 });
  failedRunId = seeded.failedRunId;
  runningRunId = seeded.runIds.at(-1) ?? "";
});

const owner = <Row extends object = { id: string }>(text: string, values: unknown[] = []) => asOwner<Row>(db.ownerUrl, text, values);
const viewer = () => callAs(acme.people.viewer, acme.own.workspace);
const actorOf = async (runId: string) => (await owner<{ by: string }>("select created_by as by from run where id = $1", [runId]))[0]?.by;
const at = (runId: string, projectId = acme.own.projectId) => ({ projectId, runId });

const artifactsOf = ({ rows }: RunOutline, at: number, of: "inputs" | "outputs") => {
  const row = rows[at];
  return row?.kind === "step" ? row[of]?.map(({ artifact }) => artifact) : null;
};
const statusOf = (row: OutlineRow) => (row.kind === "step" ? row.status : "group");

describe("the head of a run", () => {
  it("has its steps in figures, and the error of the first failed step where it is asked for", async () => {
    const head = await ask(getRunHead, viewer(), { ...at(failedRunId), includesFailure: true });
    expect(head.steps).toEqual({ total: 3, counts: { completed: 2, failed: 1 }, failed: ["train_model"] });
    expect(head.failure).toMatchObject({ step: "train_model", type: "builtins.ValueError", userCodeLine: 4 });
    expect(head.failure?.source).toContain("def train_model");
    expect((await ask(getRunHead, viewer(), at(failedRunId))).failure).toBeNull();
  });

  it("counts the latest try of a step only, and the steps to come while the run goes on", async () => {
    const [step] = await owner("select id from step_run where run_id = $1 and status = 'completed' limit 1", [runningRunId]);
    await owner(
      `insert into step_run (id, workspace_id, project_id, run_id, snapshot_id, name, version, status, body_sha256, request_id, created_by)
       select $2, workspace_id, project_id, run_id, snapshot_id, name, 2, 'failed', body_sha256, request_id, created_by from step_run where id = $1`,
      [step?.id, newId()],
    );
    const { steps } = await ask(getRunHead, viewer(), at(runningRunId));
    expect(steps.counts).toMatchObject({ running: 1, failed: 1, completed: 1 });
    expect(steps.counts.not_started).toBeGreaterThan(0);
    expect(steps.total).toBe(Object.values(steps.counts).reduce((sum, count) => sum + count, 0));
  });

  it("counts the entries that the reader may see: Contributors their own acts", async () => {
    const entries = async (role: "viewer" | "contributor") => (await ask(getRunHead, callAs(acme.people[role], acme.own.workspace), at(failedRunId))).entries;
    const all = await entries("viewer");
    expect(all).toEqual({ count: 2, first: expect.any(Number), last: (all?.first ?? 0) + 1 });
    expect((await entries("contributor"))?.count).toBe((await actorOf(failedRunId)) === acme.people.contributor.id ? 2 : 0);
  });
});

describe("the outline of a run", () => {
  it("has failed steps first, then the snapshot's order, with what went in and out", async () => {
    const outline = await ask(getRunOutline, viewer(), at(failedRunId));
    expect(outline.rows.map(({ name }) => name)).toEqual(["train_model", "load_transactions", "build_features"]);
    expect(artifactsOf(outline, 2, "inputs")).toEqual(["transactions", "labels"]);
    expect(artifactsOf(outline, 1, "outputs")).toEqual(["transactions", "labels"]);
  });

  it("narrows by state and text, and keeps the figures of the whole run", async () => {
    const outline = await ask(getRunOutline, viewer(), { ...at(failedRunId), states: ["completed"], text: "BUILD" });
    expect(outline.rows.map(({ name }) => name)).toEqual(["build_features"]);
    expect(outline).toMatchObject({ total: 1, counts: { completed: 2, failed: 1 } });
  });

  it("shows steps to come of a run that goes on, and a long run in pages without their artifacts", async () => {
    expect((await ask(getRunOutline, viewer(), at(runningRunId))).rows.map(statusOf)).toContain("not_started");
    expect((await ask(getRunOutline, viewer(), at(failedRunId))).rows.map(statusOf)).not.toContain("not_started");
    await owner(
      `insert into step_run (id, workspace_id, project_id, run_id, snapshot_id, name, status, body_sha256, request_id, created_by, created_at)
       select gen_random_uuid(), workspace_id, project_id, run_id, snapshot_id, 'score_' || n, 'completed', body_sha256, request_id, created_by, created_at + n * interval '1 ms'
       from step_run, generate_series(2, 240) n where run_id = $1 and name = 'train_model'`,
      [failedRunId],
    );
    const all = (more: object) => ask(getRunOutline, viewer(), { ...at(failedRunId), states: ["completed", "failed"], ...more });
    const [first, last] = [await all({}), await all({ from: 200 })];
    expect([first.rows.length, first.total, last.rows.length, last.rows.at(-1)?.name]).toEqual([50, 242, 42, "score_240"]);
    expect(first.rows[0]).toMatchObject({ name: "train_model", inputs: null });
    expect((await all({ from: 5_000 })).from).toBe(0);
    const folded = await ask(getRunOutline, viewer(), at(failedRunId));
    expect(folded.rows.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "step train_model",
      "step load_transactions",
      "step build_features",
      "group score",
    ]);
    expect(folded.rows[3]).toMatchObject({ total: 239, counts: { completed: 239 }, isOpen: false });
    const open = await ask(getRunOutline, viewer(), { ...at(failedRunId), group: "g:score" });
    expect([open.total, open.rows[3], open.rows[4]]).toMatchObject([243, { isOpen: true }, { name: "score_2", isInGroup: true }]);
    await owner("delete from step_run where run_id = $1 and name like 'score_%'", [failedRunId]);
  });
});

describe("the other parts of a run", () => {
  it("snapshot: parameters, what was declared, and no value of a variable or a secret", async () => {
    const [row] = await owner<{ id: string; sha: Buffer }>(
      "select n.id, n.pipeline_configuration_sha256 as sha from run r join snapshot n on n.id = r.snapshot_id where r.id = $1",
      [failedRunId],
    );
    const body = JSON.stringify({ parameters: { rows: 250000, api_token: "p-4711" }, environment: { STAGE: "v-4711" }, secrets: ["snowflake-features"] });
    await owner("insert into document (workspace_id, sha256, body) values ($1, sha256(convert_to($2, 'UTF8')), $2)", [acme.own.workspace.id, body]);
    await owner("update snapshot set pipeline_configuration_sha256 = sha256(convert_to($2, 'UTF8')) where id = $1", [row?.id, body]);
    const snapshot = await ask(getRunSnapshot, viewer(), at(failedRunId));
    expect(snapshot.parameters).toContainEqual({ name: "rows", value: "250000" });
    expect(snapshot.secrets).toEqual([{ name: "snowflake-features", of: null }]);
    expect(snapshot.declared.packages?.map(({ name }) => name)).toContain("xgboost");
    expect(snapshot.observed).toBeNull();
    expect(snapshot.pipelineSource).toContain("def fraud_train");
    expect(JSON.stringify(snapshot)).not.toMatch(/[pv]-4711/);
  });

  it("metadata: of the run, its artifacts and steps, narrowed by text", async () => {
    const all = await ask(getRunMetadata, viewer(), at(failedRunId));
    expect(all.rows[0]).toMatchObject({ about: "run", key: "auc" });
    expect(all.rows.map(({ key }) => key)).toContain("storage_size");
    const some = await ask(getRunMetadata, viewer(), { ...at(failedRunId), text: "AUC" });
    expect(some.rows.map(({ key }) => key)).toEqual(["auc"]);
    expect(some.total).toBe(1);
  });

  it("the walk: each step's neighbours in the snapshot's order", async () => {
    const walk = (step: string) => ask(getStepWalk, viewer(), { ...at(failedRunId), step });
    expect(await walk("load_transactions")).toEqual({ previous: null, next: "build_features" });
    expect(await walk("train_model")).toEqual({ previous: "build_features", next: null });
    expect(await walk("nope")).toEqual({ previous: null, next: null });
  });

  it("none is found under another project, or when there is no such run", async () => {
    for (const query of [getRunHead, getRunOutline, getRunSnapshot, getRunMetadata] as Query[]) {
      await expect(ask(query, viewer(), at(failedRunId, acme.foreign.projectId))).rejects.toMatchObject({ code: "not_found" });
      await expect(ask(query, viewer(), at(newId()))).rejects.toMatchObject({ code: "not_found" });
    }
  });
});
