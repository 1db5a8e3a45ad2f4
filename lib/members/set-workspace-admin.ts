import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { powerOver } from "@/lib/access/grant-power";
import { closeGrant, grantFacts, openGrant, requireDirect } from "@/lib/access/grants";
import { workspaceScope } from "@/lib/access/wire-role";
import { systemRole } from "@/lib/authz/permissions";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { loadPerson } from "./person";

/** Makes a person Workspace Admin of the workspace, or ends that: what `is_admin` of a client means here. Errors: as openGrant's. */
export const setWorkspaceAdmin = defineCommand({
  name: "member.admin-set",
  permission: "grant:create",
  input: z.strictObject({ principalId: z.uuid(), isAdmin: z.boolean() }),
  scope: async ({ tx, actor, workspace, input }) => ({ ...(await loadPerson(tx, actor, input.principalId)), workspaceId: workspace.id }),
  run: async ({ tx, actor, workspace, input, target: { person }, request }) => {
    const scope = workspaceScope(workspace.id);
    const open = await tx
      .selectFrom("role_grant")
      .select(["id", "source"])
      .where("principal_id", "=", person.id)
      .where("role", "=", "workspace-admin")
      .where("effect", "=", "allow")
      .where("workspace_ref", "=", workspace.id)
      .where("thing_id", "is", null)
      .where(sql<SqlBool>`(valid_to is null or valid_to > clock_timestamp())`)
      .execute();
    if (input.isAdmin === open.length > 0) return { result: null, audit: UNCHANGED };
    const target = { type: "user", id: person.id, name: person.name };
    if (!input.isAdmin) {
      for (const grant of open) requireDirect(grant.source);
      for (const grant of open) await closeGrant(tx, request.requestId, grant.id);
      return { result: null, audit: { target, before: { isAdmin: true }, after: { isAdmin: false } } };
    }
    const role = systemRole("workspace-admin");
    const subject = { id: person.id, kind: "user" as const, name: person.name, homeWorkspaceId: null };
    const until = powerOver(actor, role, scope).until;
    const grant = { subject, role, scope, effect: "allow" as const, until, source: "person" as const, reason: "" };
    await openGrant(tx, actor, request.requestId, grant);
    return { result: null, audit: { target, before: { isAdmin: false }, after: { isAdmin: true, ...grantFacts(grant) } } };
  },
});
