import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { deletePipeline } from "@/lib/pipelines/change-pipeline";
import { loadActor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import type { Actor } from "@/lib/identity/actor";
import { authorizeRunToken } from "./authorize-run-token";
import { getRun } from "./read-runs";
import { startRun } from "./start-run";
import { startStep } from "./start-step";
import { updateStep } from "./update-step";
import { stepInput } from "@/lib/kernel/test-runs";

// What is somebody else's stays theirs: placeholders, logs, artifacts of another project, runs in one's own pipeline; a run's credential
// makes no other one and starts no other run; a finished step keeps its end.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
let organization: TestOrganization;
let mine: Actor;
let theirs: Actor;
let pipelineId = "";
let snapshotId = "";

beforeAll(async () => {
  organization = await makeTestOrganization();
  const { workspace, projectId } = organization.own;
  mine = await makePerson(organization.id, "contributor", workspace.id);
  theirs = await makePerson(organization.id, "contributor", workspace.id);
  const body = '{"spec":{"upstream_steps":[]},"config":{"name":"load"}}';
  const hash = Buffer.alloc(32, 1);
  pipelineId = newId();
  snapshotId = newId();
  await inScope([workspace.id], async (tx) => {
    await tx.insertInto("document").values({ workspace_id: workspace.id, sha256: hash, body }).execute();
    await tx.insertInto("pipeline").values({ id: pipelineId, workspace_id: workspace.id, project_id: projectId, name: "mine", created_by: mine.id }).execute();
    await tx
      .insertInto("snapshot")
      .values({
        id: snapshotId,
        workspace_id: workspace.id,
        project_id: projectId,
        pipeline_id: pipelineId,
        run_name_template: "r",
        step_count: 1,
        pipeline_configuration_sha256: hash,
        client_environment_sha256: hash,
        created_by: mine.id,
      })
      .execute();
    await tx
      .insertInto("snapshot_step")
      .values({ workspace_id: workspace.id, snapshot_id: snapshotId, name: "load", position: 0, body_sha256: hash })
      .execute();
  });
});

const startInput = (more: object = {}) => ({
  project: "default",
  snapshotId,
  name: newId(),
  status: "initializing",
  statusReason: null,
  orchestratorRunId: null,
  startTime: null,
  endTime: null,
  orchestratorEnvironment: null,
  pythonPackages: null,
  triggerInfo: null,
  exceptionInfo: null,
  logId: null,
  tags: null,
  ...more,
});
const stepChange = (stepId: string, more: object = {}) => ({
  stepId,
  status: null,
  endTime: null,
  cacheExpiresAt: null,
  exceptionInfo: null,
  outputs: {},
  loadedArtifactVersions: {},
  ...more,
});
const as = (actor: Actor) => callAs(actor, organization.own.workspace);
const statusOf = async (runId: string) => (await asOwner<{ status: string }>(db.ownerUrl, "select status from run where id = $1", [runId]))[0]?.status;

describe("runs", () => {
  it("a placeholder is adopted by its maker only", async () => {
    const placeholder = await execute(startRun, as(theirs), startInput());
    const other = await execute(startRun, as(mine), startInput({ orchestratorRunId: newId(), status: "failed" }));
    expect(other.id).not.toBe(placeholder.id);
    expect(await statusOf(placeholder.id)).toBe("initializing");
    expect(await execute(startRun, as(theirs), startInput({ orchestratorRunId: newId(), status: "running" }))).toEqual({
      id: placeholder.id,
      wasCreated: true,
    });
  });

  it("a run's credential makes no other credential and starts no other run", async () => {
    const run = await execute(startRun, as(mine), startInput());
    const { workspace, projectId } = organization.own;
    const token = await inScope([], (tx) =>
      loadActor(tx, mine.id, { kind: "workload", id: run.id, label: "run" }, { workload: { runId: run.id, projectId, workspaceId: workspace.id } }),
    );
    if (!token) throw new Error("no actor");
    await expect(ask(authorizeRunToken, as(mine), { runId: run.id })).resolves.toBeUndefined();
    await expect(ask(authorizeRunToken, as(token), { runId: run.id })).rejects.toMatchObject({ code: "forbidden" });
    await expect(execute(startRun, as(token), startInput())).rejects.toMatchObject({ code: "forbidden" });
  });

  it("somebody else's log record stays where it is", async () => {
    const log = newId();
    const { workspace, projectId } = organization.own;
    await inScope([workspace.id], (tx) =>
      tx.insertInto("log_record").values({ id: log, workspace_id: workspace.id, project_id: projectId, source: "client", created_by: theirs.id }).execute(),
    );
    await execute(startRun, as(mine), startInput({ logId: log }));
    expect(await asOwner(db.ownerUrl, "select run_id from log_record where id = $1", [log])).toEqual([{ run_id: null }]);
  });

  it("a pipeline with runs goes only with the right to delete runs", async () => {
    await expect(execute(deletePipeline, as(mine), { pipelineId })).rejects.toMatchObject({ code: "in_use" });
  });
});

it("who sees one project can't tell another project's run from none", async () => {
  const { workspace, projectId } = organization.own;
  const narrow = await makePerson(organization.id, "contributor", workspace.id);
  const elsewhere = newId();
  await inScope([workspace.id], (tx) =>
    tx.insertInto("project").values({ id: elsewhere, workspace_id: workspace.id, name: "elsewhere", display_name: "E" }).execute(),
  );
  await asOwner(db.ownerUrl, "update role_grant set scope_kind = 'project', project_ref = $2 where principal_id = $1", [narrow.id, elsewhere]);
  const actor = (await inScope([], (tx) => loadActor(tx, narrow.id, narrow.credential))) as Actor;
  const run = await execute(startRun, as(mine), startInput());
  const textFor = async (runId: string) => (await ask(getRun, as(actor), { runId }).catch((error: Error) => error.message)) as string;
  expect(await textFor(run.id)).toBe(await textFor(newId()));
  expect(await ask(getRun, as(mine), { runId: run.id })).toMatchObject({ project_id: projectId });
});

describe("steps", () => {
  it("link no artifact of another project", async () => {
    const { workspace } = organization.own;
    const [project, artifact, version] = [newId(), newId(), newId()];
    await inScope([workspace.id], async (tx) => {
      await tx.insertInto("project").values({ id: project, workspace_id: workspace.id, name: "secret", display_name: "Secret" }).execute();
      await tx.insertInto("artifact").values({ id: artifact, workspace_id: workspace.id, project_id: project, name: "a" }).execute();
      await tx
        .insertInto("artifact_version")
        .values({
          id: version,
          workspace_id: workspace.id,
          project_id: project,
          artifact_id: artifact,
          version: "1",
          uri: "/a",
          type: "DataArtifact",
          materializer: "{}",
          data_type: "{}",
          save_type: "step_output",
          request_id: "r",
          created_by: mine.id,
        })
        .execute();
    });
    const run = await execute(startRun, as(mine), startInput());
    await expect(execute(startStep, as(mine), stepInput(run.id, { outputs: { out: [version] } }))).rejects.toMatchObject({ code: "not_found" });
    await expect(execute(startStep, as(mine), stepInput(run.id, { inputs: { in: [version] } }))).rejects.toMatchObject({ code: "not_found" });
    expect(await asOwner(db.ownerUrl, "select producer_run_id from artifact_version where id = $1", [version])).toEqual([{ producer_run_id: null }]);
  });

  it("report a failure whatever its text, and keep their end", async () => {
    const run = await execute(startRun, as(mine), startInput());
    const step = await execute(startStep, as(mine), stepInput(run.id));
    const failure = { status: "failed", endTime: "2026-11-22T18:10:07Z", exceptionInfo: { message: "a\u0000b\udcff", traceback: "t" } };
    await execute(updateStep, as(mine), stepChange(step, failure));
    expect(await statusOf(run.id)).toBe("failed");
    const rewrite = stepChange(step, { status: "failed", endTime: "2026-11-22T19:00:00Z" });
    await expect(execute(updateStep, as(mine), rewrite)).rejects.toMatchObject({ code: "in_use" });
  });
});
