import "server-only";
import { sql } from "kysely";
import { visibleTo } from "@/lib/authz/visible";
import type { Fields } from "@/lib/kernel/list";
import { type KeysetPage, keysetInput, keysetPage } from "@/lib/kernel/keyset-page";
import { defineQuery } from "@/lib/kernel/query";
import type { ProjectRow } from "./schema";

// The projects of a workspace with what they hold, for the settings page. Counts are of what the reader may see.

const FIELDS: Fields = {
  name: { kind: "text", sql: sql.ref("x.name"), required: true },
  display: { kind: "text", sql: sql.ref("x.display_name") },
  description: { kind: "text", sql: sql.ref("x.description") },
  runs: { kind: "number", sql: sql.ref("x.runs"), required: true },
  models: { kind: "number", sql: sql.ref("x.models"), required: true },
  lastRun: { kind: "time", sql: sql.ref("x.last_run_at") },
  created: { kind: "time", sql: sql.ref("x.created_at"), required: true },
};

/** One page of projects. Errors: bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const overviewProjects = defineQuery({
  name: "project.overview",
  permission: "project:read",
  input: keysetInput,
  run: async ({ tx, actor, workspace, input }): Promise<KeysetPage<ProjectRow>> => {
    const count = (table: string, noun: "run" | "model" | "artifact" | "pipeline") =>
      sql`(select count(*)::int from ${sql.table(table)} t where t.project_id = j.id and ${visibleTo(actor, `${noun}:read`, { workspaceId: "t.workspace_id", projectId: "t.project_id", ownerId: "t.created_by" })})`;
    const readableRun = visibleTo(actor, "run:read", { workspaceId: "r.workspace_id", projectId: "r.project_id", ownerId: "r.created_by" });
    const source = sql`(
      select j.id, j.workspace_id, j.created_by, j.name, j.display_name, j.description, j.created_at, coalesce(nullif(o.full_name, ''), o.name) as maker,
        ${count("run", "run")} as runs, ${count("model", "model")} as models, ${count("artifact", "artifact")} as artifacts, ${count("pipeline", "pipeline")} as pipelines,
        (select count(*)::int from role_grant g where g.project_ref = j.id and (g.valid_to is null or g.valid_to > now())) as grants,
        (select r.created_at from run r where r.project_id = j.id and ${readableRun} order by r.created_at desc limit 1) as last_run_at
      from project j left join principal o on o.id = j.created_by where j.workspace_id = ${workspace?.id ?? null}
    ) x`;
    const page = await keysetPage<Found>(tx, {
      source,
      fields: FIELDS,
      input,
      visible: visibleTo(actor, "project:read", { workspaceId: "x.workspace_id", projectId: "x.id", ownerId: "x.created_by" }),
      list: `projects ${workspace?.id}`,
      readerId: actor.id,
    });
    return {
      ...page,
      rows: page.rows.map((row) => ({
        id: row.id,
        name: row.name,
        displayName: row.display_name,
        description: row.description,
        runs: row.runs,
        models: row.models,
        artifacts: row.artifacts,
        pipelines: row.pipelines,
        grants: row.grants,
        lastRunAt: row.last_run_at,
        createdBy: row.maker,
        createdAt: row.created_at,
      })),
    };
  },
});

type Found = {
  id: string;
  name: string;
  display_name: string;
  description: string;
  runs: number;
  models: number;
  artifacts: number;
  pipelines: number;
  grants: number;
  last_run_at: string | null;
  maker: string | null;
  created_at: string;
};
