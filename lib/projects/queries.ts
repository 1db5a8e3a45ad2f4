import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Fields } from "@/lib/kernel/list";
import { listInput } from "@/lib/kernel/list-input";
import { inOrder, pageOfIds } from "@/lib/kernel/page-of-ids";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { findProject } from "./find-project";

// The projects of a workspace that the actor may read.

export type ProjectView = { id: string; name: string; display_name: string; description: string; created_at: string; updated_at: string };

export const PROJECT_FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("j.id"), required: true },
  name: { kind: "text", sql: sql.ref("j.name"), required: true },
  display_name: { kind: "text", sql: sql.ref("j.display_name") },
  created: { kind: "time", sql: sql.ref("j.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("j.updated_at"), required: true },
};

/** A page of projects. */
export const listProjects = defineQuery({
  name: "project.list",
  permission: "project:read",
  input: listInput,
  run: async ({ tx, actor, input }): Promise<{ total: number; items: ProjectView[] }> => {
    const visible = visibleTo(actor, "project:read", { workspaceId: "j.workspace_id", projectId: "j.id", ownerId: "j.created_by" });
    const { total, ids } = await pageOfIds(tx, { from: sql`project j`, id: "j.id", fields: PROJECT_FIELDS, ...input, visible });
    return { total, items: inOrder(ids, await readProjects(tx, ids)) };
  },
});

/** One project by id or name. Error: not_found, also for one that the actor may not read. */
export const getProject = defineQuery({
  name: "project.get",
  permission: "project:read",
  input: z.strictObject({ nameOrId: z.string() }),
  scope: async ({ tx, input, workspace }) => ({ workspaceId: workspace?.id, projectId: (await findProject(tx, workspace?.id ?? "", input.nameOrId)).id }),
  run: async ({ tx, input, workspace }): Promise<ProjectView> => {
    const { id } = await findProject(tx, workspace?.id ?? "", input.nameOrId);
    return (await readProjects(tx, [id]))[0] as ProjectView;
  },
});

async function readProjects(tx: Tx, ids: readonly string[]): Promise<ProjectView[]> {
  if (ids.length === 0) return [];
  return tx
    .selectFrom("project")
    .select(["id", "name", "display_name", "description", "created_at", "updated_at"])
    .where("id", "in", [...ids])
    .execute();
}
