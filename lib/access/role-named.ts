import "server-only";
import { sql } from "kysely";
import { isRoleId, type Rights, type Role, type RoleId, ROLES, systemRole } from "@/lib/authz/permissions";
import { roleTitle } from "@/lib/authz/role-rule";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";

// Roles by the name that grants carry: those of the table, and the organization's own (lib/roles).

const READ = sql`select r.name as id, r.base, v.summary, v.rights from custom_role r
  join custom_role_revision v on v.organization_id = r.organization_id and v.role = r.name`;
type Found = { id: string; base: RoleId; summary: string; rights: Rights };

/** An organization's own role; it holds where its base does. */
const roleOf = ({ id, base, summary, rights }: Found): Role => ({ id, base, summary, rights, title: roleTitle(id), scope: ROLES[base].scope });

/** A role that can be given now. Error: invalid_input when there is none of this name. */
export async function roleNamed(tx: Tx, organizationId: string, id: string): Promise<Role> {
  if (isRoleId(id)) return systemRole(id);
  // Locked against its end: a role that is being given is not deleted meanwhile.
  const { rows } = await sql<Found>`${READ} where r.organization_id = ${organizationId} and r.name = ${id} and r.ended_at is null and v.valid_to is null
    for share of r`.execute(tx);
  if (!rows[0]) throw new AppError("invalid_input", "There is no such role.", { fields: { role: "There is no such role." } });
  return roleOf(rows[0]);
}

/** The organization's own roles as they are, or were at a moment (ISO), by name. */
export async function customRoles(tx: Tx, organizationId: string, at: string | null = null): Promise<Role[]> {
  const holds = at
    ? sql`v.valid_from <= ${at}::timestamptz and (v.valid_to is null or v.valid_to > ${at}::timestamptz)`
    : sql`v.valid_to is null and r.ended_at is null`;
  const { rows } = await sql<Found>`${READ} where r.organization_id = ${organizationId} and ${holds} order by r.name`.execute(tx);
  return rows.map(roleOf);
}
