import "server-only";
import { type SqlBool, sql } from "kysely";
import type { Field, Fields } from "@/lib/kernel/list";
import { referenceField } from "@/lib/kernel/reference-field";
import { metadataField } from "@/lib/metadata/metadata-field";
import { tagsField } from "@/lib/tags/tags-field";

// What runs and steps can be filtered and sorted by, on the pages and on the wire alike. Queries alias the tables `run` and `step_run`.

const named = (column: string, table: string): Field => referenceField(sql.ref(column), table);
const user = (column: string): Field => named(column, "principal");

export const RUN_FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("run.id"), required: true },
  name: { kind: "text", sql: sql.ref("run.name"), required: true },
  number: { kind: "number", sql: sql.ref("run.number"), required: true },
  index: { kind: "number", sql: sql.ref("run.index"), required: true },
  status: { kind: "enum", sql: sql.ref("run.status"), required: true },
  in_progress: { kind: "bool", sql: sql.ref("run.in_progress") },
  created: { kind: "time", sql: sql.ref("run.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("run.updated_at"), required: true },
  start_time: { kind: "time", sql: sql.ref("run.start_time"), required: true },
  end_time: { kind: "time", sql: sql.ref("run.end_time") },
  duration: { kind: "number", sql: sql.ref("run.duration_s") },
  origin: { kind: "enum", sql: sql.ref("run.origin") },
  code: { kind: "text", sql: sql.ref("run.code_digest") },
  orchestrator_run_id: { kind: "text", sql: sql.ref("run.orchestrator_run_id") },
  project: named("run.project_id", "project"),
  pipeline: named("run.pipeline_id", "pipeline"),
  pipeline_id: { kind: "uuid", sql: sql.ref("run.pipeline_id") },
  pipeline_name: named("run.pipeline_id", "pipeline"),
  stack: named("run.stack_id", "stack"),
  stack_id: { kind: "uuid", sql: sql.ref("run.stack_id") },
  snapshot_id: { kind: "uuid", sql: sql.ref("run.snapshot_id") },
  user: user("run.created_by"),
  user_id: { kind: "uuid", sql: sql.ref("run.created_by") },
  model_version_id: { kind: "uuid", sql: sql.ref("run.model_version_id") },
  model: {
    kind: "text",
    where: (op, value) =>
      sql<SqlBool>`run.model_version_id in (select mv.id from model_version mv where ${named("mv.model_id", "model").where?.(op, value) ?? sql`false`})`,
  },
  tag: tagsField("run.id"),
  tags: tagsField("run.id"),
  run_metadata: metadataField("run.id"),
};

export const STEP_FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("step_run.id"), required: true },
  name: { kind: "text", sql: sql.ref("step_run.name"), required: true },
  version: { kind: "number", sql: sql.ref("step_run.version") },
  status: { kind: "enum", sql: sql.ref("step_run.status"), required: true },
  type: { kind: "enum", sql: sql.ref("step_run.type") },
  created: { kind: "time", sql: sql.ref("step_run.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("step_run.updated_at"), required: true },
  start_time: { kind: "time", sql: sql.ref("step_run.start_time") },
  end_time: { kind: "time", sql: sql.ref("step_run.end_time") },
  cache_key: { kind: "text", sql: sql.ref("step_run.cache_key") },
  code_hash: { kind: "text", sql: sql.ref("step_run.code_hash") },
  pipeline_run_id: { kind: "uuid", sql: sql.ref("step_run.run_id") },
  snapshot_id: { kind: "uuid", sql: sql.ref("step_run.snapshot_id") },
  original_step_run_id: { kind: "uuid", sql: sql.ref("step_run.original_step_run_id") },
  model_version_id: { kind: "uuid", sql: sql.ref("step_run.model_version_id") },
  project: named("step_run.project_id", "project"),
  user: user("step_run.created_by"),
  user_id: { kind: "uuid", sql: sql.ref("step_run.created_by") },
  run_metadata: metadataField("step_run.id"),
  cache_expired: {
    kind: "bool",
    where: (_op, value) => {
      const expired = sql`(step_run.cache_expires_at is not null and step_run.cache_expires_at < clock_timestamp())`;
      return ["true", "True", "1", "yes", "y"].includes(String(value)) ? sql<SqlBool>`${expired}` : sql<SqlBool>`not ${expired}`;
    },
  },
  exclude_retried: {
    kind: "bool",
    where: (_op, value) => (["true", "True", "1"].includes(String(value)) ? sql<SqlBool>`step_run.status <> 'retried'` : sql<SqlBool>`true`),
  },
  model: {
    kind: "text",
    where: (op, value) =>
      sql<SqlBool>`step_run.model_version_id in (select mv.id from model_version mv where ${named("mv.model_id", "model").where?.(op, value) ?? sql`false`})`,
  },
};
