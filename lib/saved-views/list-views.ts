import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { defineQuery } from "@/lib/kernel/query";
import { mayShareViews } from "./may-share";
import type { SavedView } from "./schema";

const AT_MOST = 200;

/** The views that the actor has: the own ones, and those shared in places that the actor may read. Shared ones first, by name. */
export const listViews = defineQuery({
  name: "view.listed",
  permission: "session:read",
  input: z.strictObject({}),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor }): Promise<SavedView[]> => {
    const { rows } = await sql<Row>`
      select v.id, v.list, w.id as workspace_id, w.slug as workspace, p.name as project, v.name, v.query, v.is_shared, v.created_by, v.updated_at
      from saved_view v left join workspace w on w.id = v.workspace_ref left join project p on p.id = v.project_ref
      where v.organization_id = ${actor.organizationId} and (v.is_shared or v.created_by = ${actor.id})
        and (v.workspace_ref is null or (w.state <> 'deleted' and ${visibleTo(actor, "workspace:read", { workspaceId: "v.workspace_ref", ownerId: "v.created_by" })}))
        and (v.project_ref is null or ${visibleTo(actor, "project:read", { workspaceId: "v.workspace_ref", projectId: "v.project_ref", ownerId: "v.created_by" })})
      order by v.is_shared desc, lower(v.name), v.id limit ${AT_MOST}`.execute(tx);
    return rows.map((row) => ({
      id: row.id,
      list: row.list,
      workspace: row.workspace,
      project: row.project,
      name: row.name,
      query: row.query,
      isShared: row.is_shared,
      isMine: row.created_by === actor.id,
      mayChange: row.created_by === actor.id || (row.is_shared && mayShareViews(actor, row.workspace_id)),
      updatedAt: row.updated_at,
    }));
  },
});

type Row = {
  id: string;
  list: string;
  workspace_id: string | null;
  workspace: string | null;
  project: string | null;
  name: string;
  query: string;
  is_shared: boolean;
  created_by: string;
  updated_at: string;
};
