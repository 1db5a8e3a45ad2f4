import "server-only";
import type { Target } from "@/lib/authz/can";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import type { ManagedWorkspace } from "./schema";

type OneWorkspace = Omit<ManagedWorkspace, "createdAt" | "changedAt" | "changedBy" | "cascade">;

/** A workspace that was not deleted, as a command's target, locked until the commit. Error: not_found. */
export async function loadWorkspace(tx: Tx, actor: Actor, id: string): Promise<Target & { one: OneWorkspace }> {
  const row = await tx
    .selectFrom("workspace")
    .select(["id", "slug", "display_name", "description", "state", "leaver_grace_days", "wire_role", "allow_networks"])
    .where("id", "=", id)
    .where("organization_id", "=", actor.organizationId)
    .where("state", "<>", "deleted")
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", "There is no such workspace here.");
  const one = {
    id: row.id,
    slug: row.slug,
    displayName: row.display_name,
    description: row.description,
    state: row.state,
    graceDays: row.leaver_grace_days,
    wireRole: row.wire_role,
    allowNetworks: row.allow_networks,
  };
  return { workspaceId: one.id, thing: { type: "workspace", id: one.id, name: one.slug }, one };
}
