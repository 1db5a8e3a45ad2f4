import "server-only";
import { cache } from "react";
import { can } from "@/lib/authz/can";
import type { Actor } from "@/lib/identity/actor";
import type { Workspace } from "./command";
import { decodeSegment } from "./decode-segment";
import { outsideScope, readInScope } from "./transaction";

// Turns the slug and project name of a path into the place it names, for those who may read it.

export type Project = { id: string; name: string; displayName: string };
export type Place = { organization: { id: string; name: string; timeZone: string }; workspace: Workspace | null; project: Project | null };

/** The place; undefined when it does not exist or the actor may not read it (the two can't be told apart). Once per request. */
export const resolvePlace = cache(async (actor: Actor, slug: string | undefined, projectName: string | undefined): Promise<Place | undefined> => {
  const row = await outsideScope((tx) =>
    tx
      .selectFrom("organization as o")
      .leftJoin("workspace as w", (join) =>
        join
          .onRef("w.organization_id", "=", "o.id")
          .on("w.slug", "=", slug ?? "")
          .on("w.state", "<>", "deleted"),
      )
      .select(["o.id", "o.name", "o.time_zone", "w.id as workspace_id", "w.slug", "w.display_name", "w.state"])
      .where("o.id", "=", actor.organizationId)
      .executeTakeFirst(),
  );
  if (!row) return undefined;
  const organization = { id: row.id, name: row.name, timeZone: row.time_zone };
  if (slug === undefined) return { organization, workspace: null, project: null };
  if (!row.workspace_id || !row.slug) return undefined;
  if (!can(actor, "workspace:read", { workspaceId: row.workspace_id }).allowed) return undefined;
  const workspace: Workspace = {
    id: row.workspace_id,
    slug: row.slug,
    displayName: row.display_name ?? row.slug,
    organizationId: row.id,
    state: row.state ?? "active",
  };
  if (projectName === undefined) return { organization, workspace, project: null };
  const name = decodeSegment(projectName);
  if (name === undefined) return undefined;
  const project = await readInScope([workspace.id], (tx) =>
    tx
      .selectFrom("project")
      .select(["id", "name", "display_name as displayName"])
      .where("workspace_id", "=", workspace.id)
      .where("name", "=", name)
      .executeTakeFirst(),
  );
  if (!project || !can(actor, "project:read", { workspaceId: workspace.id, projectId: project.id }).allowed) return undefined;
  return { organization, workspace, project };
});
