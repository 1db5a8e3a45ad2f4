import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { lockRunTarget } from "./run-scope";

/** Deletes a run with its steps and log records; artifact versions and model versions stay. A person types its name or its number. */
export const deleteRun = defineCommand({
  name: "run.deleted",
  permission: "run:delete",
  input: z.strictObject({ runId: z.uuid(), typedName: z.string().max(255).optional() }),
  scope: lockRunTarget,
  run: async ({ tx, target, input }) => {
    const { run } = target;
    requireTypedName(input.typedName, run.name, String(run.number));
    const { steps } = await tx
      .selectFrom("step_run")
      .select((eb) => eb.fn.countAll<number>().as("steps"))
      .where("run_id", "=", run.id)
      .executeTakeFirstOrThrow();
    await tx.deleteFrom("run").where("id", "=", run.id).execute();
    return {
      result: null,
      audit: {
        target: { type: "run", id: run.id, name: run.name, projectId: run.project_id },
        before: { name: run.name, number: run.number, status: run.status, steps: Number(steps) },
      },
      live: [{ projectId: run.project_id }],
    };
  },
});
