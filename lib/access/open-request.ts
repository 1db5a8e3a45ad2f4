import "server-only";
import { sql } from "kysely";
import type { Role } from "@/lib/authz/permissions";
import type { Actor } from "@/lib/identity/actor";
import type { Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import type { GrantScope } from "./grant-power";
import { roleNamed } from "./role-named";

export type OpenRequest = { id: string; principalId: string; name: string; role: Role; scope: GrantScope; until: string | null; reason: string };

/** A request that waits, locked until the commit; of the call's workspace, or any when the call has none. Error: not_found. */
export async function loadOpenRequest(tx: Tx, actor: Actor, workspace: Workspace, requestId: string): Promise<OpenRequest> {
  const row = await tx
    .selectFrom("access_request as r")
    .innerJoin("principal as p", "p.id", "r.principal_id")
    .select(["r.id", "r.principal_id", "r.role", "r.scope_kind", "r.workspace_ref", "r.project_ref", "r.grant_until", "r.reason", "p.name", "p.full_name"])
    .where("r.id", "=", requestId)
    .where("r.organization_id", "=", actor.organizationId)
    .where("r.state", "=", "open")
    .where(sql<boolean>`r.expires_at > clock_timestamp()`)
    .$if(workspace.id !== "", (query) => query.where("r.workspace_ref", "=", workspace.id))
    .forUpdate("r")
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", "There is no such request here, or it was decided.");
  return {
    id: row.id,
    principalId: row.principal_id,
    name: row.full_name || row.name,
    role: await roleNamed(tx, actor.organizationId, row.role),
    scope: { kind: row.scope_kind as GrantScope["kind"], workspaceId: row.workspace_ref, projectId: row.project_ref },
    until: row.grant_until,
    reason: row.reason,
  };
}
