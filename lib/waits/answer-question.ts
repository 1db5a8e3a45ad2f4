import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { isFinished } from "@/lib/runs/status";
import { checkAnswer } from "./answer-schema";
import { waitConditionTarget } from "./wait-condition";

// The answer to a run's question, given exactly once: the run is locked first, so the second of two answers finds it resolved.
// An abort stops the run.

export const answerQuestion = defineCommand({
  name: "wait-condition.resolved",
  permission: "run:update",
  // `result` is JSON text, kept as it was spelled.
  input: z.strictObject({ id: z.uuid(), resolution: z.enum(["continue", "abort"]), result: z.string().nullable() }),
  scope: async ({ tx, input, workspace }) => {
    const { target, condition, run } = await waitConditionTarget(tx, workspace.id, input.id, { lock: true });
    return { ...target, condition, run };
  },
  run: async ({ tx, actor, input, target: { condition, run }, now }) => {
    if (actor.workload) throw new AppError("forbidden", "A run's credential can't answer the run's own question.", { reason: "outside_run" });
    if (condition.status !== "pending") throw new AppError("in_use", "Wait condition has already been resolved.");
    const isAbort = input.resolution === "abort";
    const answer = input.result === "null" ? null : input.result;
    if (isAbort && answer !== null) throw new AppError("invalid_input", "An abort carries no result.", { fields: { result: "must be empty" } });
    if (!isAbort && condition.data_schema !== null) checkAnswer(condition.data_schema, answer ?? "null");
    if (!isAbort && condition.data_schema === null && answer !== null)
      throw new AppError("invalid_input", "This question takes no result: continue without one.", { fields: { result: "must be empty" } });
    await tx
      .updateTable("wait_condition")
      .set({
        status: "resolved",
        resolution: input.resolution,
        result: answer,
        resolved_at: now,
        resolved_by: actor.id,
        updated_at: now,
      })
      .where("id", "=", condition.id)
      .execute();
    if (isAbort && !isFinished(run.status))
      await tx
        .updateTable("run")
        .set({ status: "stopped", in_progress: false, end_time: now, status_reason: "Wait condition was aborted.", updated_at: now })
        .where("id", "=", run.id)
        .execute();
    return {
      result: condition.id,
      audit: {
        target: { type: "wait-condition", id: condition.id, name: condition.name, projectId: run.project_id },
        before: { run: run.name, status: "pending" },
        after: { status: "resolved", resolution: input.resolution, ...(isAbort && { runStatus: "stopped" }) },
      },
      live: [{ projectId: run.project_id, runId: run.id }],
    };
  },
});
