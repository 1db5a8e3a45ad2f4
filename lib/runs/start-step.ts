import "server-only";
import { jsonText } from "@/lib/kernel/json-text";
import { sql } from "kysely";
import { z } from "zod";
import type { AuditDraft } from "@/lib/audit/record";
import { storeDocuments } from "@/lib/documents/documents";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { linkRunToModelVersion, resolveModelVersion } from "@/lib/models/resolve-model-version";
import { bindNamedByStep } from "@/lib/secrets/code-bindings";
import { refreshRunStatus } from "./refresh-status";
import { lockRunTarget } from "./run-scope";
import { isFinished, STATUSES } from "./status";

// A step begins, or is taken from the cache. The request carries no configuration: it comes from the snapshot, or from the request's
// dynamic part. A cached step is over at once and leaves an entry; a running one is data until it ends.

const artifactLists = z.record(z.string(), z.array(z.uuid()));

export const startStep = defineCommand({
  name: "step.started",
  permission: "run:update",
  input: z.strictObject({
    runId: z.uuid(),
    name: z.string().min(1).max(255),
    status: z.enum(STATUSES),
    startTime: z.string(),
    endTime: z.string().nullable(),
    cacheKey: z.string().max(255).nullable(),
    cacheExpiresAt: z.string().nullable(),
    codeHash: z.string().max(255).nullable(),
    docstring: z.string().max(100_000).nullable(),
    sourceCode: z.string().max(4_000_000).nullable(),
    originalStepRunId: z.uuid().nullable(),
    parentStepIds: z.array(z.uuid()),
    inputs: artifactLists,
    outputs: artifactLists,
    logId: z.uuid().nullable(),
    exceptionInfo: z.record(z.string(), z.unknown()).nullable(),
    /** The step's JSON text when the run is dynamic. */
    dynamicBody: z.string().nullable(),
  }),
  scope: lockRunTarget,
  run: async ({ tx, actor, input, target, workspace, request, now }) => {
    const { run } = target;
    if (!run.is_dynamic && isFinished(run.status) && !run.in_progress && run.status !== "failed")
      throw new AppError("in_use", "Cannot add a step to a finished run.");
    const [planned, tries, [source, dynamic]] = await Promise.all([
      tx
        .selectFrom("snapshot_step as s")
        .leftJoin("document as d", (join) => join.onRef("d.workspace_id", "=", "s.workspace_id").onRef("d.sha256", "=", "s.body_sha256"))
        .select(["s.upstream", "s.body_sha256", "d.body"])
        .where("s.snapshot_id", "=", run.snapshot_id)
        .where("s.name", "=", input.name)
        .executeTakeFirst(),
      tx
        .selectFrom("step_run")
        .select(["id", "version", "status"])
        .where("run_id", "=", run.id)
        .where("name", "=", input.name)
        .orderBy("version", "desc")
        .execute(),
      storeDocuments(tx, workspace.id, [input.sourceCode, input.dynamicBody]),
    ]);
    if (!planned && input.dynamicBody === null) throw new AppError("not_found", `The snapshot of this run has no step ${input.name}.`);
    const bodyHash = (dynamic ?? planned?.body_sha256) as Buffer;
    const body = JSON.parse(input.dynamicBody ?? planned?.body ?? "{}") as StepBody;
    const maxRetries = body.config?.retry?.max_retries ?? 0;
    if (tries[0] && tries[0].status !== "retrying")
      throw new AppError("conflict", `Unable to create step ${input.name}: a step with this name exists already in the pipeline run with ID '${run.id}'.`);
    if (tries.length > maxRetries && tries.length > 0) throw new AppError("in_use", `Step ${input.name} has used all its ${maxRetries} retries.`);
    if (tries[0]) await tx.updateTable("step_run").set({ status: "retried", updated_at: now }).where("id", "=", tries[0].id).execute();
    const model = body.config?.model
      ? await resolveModelVersion(tx, {
          workspaceId: workspace.id,
          projectId: run.project_id,
          actorId: actor.id,
          requestId: request.requestId,
          model: body.config.model,
          runId: run.id,
        })
      : null;
    const id = newId();
    const isRetriable = tries.length < maxRetries;
    const status = isRetriable && input.status === "failed" ? "retrying" : input.status;
    const inserting = tx
      .insertInto("step_run")
      .values({
        id,
        workspace_id: workspace.id,
        project_id: run.project_id,
        run_id: run.id,
        snapshot_id: run.snapshot_id,
        name: input.name,
        version: tries.length + 1,
        is_retriable: isRetriable,
        type: body.config?.step_type ?? null,
        status,
        start_time: input.startTime,
        end_time: input.endTime,
        cache_key: input.cacheKey,
        cache_expires_at: input.cacheExpiresAt,
        code_hash: input.codeHash,
        docstring: input.docstring,
        source_code_sha256: source ?? null,
        body_sha256: bodyHash,
        exception_info: input.exceptionInfo === null ? null : jsonText(input.exceptionInfo),
        original_step_run_id: input.originalStepRunId,
        model_version_id: model?.modelVersionId ?? null,
        heartbeat_threshold: body.spec?.enable_heartbeat ? (body.config?.heartbeat_healthy_threshold ?? null) : null,
        request_id: request.requestId,
        created_by: actor.id,
      })
      .execute();
    const at: StepPlace = { workspaceId: workspace.id, projectId: run.project_id, actorId: actor.id };
    // The step's row leaves first, and what belongs to it right behind it.
    const [, ended] = await Promise.all([
      inserting,
      refreshRunStatus(tx, run, now),
      model && linkRunToModelVersion(tx, { workspaceId: workspace.id, modelVersionId: model.modelVersionId, runId: run.id }),
      linkParents(tx, workspace.id, run.id, id, planned?.upstream ?? body.spec?.upstream_steps ?? [], input.parentStepIds),
      linkInputs(tx, at, id, input.inputs, body),
      linkOutputs(tx, at, { id, runId: run.id }, input.outputs),
      input.logId &&
        tx
          .updateTable("log_record")
          .set({ step_run_id: id, updated_at: now })
          .where("id", "=", input.logId)
          .where("project_id", "=", run.project_id)
          .where("created_by", "=", actor.id)
          .where("step_run_id", "is", null)
          .where((eb) => eb.or([eb("run_id", "is", null), eb("run_id", "=", run.id)]))
          .execute(),
      input.originalStepRunId && isFinished(status) ? copyMetadata(tx, at, request.requestId, input.originalStepRunId, id) : undefined,
    ]);
    const change = { actorId: actor.id, requestId: request.requestId, now };
    const bound =
      input.dynamicBody === null ? [] : await bindNamedByStep(tx, actor, { workspaceId: workspace.id, run, name: input.name, body: input.dynamicBody }, change);
    const own: AuditDraft[] = isFinished(status)
      ? [
          {
            action: "step.ended",
            target: { type: "step", id, name: input.name, projectId: run.project_id },
            after: { run: run.name, status, originalStep: input.originalStepRunId },
          },
        ]
      : [];
    const entries = [...(model?.created ?? []), ...bound, ...own, ...ended];
    return { result: id, audit: entries.length > 0 ? entries : UNCHANGED, live: [{ projectId: run.project_id, runId: run.id }] };
  },
});

