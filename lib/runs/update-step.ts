import "server-only";
import { jsonText } from "@/lib/kernel/json-text";
import { z } from "zod";
import type { AuditDraft } from "@/lib/audit/record";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { refreshRunStatus } from "./refresh-status";
import { lockRun } from "./run-scope";
import { linkOutputs, requireArtifacts } from "./start-step";
import { isFinished, STATUSES } from "./status";

// A step reports outputs and its end. Outputs are added, never replaced; a finished step keeps its status; a failure that may be
// tried again becomes `retrying`.

const artifactLists = z.record(z.string(), z.array(z.uuid()));

export const updateStep = defineCommand({
  name: "step.updated",
  permission: "run:update",
  input: z.strictObject({
    stepId: z.uuid(),
    status: z.enum(STATUSES).nullable(),
    endTime: z.string().nullable(),
    cacheExpiresAt: z.string().nullable(),
    exceptionInfo: z.record(z.string(), z.unknown()).nullable(),
    outputs: artifactLists,
    loadedArtifactVersions: z.record(z.string(), z.uuid()),
  }),
  scope: async ({ tx, input, workspace }) => {
    // The step is read behind the lock on its run.
    const [run, step] = await Promise.all([
      lockRun(tx, workspace.id, { stepId: input.stepId }),
      tx.selectFrom("step_run").select(["id", "name", "status", "is_retriable"]).where("id", "=", input.stepId).executeTakeFirst(),
    ]);
    if (!run || !step) throw unknownStep(input.stepId);
    return {
      workspaceId: workspace.id,
      projectId: run.project_id,
      ownerId: run.created_by,
      runId: run.id,
      thing: { type: "step", id: step.id, name: step.name },
      run,
      step,
    };
  },
  run: async ({ tx, actor, input, target, workspace, now }) => {
    const { run, step } = target;
    let status = input.status ?? undefined;
    if (isFinished(step.status) && status !== undefined && status !== step.status) throw new AppError("in_use", "Cannot update the status of a finished step.");
    if (isFinished(step.status) && (input.endTime !== null || input.exceptionInfo !== null))
      throw new AppError("in_use", "A finished step keeps its end and its error.");
    if ((status === "failed" || status === "cancelled") && step.is_retriable && run.status !== "stopping" && run.status !== "stopped") status = "retrying";
    if (status === "failed" && step.status === "stopping") status = "stopped";
    const set: Record<string, unknown> = {};
    if (status) set.status = status;
    if (input.endTime !== null) set.end_time = input.endTime;
    if (input.cacheExpiresAt !== null) set.cache_expires_at = input.cacheExpiresAt;
    if (input.exceptionInfo !== null) set.exception_info = jsonText(input.exceptionInfo);
    const [, runEnded] = await Promise.all([
      tx
        .updateTable("step_run")
        .set({ ...set, updated_at: now })
        .where("id", "=", step.id)
        .execute(),
      refreshRunStatus(tx, run, now),
      linkOutputs(tx, { workspaceId: workspace.id, projectId: run.project_id, actorId: actor.id }, { id: step.id, runId: run.id }, input.outputs),
      linkLoaded(tx, { workspaceId: workspace.id, projectId: run.project_id }, step.id, input.loadedArtifactVersions),
    ]);
    const ended: AuditDraft[] =
      status && status !== step.status && (isFinished(status) || status === "retrying")
        ? [
            {
              action: "step.ended",
              target: { type: "step", id: step.id, name: step.name, projectId: run.project_id },
              before: { status: step.status },
              after: { run: run.name, status, error: input.exceptionInfo?.message ?? undefined },
            },
          ]
        : [];
    const added = [...Object.keys(input.outputs), ...Object.keys(input.loadedArtifactVersions)];
    if (isFinished(step.status) && added.length > 0)
      ended.push({
        action: "step.updated",
        target: { type: "step", id: step.id, name: step.name, projectId: run.project_id },
        after: { run: run.name, linked: added },
      });
    const entries = [...ended, ...runEnded];
    return { result: step.id, audit: entries.length > 0 ? entries : UNCHANGED, live: [{ projectId: run.project_id, runId: run.id }] };
  },
});

async function linkLoaded(tx: Tx, at: { workspaceId: string; projectId: string }, stepId: string, versions: Record<string, string>): Promise<void> {
  const loaded = Object.entries(versions);
  if (loaded.length === 0) return;
  await requireArtifacts(tx, at.projectId, Object.values(versions));
  await tx
    .insertInto("step_run_input")
    .values(loaded.map(([name, id]) => ({ workspace_id: at.workspaceId, step_run_id: stepId, name, artifact_version_id: id, type: "manual" })))
    .onConflict((conflict) => conflict.columns(["step_run_id", "name", "artifact_version_id"]).doNothing())
    .execute();
}

/** The recorded server's words for a step that isn't there. */
export const unknownStep = (id: string) => new AppError("not_found", `Unable to get step run with ID '${id}': No step run with this ID found`);
