import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { AppError } from "@/lib/kernel/errors";
import { conditionsSql, type Fields, type ListSpec, orderSql } from "@/lib/kernel/list";
import { defineQuery } from "@/lib/kernel/query";
import { referenceField } from "@/lib/kernel/reference-field";
import { tagsField } from "@/lib/tags/tags-field";

const LATEST = sql`(select max(r.created_at) from run r where r.pipeline_id = pipeline.id)`;

export const PIPELINE_FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("pipeline.id"), required: true },
  name: { kind: "text", sql: sql.ref("pipeline.name"), required: true },
  created: { kind: "time", sql: sql.ref("pipeline.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("pipeline.updated_at"), required: true },
  latest_run: { kind: "time", sql: LATEST },
  latest_run_status: { kind: "enum", sql: sql`(select r.status from run r where r.pipeline_id = pipeline.id order by r.created_at desc limit 1)` },
  user: referenceField(sql.ref("pipeline.created_by"), "principal"),
  user_id: { kind: "uuid", sql: sql.ref("pipeline.created_by") },
  tag: tagsField("pipeline.id"),
  tags: tagsField("pipeline.id"),
};

const COLUMNS = [
  "pipeline.id",
  "pipeline.project_id",
  "pipeline.name",
  "pipeline.description",
  "pipeline.created_by",
  "pipeline.created_at",
  "pipeline.updated_at",
] as const;

/** Pipelines that the actor may read, with the exact total. */
export const listPipelines = defineQuery({
  name: "pipeline.listed",
  permission: "pipeline:read",
  input: z.strictObject({ spec: z.custom<ListSpec>(), projectId: z.uuid().nullable() }),
  run: async ({ tx, actor, input, workspace }) => {
    const visible = visibleTo(actor, "pipeline:read", {
      workspaceId: "pipeline.workspace_id",
      projectId: "pipeline.project_id",
      ownerId: "pipeline.created_by",
      thingId: "pipeline.id",
    });
    let query = tx
      .selectFrom("pipeline")
      .where("pipeline.workspace_id", "=", workspace?.id ?? "")
      .where(visible)
      .where(conditionsSql(PIPELINE_FIELDS, input.spec.conditions, input.spec.logic));
    if (input.projectId) query = query.where("pipeline.project_id", "=", input.projectId);
    const { n } = await query.select(sql<number>`count(*)`.as("n")).executeTakeFirstOrThrow();
    const rows = await query
      .select(COLUMNS)
      .orderBy(orderSql(PIPELINE_FIELDS, input.spec, "pipeline.id") as never)
      .limit(input.spec.limit)
      .offset(input.spec.offset ?? 0)
      .execute();
    return { rows, total: Number(n) };
  },
});

/** One pipeline. Error: not_found. */
export const getPipeline = defineQuery({
  name: "pipeline.read",
  permission: "pipeline:read",
  input: z.strictObject({ pipelineId: z.uuid() }),
  scope: async ({ tx, input, workspace }) => {
    const row = await tx
      .selectFrom("pipeline")
      .select(["project_id", "created_by"])
      .where("id", "=", input.pipelineId)
      .where("workspace_id", "=", workspace?.id ?? "")
      .executeTakeFirst();
    if (!row) throw unknownPipeline(input.pipelineId);
    return { workspaceId: workspace?.id, projectId: row.project_id, ownerId: row.created_by, partOf: input.pipelineId };
  },
  run: async ({ tx, input }) => tx.selectFrom("pipeline").select(COLUMNS).where("pipeline.id", "=", input.pipelineId).executeTakeFirstOrThrow(),
});

export type PipelineRow = Awaited<ReturnType<typeof getPipeline.run>>;

export const unknownPipeline = (id: string) => new AppError("not_found", `Unable to get pipeline with ID '${id}': No pipeline with this ID found`);