type StepBody = {
  config?: {
    retry?: { max_retries?: number } | null;
    model?: { name: string } | null;
    step_type?: string | null;
    heartbeat_healthy_threshold?: number | null;
    external_input_artifacts?: Record<string, unknown>;
    model_artifacts_or_metadata?: Record<string, unknown>;
    client_lazy_loaders?: Record<string, unknown>;
  };
  spec?: { enable_heartbeat?: boolean; upstream_steps?: string[]; inputs?: Record<string, unknown> };
};

async function linkParents(
  tx: Tx,
  workspaceId: string,
  runId: string,
  stepId: string,
  upstream: readonly string[],
  explicit: readonly string[],
): Promise<void> {
  const [named, given] = await Promise.all([
    upstream.length === 0
      ? []
      : tx
          .selectFrom("step_run")
          .distinctOn("name")
          .select("id")
          .where("run_id", "=", runId)
          .where("name", "in", [...upstream])
          .orderBy("name")
          .orderBy("version", "desc")
          .execute(),
    explicit.length === 0
      ? []
      : tx
          .selectFrom("step_run")
          .select("id")
          .where("run_id", "=", runId)
          .where("id", "in", [...explicit])
          .execute(),
  ]);
  const parents = [...new Set([...named, ...given].map((row) => row.id))];
  if (parents.length > 0)
    await tx
      .insertInto("step_run_parent")
      .values(parents.map((parent) => ({ workspace_id: workspaceId, step_run_id: stepId, parent_id: parent })))
      .execute();
}

