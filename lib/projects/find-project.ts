import "server-only";
import { AppError } from "@/lib/kernel/errors";
import { isUuid } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";

/** A project of the workspace by id or name. Error: not_found. */
export async function findProject(tx: Tx, workspaceId: string, nameOrId: string): Promise<{ id: string; name: string }> {
  const row = await tx
    .selectFrom("project")
    .select(["id", "name"])
    .where("workspace_id", "=", workspaceId)
    .where(isUuid(nameOrId) ? "id" : "name", "=", nameOrId)
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", `There is no project ${nameOrId} here.`);
  return row;
}
