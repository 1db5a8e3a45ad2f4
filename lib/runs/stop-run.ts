import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { booleanField } from "@/lib/kernel/form-fields";
import { lockRunTarget } from "./run-scope";
import { isFinished, type Status } from "./status";

// Asks a run to stop. Reeve does not hold its processes: a step hears of it with its next heartbeat and ends itself, and the run is
// stopped when no step is left. A run without a running step has nobody to hear it, so it is stopped at once.

export const stopRun = defineCommand({
  name: "run.stopped",
  permission: "run:stop",
  input: z.strictObject({
    runId: z.uuid(),
    /** Whether running steps may end in their own time; otherwise they hear `stopping` themselves. */
    isGraceful: booleanField,
  }),
  scope: lockRunTarget,
  run: async ({ tx, actor, target: { run }, input, now }) => {
    if (run.status === "completed") throw new AppError("in_use", "Cannot stop a run that is already completed.");
    if (isFinished(run.status)) throw new AppError("in_use", `Cannot stop a run that is already ${run.status}.`);
    const steps = await tx.selectFrom("step_run").select(["id", "status"]).where("run_id", "=", run.id).execute();
    const running = steps.filter((step) => !isFinished(step.status)).map((step) => step.id);
    const status: Status = running.length > 0 ? "stopping" : "stopped";
    if (running.length > 0 && !input.isGraceful)
      await tx.updateTable("step_run").set({ status: "stopping", updated_at: now }).where("id", "in", running).execute();
    await tx
      .updateTable("run")
      .set({ status, in_progress: running.length > 0, end_time: running.length > 0 ? null : now, status_reason: "Stopped by a person.", updated_at: now })
      .where("id", "=", run.id)
      .execute();
    // Nobody waits for an answer any more.
    const asked = await tx
      .updateTable("wait_condition")
      .set({ status: "resolved", resolution: "abort", resolved_at: now, resolved_by: actor.id, updated_at: now })
      .where("run_id", "=", run.id)
      .where("status", "=", "pending")
      .returning("name")
      .executeTakeFirst();
    return {
      result: run.id,
      audit: {
        target: { type: "run", id: run.id, name: run.name, projectId: run.project_id },
        before: { status: run.status },
        after: { status, stepsRunning: running.length, isGraceful: input.isGraceful, ...(asked && { questionAborted: asked.name }) },
      },
      live: [{ projectId: run.project_id, runId: run.id }],
    };
  },
});
