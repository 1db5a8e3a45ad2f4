import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { type KeysetPage, keysetInput, keysetPage } from "@/lib/kernel/keyset-page";
import { creatorField, linked, unless, valuesOf } from "@/lib/kernel/linked-field";
import type { Fields } from "@/lib/kernel/list";
import { defineQuery } from "@/lib/kernel/query";
import { RUN_STATES } from "@/lib/runs/schema";
import { hasShownStatus } from "@/lib/runs/shown-status";
import { schedulesOf } from "@/lib/schedules/schedules-of-pipelines";
import { latestRuns, medianDuration, NO_FIGURES, readFigures, successShare } from "./pipeline-figures";
import { FIGURES_OF, type PipelineTableRow } from "./schema";

// The pipelines of a project as their page lists them: each with figures of its latest runs, read for the rows of the page only.

const STATES = new Map<string, readonly string[]>(RUN_STATES.map(({ value, states }) => [value, states]));

/** What pipelines are filtered and sorted by, over `pipeline x`. */
export const pipelineRowFields = (actor: Actor): Fields => ({
  name: { kind: "text", sql: sql.ref("x.name"), required: true },
  created: { kind: "time", sql: sql.ref("x.created_at"), required: true },
  by: creatorField(actor, "x.created_by"),
  last: { kind: "time", sql: sql`(select r.start_time from ${latestRuns(actor, "x.id", 1)} r)` },
  status: {
    kind: "enum",
    where: (op, value) => {
      const states = valuesOf(value).flatMap((word) => STATES.get(word) ?? [word]);
      const has = sql<SqlBool>`exists (select 1 from ${latestRuns(actor, "x.id", 1)} r where ${op === "isnull" || op === "isnotnull" ? sql`true` : hasShownStatus("r", states)})`;
      return op === "isnull" ? sql<SqlBool>`not ${has}` : unless(op, has);
    },
  },
  success: { kind: "number", sql: successShare(actor, "x.id"), sortable: false },
  duration: { kind: "number", sql: medianDuration(actor, "x.id"), sortable: false },
  model: {
    kind: "text",
    where: linked(
      (
        match,
      ) => sql<SqlBool>`exists (select 1 from ${latestRuns(actor, "x.id", FIGURES_OF)} r join model_version v on v.id = r.model_version_id join model m on m.id = v.model_id
        where ${visibleTo(actor, "model:read", { workspaceId: "m.workspace_id", projectId: "m.project_id", ownerId: "m.created_by", thingId: "m.id" })} and ${match})`,
      sql.ref("m.name"),
    ),
  },
  tag: {
    kind: "text",
    where: linked(
      (match) => sql<SqlBool>`exists (select 1 from tag_resource g join tag t on t.id = g.tag_id where g.resource_id = x.id and ${match})`,
      sql.ref("t.name"),
    ),
  },
});

type Found = { id: string; name: string; created_at: string; creator: string | null; creator_kind: string | null; tags: string[] };

export const TAGS_OF_X = sql`coalesce((select array_agg(t.name order by t.name) from tag_resource g join tag t on t.id = g.tag_id where g.resource_id = x.id), '{}')`;

/** Lists pipelines. Errors: bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const listPipelineRows = defineQuery({
  name: "pipeline.table",
  permission: "pipeline:read",
  input: keysetInput.extend({ projectId: z.uuid() }),
  scope: ({ actor, workspace, input }) => ({ workspaceId: workspace?.id, projectId: input.projectId, ownerId: actor.id, isList: true }),
  run: async ({ tx, actor, input: { projectId, ...input } }): Promise<KeysetPage<PipelineTableRow>> => {
    const source = sql`(
      select x.id, x.name, x.created_at, x.workspace_id, x.project_id, x.created_by, coalesce(nullif(u.full_name, ''), u.name) as creator, u.kind as creator_kind,
        ${TAGS_OF_X} as tags
      from pipeline x left join principal u on u.id = x.created_by where x.project_id = ${projectId}) x`;
    const page = await keysetPage<Found>(tx, {
      source,
      fields: pipelineRowFields(actor),
      input,
      visible: visibleTo(actor, "pipeline:read", { workspaceId: "x.workspace_id", projectId: "x.project_id", ownerId: "x.created_by", thingId: "x.id" }),
      list: `pipelines ${projectId}`,
      readerId: actor.id,
    });
    const ids = page.rows.map((row) => row.id);
    const figures = await readFigures(tx, actor, ids);
    const schedules = await schedulesOf(tx, actor, ids);
    return {
      ...page,
      rows: page.rows.map((row) => ({
        id: row.id,
        name: row.name,
        tags: row.tags,
        schedules: schedules.get(row.id) ?? [],
        by: row.creator ? { name: row.creator, kind: row.creator_kind ?? "user" } : null,
        createdAt: row.created_at,
        ...(figures.get(row.id) ?? NO_FIGURES),
      })),
    };
  },
});
