import "server-only";
import { z } from "zod";
import { type Command, defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { findJob } from "./find-job";
import { BULK_LISTS, type BulkList, jobWords } from "./schema";

// Ends a job before it is through. What it has done stays done; the thing in hand is still finished. One's own, or any where one may change
// any of its things.

const input = z.strictObject({ jobId: z.uuid() });
type Target = Awaited<ReturnType<typeof findJob>>;

const cancelOf = (noun: (typeof BULK_LISTS)[BulkList]["noun"]): Command<typeof input, Target, { id: string }> =>
  defineCommand({
    name: `${noun}.bulk-cancelled`,
    permission: `${noun}:update`,
    input,
    scope: async ({ tx, workspace, input: { jobId } }) => {
      const target = await findJob(tx, workspace.id, jobId, { lock: true });
      if (BULK_LISTS[target.job.list].noun !== noun) throw new AppError("not_found", "There is no such job here.");
      return target;
    },
    run: async ({ tx, target: { job }, actor, now }) => {
      if (job.state !== "queued" && job.state !== "running") throw new AppError("in_use", "This job has ended already.");
      await tx
        .updateTable("bulk_job")
        .set({ state: "cancelled", reason: `Cancelled by ${actor.fullName || actor.name}.`, ended_at: now, updated_at: now })
        .where("id", "=", job.id)
        .execute();
      return {
        result: { id: job.id },
        audit: {
          target: { type: "job", id: job.id, name: jobWords(job), projectId: job.project_id },
          before: { state: job.state },
          after: { state: "cancelled" },
        },
      };
    },
  });

/** Cancels a job of a noun. Errors: not_found, in_use when it has ended. */
export const CANCEL_JOB = { run: cancelOf("run"), pipeline: cancelOf("pipeline"), artifact: cancelOf("artifact"), model: cancelOf("model") } as const;
