import "server-only";
import { sql } from "kysely";
import type { AuditDraft } from "@/lib/audit/record";
import type { Tx } from "@/lib/kernel/transaction";
import { computeRunStatus, type Status } from "./status";

/** Locks a run for a step's change: steps of one run are reported in parallel, and each change computes the run's status. */
export async function lockRun(tx: Tx, workspaceId: string, runId: string) {
  return tx
    .selectFrom("run as r")
    .innerJoin("snapshot as s", "s.id", "r.snapshot_id")
    .select([
      "r.id",
      "r.name",
      "r.project_id",
      "r.snapshot_id",
      "r.status",
      "r.in_progress",
      "r.is_dynamic",
      "r.created_by",
      "r.start_time",
      "r.model_version_id",
      "s.step_count",
    ])
    .where("r.id", "=", runId)
    .where("r.workspace_id", "=", workspaceId)
    .forNoKeyUpdate("r")
    .executeTakeFirst();
}

export type LockedRun = NonNullable<Awaited<ReturnType<typeof lockRun>>>;

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
