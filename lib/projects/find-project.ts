import "server-only";
import { AppError } from "@/lib/kernel/errors";
import { isUuid } from "@/lib/kernel/id";
import { prepared } from "@/lib/kernel/prepared";
import type { Tx } from "@/lib/kernel/transaction";

const projectBy = (column: "id" | "name") =>
  prepared((db, workspaceId: string, value: string) =>
    db.selectFrom("project").select(["id", "name"]).where("workspace_id", "=", workspaceId).where(column, "=", value),
  );
const projectById = projectBy("id");
const projectByName = projectBy("name");

/** A project of the workspace by id or name. Error: not_found. */
export async function findProject(tx: Tx, workspaceId: string, nameOrId: string): Promise<{ id: string; name: string }> {
  const [row] = await (isUuid(nameOrId) ? projectById : projectByName)(tx, workspaceId, nameOrId);
  if (!row) throw new AppError("not_found", `There is no project ${nameOrId} here.`);
  return row;
}

/** The project that every workspace has, and that fresh clients start in. */
export const DEFAULT_PROJECT = "default";

/** A project locked for a change, as the target of a command. Error: not_found. */
export async function lockedProject(tx: Tx, workspaceId: string, nameOrId: string) {
  const { id } = await findProject(tx, workspaceId, nameOrId);
  const project = await tx
    .selectFrom("project")
    .select(["id", "workspace_id", "name", "display_name", "description", "created_by"])
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { workspaceId, projectId: project.id, ownerId: project.created_by, thing: { type: "project", id: project.id, name: project.name }, project };
}
