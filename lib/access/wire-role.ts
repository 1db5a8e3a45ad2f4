import "server-only";
import { ROLE_IDS, type Role, systemRole } from "@/lib/authz/permissions";
import type { Actor } from "@/lib/identity/actor";
import type { Tx } from "@/lib/kernel/transaction";
import { type GrantScope, powerOver } from "./grant-power";

/** The scope of a whole workspace. */
export const workspaceScope = (workspaceId: string): GrantScope => ({ kind: "workspace", workspaceId, projectId: null });

/**
 * What an account starts with that a client makes (PERMISSIONS §3 rule 10): the workspace's wire role, or reading if that is all that
 * the maker may hand on, or nothing.
 */
export async function wireRole(tx: Tx, actor: Actor, workspaceId: string): Promise<Role | null> {
  const row = await tx.selectFrom("workspace").select("wire_role").where("id", "=", workspaceId).executeTakeFirst();
  const wished = ROLE_IDS.find((role) => role === row?.wire_role);
  const roles = [wished, "viewer" as const].flatMap((role) => (role ? [systemRole(role)] : []));
  return roles.find((role) => powerOver(actor, role, workspaceScope(workspaceId)).missing.length === 0) ?? null;
}