async function linkInputs(tx: Tx, at: StepPlace, stepId: string, inputs: Record<string, string[]>, body: StepBody): Promise<void> {
  const rows = Object.entries(inputs).flatMap(([name, ids]) =>
    ids.map((id, position) => ({ workspace_id: at.workspaceId, step_run_id: stepId, name, artifact_version_id: id, type: inputTypeOf(name, body), position })),
  );
  if (rows.length === 0) return;
  await requireArtifacts(
    tx,
    at.projectId,
    rows.map((row) => row.artifact_version_id),
  );
  await tx
    .insertInto("step_run_input")
    .values(rows)
    .onConflict((conflict) => conflict.columns(["step_run_id", "name", "artifact_version_id"]).doNothing())
    .execute();
}

function inputTypeOf(name: string, body: StepBody): string {
  if (body.config?.external_input_artifacts && name in body.config.external_input_artifacts) return "external";
  if (body.config?.model_artifacts_or_metadata && name in body.config.model_artifacts_or_metadata) return "lazy";
  if (body.config?.client_lazy_loaders && name in body.config.client_lazy_loaders) return "lazy";
  return "step_output";
}

/** Where a step links things, and for whom. */
export type StepPlace = { workspaceId: string; projectId: string; actorId: string };

/** Adds outputs to a step; an artifact version of the actor's that has no producer yet gets this one. */
export async function linkOutputs(tx: Tx, at: StepPlace, step: { id: string; runId: string }, outputs: Record<string, string[]>): Promise<void> {
  const rows = Object.entries(outputs).flatMap(([name, ids]) =>
    ids.map((id, position) => ({ workspace_id: at.workspaceId, step_run_id: step.id, name, artifact_version_id: id, position })),
  );
  if (rows.length === 0) return;
  const ids = rows.map((row) => row.artifact_version_id);
  await requireArtifacts(tx, at.projectId, ids);
  await Promise.all([
    tx
      .insertInto("step_run_output")
      .values(rows)
      .onConflict((conflict) => conflict.columns(["step_run_id", "name", "artifact_version_id"]).doNothing())
      .execute(),
    tx
      .updateTable("artifact_version")
      .set({ producer_step_run_id: step.id, producer_run_id: step.runId })
      .where("id", "in", ids)
      .where("created_by", "=", at.actorId)
      .where("producer_step_run_id", "is", null)
      .execute(),
  ]);
}

/** Every id names an artifact version of this project. Error: not_found. */
export async function requireArtifacts(tx: Tx, projectId: string, ids: readonly string[]): Promise<void> {
  const wanted = [...new Set(ids)];
  const { count } = await tx
    .selectFrom("artifact_version")
    .select(sql<number>`count(*)`.as("count"))
    .where("project_id", "=", projectId)
    .where("id", "in", wanted)
    .executeTakeFirstOrThrow();
  if (Number(count) !== wanted.length) throw new AppError("not_found", "An artifact version that was named does not exist.");
}

/** What the cached step had logged, logged again for this one by the actor. */
async function copyMetadata(tx: Tx, at: StepPlace, requestId: string, fromStepId: string, toStepId: string): Promise<void> {
  const rows = await tx
    .selectFrom("metadata_entry")
    .selectAll()
    .where("resource_id", "=", fromStepId)
    .where("project_id", "=", at.projectId)
    .where("resource_type", "=", "step_run")
    .orderBy("created_at")
    .execute();
  if (rows.length > 0)
    await tx
      .insertInto("metadata_entry")
      .values(rows.map((row) => ({ ...row, id: newId(), resource_id: toStepId, created_by: at.actorId, request_id: requestId })))
      .execute();
}
