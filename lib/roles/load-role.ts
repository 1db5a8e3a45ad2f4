import "server-only";
import type { Rights, RoleId } from "@/lib/authz/permissions";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";

export type LoadedRole = { name: string; base: RoleId; summary: string; rights: Rights; revision: number };

/** One of the organization's own roles as it is, locked until the commit unless it is only to be read. Error: not_found. */
export async function loadRole(
  tx: Tx,
  actor: Pick<Actor, "organizationId">,
  name: string,
  how: "lock" | "read" = "lock",
): Promise<{ thing: { type: string; id: string; name: string }; role: LoadedRole }> {
  const row = await tx
    .selectFrom("custom_role as r")
    .innerJoin("custom_role_revision as v", (join) => join.onRef("v.organization_id", "=", "r.organization_id").onRef("v.role", "=", "r.name"))
    .select(["r.name", "r.base", "v.summary", "v.rights", "v.number as revision"])
    .where("r.organization_id", "=", actor.organizationId)
    .where("r.name", "=", name)
    .where("r.ended_at", "is", null)
    .where("v.valid_to", "is", null)
    .$if(how === "lock", (query) => query.forUpdate("r"))
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", "There is no such role.");
  return { thing: { type: "role", id: row.name, name: row.name }, role: { ...row, base: row.base as RoleId, rights: row.rights as Rights } };
}
