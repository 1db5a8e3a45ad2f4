import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { closeGrant, requireDirect } from "@/lib/access/grants";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { loadPerson } from "./person";

// Ends a person's access to one workspace: every grant there, whatever its scope. The account stays; what the person made stays theirs.

/** Gives whether the person still holds a grant somewhere. Errors: not_found, conflict for oneself, forbidden for grants of a directory or a team. */
export const removeMember = defineCommand({
  name: "member.removed",
  permission: "grant:delete",
  input: z.strictObject({ principalId: z.uuid() }),
  scope: async ({ tx, actor, workspace, input }) => {
    const target = await loadPerson(tx, actor, input.principalId);
    const grants = await tx
      .selectFrom("role_grant")
      .select(["id", "role", "effect", "source", "workspace_ref"])
      .where("principal_id", "=", target.person.id)
      .where(sql<SqlBool>`(valid_to is null or valid_to > clock_timestamp())`)
      .execute();
    const held = await tx
      .selectFrom("role_grant")
      .select("id")
      .where("principal_id", "=", target.person.id)
      .where("workspace_ref", "=", workspace.id)
      .limit(1)
      .execute();
    if (held.length === 0 && !grants.some((grant) => grant.workspace_ref === null)) throw new AppError("not_found", "There is no such person here.");
    return { ...target, workspaceId: workspace.id, grants };
  },
  run: async ({ tx, actor, workspace, target: { person, grants }, request }) => {
    if (person.id === actor.id) throw new AppError("conflict", "Nobody ends their own access.", { fix: "Ask another administrator." });
    const here = grants.filter((grant) => grant.workspace_ref === workspace.id && grant.effect === "allow");
    for (const grant of here) requireDirect(grant.source);
    for (const grant of here) await closeGrant(tx, request.requestId, grant.id);
    const elsewhere = grants.some((grant) => grant.effect === "allow" && grant.workspace_ref !== workspace.id);
    return {
      result: { id: person.id, isActive: person.active, isElsewhere: elsewhere },
      audit: { target: { type: "user", id: person.id, name: person.name }, before: { roles: here.map((grant) => grant.role) }, after: { roles: [] } },
    };
  },
});
