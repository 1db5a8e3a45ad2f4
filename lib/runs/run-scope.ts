import "server-only";
import type { Target } from "@/lib/authz/can";
import type { Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";

// A run as the target of a decision: read on its page, in its own project, or locked for a change, in its workspace.

/** The same answer for a run that is not there and for one of another project. */
export const noSuchRun = () => new AppError("not_found", "There is no such run here.", { reason: "not_readable" });

/** The recorded server's words for a run that isn't there. */
export const unknownRun = (id: string) => new AppError("not_found", `Unable to get pipeline run with ID '${id}': No pipeline run with this ID found`);

/** The run of a page. Error: not_found. */
export async function findRunScope({
  tx,
  workspace,
  input,
}: {
  tx: Tx;
  workspace: Workspace | null;
  input: { projectId: string; runId: string };
}): Promise<Target> {
  const run = await tx
    .selectFrom("run")
    .select(["id", "name", "created_by"])
    .where("id", "=", input.runId)
    .where("project_id", "=", input.projectId)
    .executeTakeFirst();
  if (!run) throw noSuchRun();
  return targetOf(run, workspace?.id, input.projectId);
}

/** The run that a command changes, locked: what happens to one run happens in turn. Error: not_found. */
export async function lockRunTarget({ tx, workspace, input }: { tx: Tx; workspace: Workspace; input: { runId: string } }) {
  const run = await lockRun(tx, workspace.id, input.runId);
  if (!run) throw unknownRun(input.runId);
  return { ...targetOf(run, workspace.id, run.project_id), run };
}

const targetOf = (run: { id: string; name: string; created_by: string }, workspaceId: string | undefined, projectId: string): Target => ({
  workspaceId,
  projectId,
  ownerId: run.created_by,
  runId: run.id,
  thing: { type: "run", id: run.id, name: run.name },
});

/** Locks a run for a change, the one named or that of a step: steps of one run are reported in parallel, and each change computes the run's status. */
export async function lockRun(tx: Tx, workspaceId: string, of: string | { stepId: string }) {
  return tx
    .selectFrom("run as r")
    .innerJoin("snapshot as s", "s.id", "r.snapshot_id")
    .select([
      "r.id",
      "r.number",
      "r.name",
      "r.project_id",
      "r.snapshot_id",
      "r.status",
      "r.status_reason",
      "r.in_progress",
      "r.is_dynamic",
      "r.lost_at",
      "r.orchestrator_run_id",
      "r.created_by",
      "r.start_time",
      "r.model_version_id",
      "s.step_count",
    ])
    .where("r.id", "=", (eb) =>
      typeof of === "string" ? eb.val(of) : eb.selectFrom("step_run").select("run_id").where("id", "=", of.stepId).where("workspace_id", "=", workspaceId),
    )
    .where("r.workspace_id", "=", workspaceId)
    .forNoKeyUpdate("r")
    .executeTakeFirst();
}

export type LockedRun = NonNullable<Awaited<ReturnType<typeof lockRun>>>;
