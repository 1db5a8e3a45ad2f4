import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { systemActor } from "@/lib/identity/actor";
import { inEveryWorkspace } from "@/lib/jobs/every-workspace";
import { defineCommand, execute, UNCHANGED, type Workspace } from "@/lib/kernel/command";
import { systemContext } from "@/lib/kernel/request";
import { lockRunTarget } from "./run-scope";
import { SILENT_AFTER_MINUTES, signsOfLife } from "./shown-status";

// Runs whose steps fell silent. Reeve does not hold their processes, so it ends nothing: the run is marked lost, and found again when a
// step is heard or the run ends. Both are entries of the system.

/** Marks a run lost or found, as its steps' signs of life say. Error: not_found. */
export const reconcileRun = defineCommand({
  name: "run.reconciled",
  permission: "run:update",
  input: z.strictObject({ runId: z.uuid() }),
  scope: lockRunTarget,
  run: async ({ tx, target: { run }, now }) => {
    const { lastHeardAt, limitMinutes, isSilent } = await signsOfLife(tx, run.id);
    const isLost = run.in_progress && isSilent;
    if (isLost === (run.lost_at !== null)) return { result: isLost, audit: UNCHANGED };
    await tx
      .updateTable("run")
      .set({ lost_at: isLost ? now : null, updated_at: now })
      .where("id", "=", run.id)
      .execute();
    return {
      result: isLost,
      audit: {
        action: isLost ? "run.lost" : "run.found",
        target: { type: "run", id: run.id, name: run.name, projectId: run.project_id },
        before: { isLost: !isLost },
        after: { isLost, lastHeardAt, ...(isLost && { limitMinutes }) },
      },
      live: [{ projectId: run.project_id, runId: run.id }],
    };
  },
});

/** At most this many runs are looked at in one go; the next minute goes on. */
const BATCH = 500;

/** Looks for runs that fell silent or came back, in every active workspace. The worker calls it each minute. */
export async function reconcileRuns(): Promise<void> {
  const due = await inEveryWorkspace(async (tx) => {
    const { rows } = await sql<{ run: string } & Workspace>`
      select r.id as run, w.id, w.slug, w.display_name as "displayName", w.organization_id as "organizationId", w.state
      from run r join workspace w on w.id = r.workspace_id and w.state = 'active'
      where r.lost_at is not null or (r.in_progress and exists (
        select 1 from step_run s where s.run_id = r.id and s.end_time is null
          and s.latest_heartbeat_at < clock_timestamp() - make_interval(mins => coalesce(s.heartbeat_threshold, ${SILENT_AFTER_MINUTES}))))
      order by r.lost_at nulls first limit ${BATCH}`.execute(tx);
    return rows;
  });
  for (const { run, ...workspace } of due)
    await execute(reconcileRun, { actor: systemActor(workspace.organizationId), request: systemContext(), workspace }, { runId: run });
}
