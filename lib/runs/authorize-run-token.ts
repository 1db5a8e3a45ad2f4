import "server-only";
import { z } from "zod";
import { defineQuery } from "@/lib/kernel/query";
import { AppError } from "@/lib/kernel/errors";
import { isFinished } from "./status";
import { unknownRun } from "./run-scope";

/** Whether the actor may have a credential that writes this run: who may update it, while it is not over. Errors: not_found, forbidden, in_use. */
export const authorizeRunToken = defineQuery({
  name: "run-token.issued",
  permission: "run:update",
  input: z.strictObject({ runId: z.uuid() }),
  scope: async ({ tx, input, workspace }) => {
    const run = await tx
      .selectFrom("run")
      .select(["project_id", "created_by"])
      .where("id", "=", input.runId)
      .where("workspace_id", "=", workspace?.id ?? "")
      .executeTakeFirst();
    if (!run) throw unknownRun(input.runId);
    return { workspaceId: workspace?.id, projectId: run.project_id, ownerId: run.created_by, runId: input.runId };
  },
  run: async ({ tx, actor, input }) => {
    if (actor.workload) throw new AppError("forbidden", "A run's credential can't make another one.", { reason: "workload_renewal" });
    const run = await tx.selectFrom("run").select(["status", "in_progress"]).where("id", "=", input.runId).executeTakeFirstOrThrow();
    if (isFinished(run.status) && !run.in_progress) throw new AppError("in_use", "This run is over: it needs no credential.");
  },
});
