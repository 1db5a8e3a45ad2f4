import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { seedUi } from "@/e2e/seed-ui";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { getStepPage } from "./get-step-page";

const db = useTestDatabase();
let acme: TestOrganization;
let failedRunId = "";

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  ({ failedRunId } = await seedUi(db.ownerUrl, { workspace: acme.own.workspace.slug, runs: 40 }));
});

const owner = <Row extends object = { id: string }>(text: string, values: unknown[] = []) => asOwner<Row>(db.ownerUrl, text, values);
const stepOf = async (name: string, run = failedRunId) =>
  (await owner("select id from step_run where run_id = $1 and name = $2 order by version", [run, name])).map((row) => row.id);
const page = (stepRunId: string | undefined, projectId = acme.own.projectId) =>
  ask(getStepPage, callAs(acme.people.viewer, acme.own.workspace), { projectId, stepRunId });

describe("a step's page", () => {
  it("has what went in with who made it, what came before, and the error", async () => {
    const [id] = await stepOf("train_model");
    const step = await page(id);
    expect(step).toMatchObject({ name: "train_model", version: 1, status: "failed", source: "steps.train_model.train_model" });
    expect(step.run.id).toBe(failedRunId);
    expect(step.exception).toMatchObject({ type: "builtins.ValueError", userCodeLine: 4 });
    expect(step.sourceCode).toContain("def train_model");
    expect(step.inputs.map((input) => [input.artifact, input.producer?.step])).toContainEqual(["features_train", "build_features"]);
    expect(step.environment.packages?.map(({ name }) => name)).toContain("xgboost");
  });

  it("tells defaults from what was set, and never shows the value of a variable or a secret", async () => {
    const body = {
      config: {
        parameters: { rows: 20, lr: 0.5, api_token: "p-4711" },
        environment: { STAGE: "v-4711" },
        settings: { resources: { cpu_count: 4, memory: "8GB", gpu_count: null }, docker: { environment: { PIP_URL: "v-4712" } } },
        extra: { password: "v-4713" },
      },
      spec: { parameter_spec: { properties: { rows: { default: 20 }, lr: { default: 0.1 }, api_token: { default: "p-4712" } } } },
    };
    const [id] = await stepOf("build_features");
    const sha = (await owner<{ sha: Buffer }>("select sha256(convert_to($1, 'UTF8')) as sha", [JSON.stringify(body)]))[0]?.sha;
    await owner("insert into document (workspace_id, sha256, body) values ($1, $2, $3)", [acme.own.workspace.id, sha, JSON.stringify(body)]);
    await owner("update step_run set body_sha256 = $2 where id = $1", [id, sha]);
    const step = await page(id);
    expect(step.parameters).toMatchObject([
      { name: "rows", value: "20", origin: "default" },
      { name: "lr", value: "0.5", origin: "set", default: "0.1" },
      { name: "api_token", value: "[redacted]", origin: "set" },
    ]);
    expect(step.resources).toEqual([
      { name: "cpu count", value: "4" },
      { name: "memory", value: "8GB" },
    ]);
    expect(step.variables.map(({ name }) => name)).toEqual(["STAGE"]);
    expect(JSON.stringify(step)).not.toMatch(/[pv]-471\d/);
    expect(step.configuration).toContain('"PIP_URL"');
    expect((await page(id)).variables).toEqual(step.variables);
  });

  it("lists every try, the latest value of each metadata key, and where a cached result came from", async () => {
    const [id] = await stepOf("load_transactions");
    const [other] = await owner<{ id: string; run_id: string }>("select id, run_id from step_run where run_id <> $1 limit 1", [failedRunId]);
    await owner(
      `insert into step_run (id, workspace_id, project_id, run_id, snapshot_id, name, version, status, body_sha256, request_id, created_by, original_step_run_id)
       select $2, workspace_id, project_id, run_id, snapshot_id, name, 2, 'cached', body_sha256, request_id, created_by, $3 from step_run where id = $1`,
      [id, newId(), other?.id],
    );
    for (const value of ["1.0", "2.50"])
      await owner(
        "insert into metadata_entry (id, workspace_id, project_id, resource_type, resource_id, key, value, type) values ($1, $2, $3, 'step_run', $4, 'loss', $5, 'float')",
        [newId(), acme.own.workspace.id, acme.own.projectId, id, value],
      );
    const ids = await stepOf("load_transactions");
    expect((await page(id)).tries.map((one) => [one.id, one.version])).toEqual(ids.map((one, index) => [one, index + 1]));
    expect((await page(id)).metadata).toMatchObject([{ key: "loss", value: "2.50", type: "float" }]);
    expect((await page(ids[1])).cache).toMatchObject({ isHit: true, from: { stepRunId: other?.id, runId: other?.run_id } });
  });

  it("is found by its name in a run too: the last try, or the one that is named", async () => {
    const [first, second] = await stepOf("load_transactions");
    const byName = (version: number | null) =>
      ask(getStepPage, callAs(acme.people.viewer, acme.own.workspace), {
        projectId: acme.own.projectId,
        runId: failedRunId,
        step: "load_transactions",
        version,
      });
    expect((await byName(null)).id).toBe(second);
    expect((await byName(1)).id).toBe(first);
    await expect(byName(7)).rejects.toMatchObject({ code: "not_found" });
  });

  it("is not found under another project, or when there is none", async () => {
    const [id] = await stepOf("train_model");
    await expect(page(id, acme.foreign.projectId)).rejects.toMatchObject({ code: "not_found" });
    await expect(page(newId())).rejects.toMatchObject({ code: "not_found" });
  });
});
