import "server-only";
import { z } from "zod";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { refreshRunStatus } from "./refresh-status";
import { lockRunTarget } from "./run-scope";
import type { Status } from "./status";

// Computes a run's status from its steps once more, when somebody asks: for a run whose client went away before it said how it ended. What
// a client reports of a dynamic run stays.

/** Gives the status that the run has now. Error: not_found. */
export const refreshRun = defineCommand({
  name: "run.refreshed",
  permission: "run:update",
  input: z.strictObject({ runId: z.uuid() }),
  scope: lockRunTarget,
  run: async ({ tx, target: { run }, now }) => {
    const ended = await refreshRunStatus(tx, run, now);
    const { status } = await tx.selectFrom("run").select("status").where("id", "=", run.id).executeTakeFirstOrThrow();
    const result = { status: status as Status };
    if (status === run.status) return { result, audit: UNCHANGED };
    const target = { type: "run", id: run.id, name: run.name, projectId: run.project_id };
    return {
      result,
      audit: ended.length > 0 ? ended : { target, before: { status: run.status }, after: { status } },
      live: [{ projectId: run.project_id, runId: run.id }],
    };
  },
});
