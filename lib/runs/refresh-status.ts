import "server-only";
import { sql } from "kysely";
import type { AuditDraft } from "@/lib/audit/record";
import type { Tx } from "@/lib/kernel/transaction";
import type { LockedRun } from "./run-scope";
import { computeRunStatus, type Status } from "./status";

/** Computes a static run's status from its steps; gives the entry of its end when it just ended. */
export async function refreshRunStatus(tx: Tx, run: LockedRun, now: string): Promise<AuditDraft[]> {
  if (run.is_dynamic) return [];
  const steps = await tx
    .selectFrom("step_run")
    .distinctOn("name")
    .select(["name", "status"])
    .where("run_id", "=", run.id)
    .orderBy("name")
    .orderBy("version", "desc")
    .execute();
  const computed = computeRunStatus(
    run.status as Status,
    steps.map((step) => step.status as Status),
    run.step_count,
  );
  if (computed.status === run.status && computed.inProgress === run.in_progress) return [];
  await tx
    .updateTable("run")
    .set({ status: computed.status, in_progress: computed.inProgress, updated_at: now, end_time: computed.inProgress ? sql`null` : now })
    .where("id", "=", run.id)
    .execute();
  if (computed.inProgress || !run.in_progress) return [];
  return [
    {
      action: "run.ended",
      target: { type: "run", id: run.id, name: run.name, projectId: run.project_id },
      before: { status: run.status },
      after: { status: computed.status, steps: steps.length },
    },
  ];
}
