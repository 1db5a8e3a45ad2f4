import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { type KeysetPage, keysetInput, keysetPage } from "@/lib/kernel/keyset-page";
import { creatorField, linked } from "@/lib/kernel/linked-field";
import type { Field, Fields } from "@/lib/kernel/list";
import { defineQuery } from "@/lib/kernel/query";
import type { ModelTableRow } from "./schema";
import { CREATOR, tagsOf, whoOf } from "./version-rows";

// The models of a project as their page lists them, each with its newest version and those that hold a stage.

const held = (stage: string): Field => ({
  kind: "text",
  where: linked(
    (match) => sql<SqlBool>`exists (select 1 from model_version v where v.model_id = x.id and v.stage = ${sql.lit(stage)} and ${match})`,
    sql.ref("v.name"),
  ),
});

/** What models are filtered and sorted by, over `model x`. */
export const modelRowFields = (actor: Actor): Fields => ({
  name: { kind: "text", sql: sql.ref("x.name"), required: true },
  description: { kind: "text", sql: sql.ref("x.description") },
  versions: { kind: "number", sql: sql.ref("x.version_count"), required: true, sortable: false },
  latest: { kind: "time", sql: sql`(select v.created_at from model_version v where v.model_id = x.id order by v.number desc limit 1)` },
  production: held("production"),
  staging: held("staging"),
  by: creatorField(actor, "x.created_by"),
  tag: {
    kind: "text",
    where: linked(
      (match) => sql<SqlBool>`exists (select 1 from tag_resource g join tag t on t.id = g.tag_id where g.resource_id = x.id and ${match})`,
      sql.ref("t.name"),
    ),
  },
  created: { kind: "time", sql: sql.ref("x.created_at"), required: true },
});

type Found = Omit<ModelTableRow, "by" | "createdAt" | "versions"> & {
  version_count: number;
  creator: string | null;
  creator_kind: string | null;
  created_at: string;
};

/** Lists models. Errors: bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const listModelRows = defineQuery({
  name: "model.table",
  permission: "model:read",
  input: keysetInput.extend({ projectId: z.uuid() }),
  scope: ({ actor, workspace, input }) => ({ workspaceId: workspace?.id, projectId: input.projectId, ownerId: actor.id, isList: true }),
  run: async ({ tx, actor, workspace, input: { projectId, ...input } }): Promise<KeysetPage<ModelTableRow>> => {
    const stage = (name: string) => sql`(select v.name from model_version v where v.model_id = x.id and v.stage = ${sql.lit(name)} limit 1)`;
    const source = sql`(
      select x.id, x.name, x.description, x.workspace_id, x.project_id, x.created_by, x.created_at, ${CREATOR}, ${tagsOf("x.id")} as tags, x.version_count,
        (select jsonb_build_object('name', v.name, 'at', v.created_at) from model_version v where v.model_id = x.id order by v.number desc limit 1) as latest,
        ${stage("production")} as production, ${stage("staging")} as staging
      from model x left join principal u on u.id = x.created_by where x.project_id = ${projectId}) x`;
    const page = await keysetPage<Found>(tx, {
      source,
      fields: modelRowFields(actor),
      input,
      visible: visibleTo(actor, "model:read", { workspaceId: "x.workspace_id", projectId: "x.project_id", ownerId: "x.created_by", thingId: "x.id" }),
      list: `models ${projectId}`,
      readerId: actor.id,
      kept: { actor, permission: "model:read", workspaceId: workspace?.id, projectId, kind: "model" },
    });
    return {
      ...page,
      rows: page.rows.map((row) => ({
        id: row.id,
        name: row.name,
        description: row.description,
        versions: row.version_count,
        latest: row.latest,
        production: row.production,
        staging: row.staging,
        tags: row.tags,
        by: whoOf(row),
        createdAt: row.created_at,
      })),
    };
  },
});
