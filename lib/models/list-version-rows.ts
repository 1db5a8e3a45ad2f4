import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { type KeysetPage, keysetInput, keysetPage } from "@/lib/kernel/keyset-page";
import { creatorField, linked } from "@/lib/kernel/linked-field";
import type { Fields } from "@/lib/kernel/list";
import { defineQuery } from "@/lib/kernel/query";
import { metadataFields } from "@/lib/metadata/metadata-filter";
import type { ModelVersionTableRow } from "./schema";
import { CREATOR, firstRun, hasRun, readableRun, readMetrics, readProducers, tagsOf, whoOf } from "./version-rows";

// The model versions of a project, or of one model, as their pages list them.

const METRICS_SHOWN = 8;

/** What model versions are filtered and sorted by, over `model_version x`. */
export const modelVersionRowFields = (actor: Actor): Fields => ({
  version: { kind: "text", sql: sql.ref("x.name"), required: true },
  number: { kind: "number", sql: sql.ref("x.number"), required: true },
  model: { kind: "text", where: linked((match) => sql<SqlBool>`exists (select 1 from model m where m.id = x.model_id and ${match})`, sql.ref("m.name")) },
  stage: { kind: "enum", sql: sql.ref("x.stage"), sortable: false },
  description: { kind: "text", sql: sql.ref("x.description") },
  run: {
    kind: "text",
    where: linked(
      (match) => sql<SqlBool>`exists (select 1 from run r where r.model_version_id = x.id and ${readableRun(actor, "r")} and ${match})`,
      sql.ref("r.name"),
    ),
  },
  pipeline: {
    kind: "text",
    where: linked(
      (match) => sql<SqlBool>`exists (select 1 from run r join pipeline p on p.id = r.pipeline_id where r.id = ${firstRun(actor, "x.id")} and ${match})`,
      sql.ref("p.name"),
    ),
  },
  tag: {
    kind: "text",
    where: linked(
      (match) => sql<SqlBool>`exists (select 1 from tag_resource g join tag t on t.id = g.tag_id where g.resource_id = x.id and ${match})`,
      sql.ref("t.name"),
    ),
  },
  by: creatorField(actor, "x.created_by"),
  created: { kind: "time", sql: sql.ref("x.created_at"), required: true },
});

type Found = {
  id: string;
  model: string;
  name: string;
  number: number;
  stage: string | null;
  run_id: string | null;
  has_run: boolean;
  tags: string[];
  creator: string | null;
  creator_kind: string | null;
  created_at: string;
};

/** Lists versions. Errors: bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const listModelVersionRows = defineQuery({
  name: "model-version.table",
  permission: "model:read",
  input: keysetInput.extend({ projectId: z.uuid(), modelId: z.uuid().optional() }),
  scope: ({ actor, workspace, input }) => ({ workspaceId: workspace?.id, projectId: input.projectId, ownerId: actor.id, isList: true }),
  run: async ({ tx, actor, workspace, input: { projectId, modelId, ...input } }): Promise<KeysetPage<ModelVersionTableRow>> => {
    const metadata = await metadataFields(tx, { id: "x.id", projectId, type: "model_version" }, input.conditions, input.countsAll);
    const own = modelVersionRowFields(actor);
    const source = sql`(
      select x.id, m.name as model, x.model_id, x.name, x.number, x.stage, x.description, x.workspace_id, x.project_id, x.created_by, x.created_at, ${CREATOR},
        ${tagsOf("x.id")} as tags, ${firstRun(actor, "x.id")} as run_id, ${hasRun("x.id")} as has_run
      from model_version x join model m on m.id = x.model_id left join principal u on u.id = x.created_by
      where x.project_id = ${projectId} ${modelId ? sql`and x.model_id = ${modelId}` : sql``}) x`;
    const page = await keysetPage<Found>(tx, {
      source,
      fields: { ...own, ...metadata.page },
      countFields: { ...own, ...metadata.count },
      countedUpTo: metadata.countedUpTo,
      input,
      visible: visibleTo(actor, "model:read", { workspaceId: "x.workspace_id", projectId: "x.project_id", ownerId: "x.created_by", thingId: "x.model_id" }),
      list: `model versions ${projectId} ${modelId ?? ""}`,
      readerId: actor.id,
      kept: modelId ? undefined : { actor, permission: "model:read", workspaceId: workspace?.id, projectId, kind: "model_version" },
      totalOfAll: metadata.total,
    });
    const metrics = await readMetrics(
      tx,
      page.rows.map((row) => row.id),
    );
    const runs = await readProducers(
      tx,
      page.rows.map((row) => row.run_id),
    );
    return {
      ...page,
      rows: page.rows.map((row) => ({
        id: row.id,
        model: row.model,
        version: row.name,
        number: row.number,
        stage: row.stage,
        run: (row.run_id && runs.get(row.run_id)) || null,
        isRunHidden: row.has_run && row.run_id === null,
        metrics: (metrics.get(row.id) ?? []).slice(0, METRICS_SHOWN),
        tags: row.tags,
        by: whoOf(row),
        createdAt: row.created_at,
      })),
    };
  },
});
