import "server-only";
import type { CallContext } from "./command";
import { newId } from "./id";
import { callAs, type TestOrganization, type TestPlace } from "./test-organization";
import { asOwner } from "./test-rows";

// For tests: a stack in a workspace, a run on it that calls with its own token, and what its steps begin with.

let count = 0;

/** Makes a stack. */
export async function makeStack(ownerUrl: string, { workspace }: TestPlace): Promise<string> {
  const id = newId();
  await asOwner(ownerUrl, "insert into stack (id, workspace_id, name) values ($1, $2, $3)", [id, workspace.id, `stack-${++count}`]);
  return id;
}

/** Makes a run that goes on; `call` is what its token calls with. */
export async function makeRun(ownerUrl: string, acme: TestOrganization, place: TestPlace, stack: string): Promise<{ id: string; call: CallContext }> {
  const at = [place.workspace.id, place.projectId];
  const [pipeline, snapshot, id] = [newId(), newId(), newId()];
  await asOwner(ownerUrl, "insert into pipeline (id, workspace_id, project_id, name) values ($1, $2, $3, $4)", [pipeline, ...at, `p-${++count}`]);
  await asOwner(
    ownerUrl,
    "insert into snapshot (id, workspace_id, project_id, pipeline_id, run_name_template, pipeline_configuration_sha256, client_environment_sha256) values ($1, $2, $3, $4, 'x', '\\x00', '\\x00')",
    [snapshot, ...at, pipeline],
  );
  await asOwner(
    ownerUrl,
    `insert into run (id, workspace_id, project_id, pipeline_id, snapshot_id, stack_id, name, number, index, status, in_progress, origin, credential_kind, request_id, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $8, 'running', true, 'api', 'api_key', 'r', $9)`,
    [id, ...at, pipeline, snapshot, stack, `run-${++count}`, count, acme.people["workspace-admin"].id],
  );
  const workload = { runId: id, projectId: place.projectId, workspaceId: place.workspace.id };
  const actor = { ...acme.people["workspace-admin"], credential: { kind: "workload" as const, id, label: "run" }, workload };
  return { id, call: callAs(actor, place.workspace) };
}

/** What a client posts of a step that begins. */
export const stepInput = (runId: string, more: object = {}) => ({
  runId,
  name: "load",
  status: "running",
  startTime: "2026-11-22T18:10:05Z",
  endTime: null,
  cacheKey: null,
  cacheExpiresAt: null,
  codeHash: null,
  docstring: null,
  sourceCode: null,
  originalStepRunId: null,
  parentStepIds: [],
  inputs: {},
  outputs: {},
  logId: null,
  exceptionInfo: null,
  dynamicBody: null,
  ...more,
});
