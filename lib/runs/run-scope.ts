import "server-only";
import type { Target } from "@/lib/authz/can";
import type { Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";

// Where every part of a run's page is read: on the run itself, in its own project.

/** The same answer for a run that is not there and for one of another project. */
export const noSuchRun = () => new AppError("not_found", "There is no such run here.", { reason: "not_readable" });

/** The run as a target of the decision. Error: not_found. */
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
  return {
    workspaceId: workspace?.id,
    projectId: input.projectId,
    ownerId: run.created_by,
    runId: run.id,
    thing: { type: "run", id: run.id, name: run.name },
  };
}
