import "server-only";
import { z } from "zod";
import { defineDataWrite } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { isFinished, type Status } from "./status";
import { unknownStep } from "./update-step";

// A step says that it lives, and hears whether to stop. Many of them come, so they leave no entry and wake no page.

export type Heartbeat = { stepId: string; status: Status; at: string; runStatus: Status; isEnabled: boolean };

/** Notes a step's sign of life. Error: in_use when the step has finished. */
export const heartbeatStep = defineDataWrite({
  name: "step.heartbeat",
  permission: "run:update",
  input: z.strictObject({ stepId: z.uuid() }),
  scope: async ({ tx, input, workspace }) => {
    const step = await tx
      .selectFrom("step_run as s")
      .innerJoin("run as r", "r.id", "s.run_id")
      .select(["s.id", "s.name", "s.status", "r.id as run_id", "r.project_id", "r.created_by", "r.status as run_status", "r.enable_heartbeat"])
      .where("s.id", "=", input.stepId)
      .where("s.workspace_id", "=", workspace.id)
      .executeTakeFirst();
    if (!step) throw unknownStep(input.stepId);
    return {
      workspaceId: workspace.id,
      projectId: step.project_id,
      ownerId: step.created_by,
      runId: step.run_id,
      thing: { type: "step", id: step.id, name: step.name },
      step,
    };
  },
  run: async ({ tx, target: { step }, now }): Promise<{ result: Heartbeat }> => {
    if (isFinished(step.status)) throw new AppError("in_use", "Can not update heartbeat for finished steps.");
    await tx.updateTable("step_run").set({ latest_heartbeat_at: now }).where("id", "=", step.id).execute();
    return {
      result: { stepId: step.id, status: step.status as Status, at: now, runStatus: step.run_status as Status, isEnabled: step.enable_heartbeat },
    };
  },
});
