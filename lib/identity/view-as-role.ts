import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { roleField, scopeFields } from "@/lib/access/access-input";
import { scopeOfInput, targetOf } from "@/lib/access/grants";
import { roleNamed } from "@/lib/access/role-named";
import { defineCommand, UNCHANGED, type Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";

// Looking at the console as a role, for who administers grants there. The session's row says so, and everything that loads an actor from it
// cuts their grants (lib/authz/view.ts); it ends by itself, with the session, or by hand.

const VIEW_MINUTES = 60;

/** Errors: invalid_input, not_found, forbidden for a credential that is no browser session. */
export const startView = defineCommand({
  name: "role-view.started",
  permission: "grant:create",
  input: z.strictObject({ role: roleField, ...scopeFields }),
  scope: async ({ tx, input, workspace }) => {
    const place = await scopeOfInput(tx, workspace, input);
    return { ...targetOf(place), place };
  },
  run: async ({ tx, actor, input, target: { place }, workspace }) => {
    if (actor.credential.kind !== "session") throw new AppError("forbidden", "Only a browser session views as a role.", { reason: "not_a_session" });
    const role = await roleNamed(tx, actor.organizationId, input.role);
    if (!role.scope.includes(place.kind)) {
      const message = `${role.title} is not a role of a ${place.kind}.`;
      throw new AppError("invalid_input", message, { fields: { role: message } });
    }
    const row = await tx
      .updateTable("session")
      .set({
        view_role: role.id,
        view_workspace_ref: place.workspaceId,
        view_project_ref: place.projectId,
        view_place: await placeWords(tx, workspace, place.projectId),
        view_until: sql<string>`least(expires_at, now() + make_interval(mins => ${VIEW_MINUTES}))`,
      })
      .where("id", "=", actor.credential.id)
      .where("principal_id", "=", actor.id)
      .returning("view_until")
      .executeTakeFirst();
    if (!row) throw new AppError("not_found", "This session has ended.");
    return {
      result: { title: role.title, workspace: workspace.slug || null },
      audit: {
        target: { type: "role", name: role.id, projectId: place.projectId },
        after: { role: role.id, scope: place.kind, workspaceId: place.workspaceId, projectId: place.projectId, until: row.view_until },
      },
    };
  },
});

/** The place by name: projects can't be read where a session is. */
async function placeWords(tx: Tx, workspace: Workspace, projectId: string | null): Promise<string | null> {
  if (!projectId) return workspace.slug || null;
  const project = await tx.selectFrom("project").select("name").where("id", "=", projectId).executeTakeFirstOrThrow();
  return `${workspace.slug} / ${project.name}`;
}

/** Back to one's own rights. */
export const endView = defineCommand({
  name: "role-view.ended",
  permission: "session:create",
  worksWhileViewing: true,
  input: z.strictObject({}),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor }) => {
    const { rows } = await sql<{ role: string; workspaceId: string | null; projectId: string | null }>`
      update session s set view_role = null, view_workspace_ref = null, view_project_ref = null, view_place = null, view_until = null
      from session o where o.id = s.id and s.id = ${actor.credential.id} and s.principal_id = ${actor.id} and o.view_role is not null
      returning o.view_role as role, o.view_workspace_ref as "workspaceId", o.view_project_ref as "projectId"`.execute(tx);
    const [ended] = rows;
    return {
      result: null,
      audit: ended ? { target: { type: "role", name: ended.role, projectId: ended.projectId }, workspaceId: ended.workspaceId } : UNCHANGED,
    };
  },
});
