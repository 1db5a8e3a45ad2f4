import "server-only";
import { sql } from "kysely";
import { can } from "@/lib/authz/can";
import { rightsOfGrant } from "@/lib/authz/can";
import { roleTitle as titleOf } from "@/lib/authz/role-rule";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import type { CallContext } from "@/lib/kernel/command";
import { scopeOf } from "@/lib/kernel/query";
import { readInScope } from "@/lib/kernel/transaction";
import { mayShareViews } from "@/lib/saved-views/may-share";
import type { WorkspaceSection } from "./schema";
import { holdsAnywhere, workspaceSections } from "./sections";

// What the shell of every page may show this actor: workspaces, projects and the entries of the navigation. It decides nothing: every
// page asks for its own permission again.

export type ShellPlace = {
  id: string;
  slug: string;
  displayName: string;
  state: string;
  projects: string[];
  sections: WorkspaceSection[];
  role: string;
  sharesViews: boolean;
};

/** The workspaces that the actor may read, by name, each with what may be shown of it. */
export async function getShellPlaces(context: CallContext): Promise<ShellPlace[]> {
  const { actor } = context;
  const ids = await scopeOf({ ...context, workspace: null });
  return readInScope(ids, async (tx) => {
    const rows = await tx
      .selectFrom("workspace as w")
      .select(["w.id", "w.slug", "w.display_name", "w.state"])
      .select(
        sql<{ id: string; name: string }[]>`coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name) order by p.name <> 'default', p.name)
          from project p where p.workspace_id = w.id), '[]'::jsonb)`.as("projects"),
      )
      .where("w.organization_id", "=", actor.organizationId)
      .where("w.state", "<>", "deleted")
      .where(visibleTo(actor, "workspace:read", { workspaceId: "w.id", ownerId: "w.id" }))
      .orderBy("w.slug")
      .execute();
    return rows.map((row) => {
      const here = { workspaceId: row.id, ownerId: actor.id };
      const projects = row.projects.filter((project) => can(actor, "project:read", { ...here, projectId: project.id }).allowed);
      return {
        id: row.id,
        slug: row.slug,
        displayName: row.display_name,
        state: row.state,
        projects: projects.map((project) => project.name),
        sections: workspaceSections(actor, row.id, projects.length > 0),
        role: roleTitle(actor, row.id),
        sharesViews: mayShareViews(actor, row.id),
      };
    });
  });
}

const isWide = (grant: Actor["grants"][number]) => grant.scopeKind === "organization" && grant.role !== "member";

/** The title of the role with the most rights that the actor holds there; of the organization when `workspaceId` is null. */
export function roleTitle(actor: Pick<Actor, "grants">, workspaceId: string | null): string {
  const reaches = actor.grants.filter((grant) => grant.effect === "allow" && grant.workspaceId === workspaceId);
  if (workspaceId !== null && reaches.length > 0 && reaches.every((grant) => grant.thing) && !actor.grants.some(isWide)) return "Shared with you";
  const held = actor.grants
    .filter((grant) => grant.effect === "allow" && !grant.thing && (grant.scopeKind === "organization" || grant.workspaceId === workspaceId))
    .sort((a, b) => Object.keys(rightsOfGrant(b)).length - Object.keys(rightsOfGrant(a)).length);
  return titleOf(held[0]?.role ?? "member");
}

/**
 * True when the organization's audit page exists for the actor: for those who read the whole trail, and for Workspace Admins, who
 * see their own workspaces in it. Others have the page of their workspace.
 */
export function canReadOrganizationAudit(actor: Pick<Actor, "grants">): boolean {
  return holdsAnywhere(actor, "audit-entry:export");
}
