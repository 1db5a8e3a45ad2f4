import "server-only";
import { jsonText } from "@/lib/kernel/json-text";
import { z } from "zod";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { attachTags, detachTags, type TagWish } from "@/lib/tags/attach-tags";
import { lockRunTarget } from "./run-scope";
import { isFinished, STATUSES } from "./status";

// What a client may say of a run after its start. A finished run keeps its status; the `provisioning` that the client sends when a
// local run is already over says nothing (WIRE §7).

export const updateRun = defineCommand({
  name: "run.updated",
  permission: "run:update",
  input: z.strictObject({
    runId: z.uuid(),
    status: z.enum(STATUSES).nullable(),
    statusReason: z.string().max(4_000).nullable(),
    orchestratorRunId: z.string().max(255).nullable(),
    exceptionInfo: z.record(z.string(), z.unknown()).nullable(),
    addTags: z.array(z.custom<TagWish>()).nullable(),
    removeTags: z.array(z.string()).nullable(),
    isHeartbeatOff: z.literal(true).optional(),
  }),
  scope: lockRunTarget,
  run: async ({ tx, actor, input, target, workspace, now }) => {
    const { run } = target;
    const before: Record<string, unknown> = {};
    const after: Record<string, unknown> = {};
    const status =
      input.status !== null && input.status !== run.status && !(input.status === "provisioning" && run.status !== "initializing") ? input.status : undefined;
    if (status && isFinished(run.status) && !(run.status === "failed" && status === "resuming"))
      throw new AppError("in_use", "Cannot update the status of a finished run.");
    if (input.orchestratorRunId !== null && run.orchestrator_run_id !== null && run.orchestrator_run_id !== input.orchestratorRunId)
      throw new AppError("in_use", "The orchestrator run id of this run is already set.");
    const set: Record<string, unknown> = {};
    if (status) {
      Object.assign(set, { status, in_progress: !isFinished(status), end_time: isFinished(status) ? now : null, status_reason: input.statusReason ?? null });
      before.status = run.status;
      after.status = status;
    }
    if (input.orchestratorRunId !== null && run.orchestrator_run_id === null) {
      set.orchestrator_run_id = input.orchestratorRunId;
      after.orchestratorRunId = input.orchestratorRunId;
    }
    if (input.isHeartbeatOff) {
      set.enable_heartbeat = false;
      after.heartbeat = "off";
    }
    if (input.exceptionInfo !== null) {
      set.exception_info = jsonText(input.exceptionInfo);
      after.exception = input.exceptionInfo.message ?? "recorded";
    }
    if (Object.keys(set).length > 0)
      await tx
        .updateTable("run")
        .set({ ...set, updated_at: now })
        .where("id", "=", run.id)
        .execute();
    if (input.addTags?.length) {
      await attachTags(tx, { workspaceId: workspace.id, actorId: actor.id, resourceType: "pipeline_run", resourceId: run.id, tags: input.addTags });
      after.tagsAdded = input.addTags.map((tag) => (typeof tag === "string" ? tag : tag.name));
    }
    if (input.removeTags?.length) {
      await detachTags(tx, { resourceId: run.id, tags: input.removeTags });
      after.tagsRemoved = input.removeTags;
    }
    if (Object.keys(after).length === 0) return { result: run.id, audit: UNCHANGED };
    return {
      result: run.id,
      audit: {
        action: status && isFinished(status) ? "run.ended" : "run.updated",
        target: { type: "run", id: run.id, name: run.name, projectId: run.project_id },
        before,
        after,
      },
      live: [{ projectId: run.project_id, runId: run.id }],
    };
  },
});
