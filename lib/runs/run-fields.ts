import "server-only";
import { type SqlBool, sql } from "kysely";
import { AppError } from "@/lib/kernel/errors";
import { isUuid } from "@/lib/kernel/id";
import { conditionsSql, type Field, type Fields, likeText } from "@/lib/kernel/list";
import { tagsField } from "@/lib/tags/tags-field";

// What runs and steps can be filtered and sorted by, on the pages and on the wire alike. Queries alias the tables `run` and `step_run`.

/** A reference by name or id: the column, and the table and column that hold the name. */
export function nameOrId(column: string, table: string, nameColumn = "name"): Field {
  const id = sql.ref(column);
  return {
    kind: "text",
    where: (op, value) => {
      if (op === "isnull") return sql<SqlBool>`${id} is null`;
      if (op === "isnotnull") return sql<SqlBool>`${id} is not null`;
      if (typeof value === "string" && isUuid(value) && (op === "equals" || op === "notequals"))
        return op === "equals" ? sql<SqlBool>`${id} = ${value}::uuid` : sql<SqlBool>`${id} is distinct from ${value}::uuid`;
      const names = conditionsSql({ name: { kind: "text", sql: sql.ref(`named.${nameColumn}`) } }, [{ field: "name", op, value }]);
      return sql<SqlBool>`${id} in (select named.id from ${sql.table(table)} as named where ${names})`;
    },
  };
}

/** `key:value` over the latest value of a metadata key; `key:>0.9` and the like compare numbers. */
export function withMetadata(column: string, resourceType: string): Field {
  const id = sql.ref(column);
  return {
    kind: "text",
    where: (_op, value) => {
      const text = String(value);
      const colon = text.indexOf(":");
      if (colon < 1) throw new AppError("invalid_input", "run_metadata is key:value.", { fields: { run_metadata: "key:value" } });
      const key = text.slice(0, colon);
      const wanted = text.slice(colon + 1);
      const comparison = /^(gte|lte|gt|lt):(-?[\d.eE+-]+)$/.exec(wanted);
      const latest = sql`(select m.value, m.value_number from metadata_entry m where m.resource_id = ${id} and m.resource_type = ${resourceType} and m.key = ${key} order by m.created_at desc limit 1)`;
      if (comparison) {
        const sign = { gt: ">", gte: ">=", lt: "<", lte: "<=" }[comparison[1] as "gt"];
        return sql<SqlBool>`exists (select 1 from ${latest} latest where latest.value_number ${sql.raw(sign)} ${Number(comparison[2])})`;
      }
      const [op, operand] = /^(contains|startswith|endswith|equals|notequals):/.test(wanted) ? [wanted.slice(0, wanted.indexOf(":")), wanted.slice(wanted.indexOf(":") + 1)] : ["equals", wanted];
      const pattern = { contains: `%${likeText(operand)}%`, startswith: `${likeText(operand)}%`, endswith: `%${likeText(operand)}` }[op];
      const text_ = sql`trim(both '"' from latest.value)`;
      const match = pattern ? sql`${text_} ilike ${pattern}` : op === "notequals" ? sql`${text_} <> ${operand}` : sql`${text_} = ${operand}`;
      return sql<SqlBool>`exists (select 1 from ${latest} latest where ${match})`;
    },
  };
}

const user = (column: string): Field => nameOrId(column, "principal");

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
  project: nameOrId("run.project_id", "project"),
  pipeline: nameOrId("run.pipeline_id", "pipeline"),
  pipeline_id: { kind: "uuid", sql: sql.ref("run.pipeline_id") },
  pipeline_name: nameOrId("run.pipeline_id", "pipeline"),
  stack: nameOrId("run.stack_id", "stack"),
  stack_id: { kind: "uuid", sql: sql.ref("run.stack_id") },
  snapshot_id: { kind: "uuid", sql: sql.ref("run.snapshot_id") },
  user: user("run.created_by"),
  user_id: { kind: "uuid", sql: sql.ref("run.created_by") },
  model_version_id: { kind: "uuid", sql: sql.ref("run.model_version_id") },
  model: {
    kind: "text",
    where: (op, value) => sql<SqlBool>`run.model_version_id in (select mv.id from model_version mv where ${nameOrId("mv.model_id", "model").where?.(op, value) ?? sql`false`})`,
  },
  tag: tagsField("run.id"),
  tags: tagsField("run.id"),
  run_metadata: withMetadata("run.id", "pipeline_run"),
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
  project: nameOrId("step_run.project_id", "project"),
  user: user("step_run.created_by"),
  user_id: { kind: "uuid", sql: sql.ref("step_run.created_by") },
  run_metadata: withMetadata("step_run.id", "step_run"),
  cache_expired: {
    kind: "bool",
    where: (_op, value) => {
      const expired = sql`(step_run.cache_expires_at is not null and step_run.cache_expires_at < clock_timestamp())`;
      return ["true", "True", "1", "yes", "y"].includes(String(value)) ? sql<SqlBool>`${expired}` : sql<SqlBool>`not ${expired}`;
    },
  },
  exclude_retried: { kind: "bool", where: (_op, value) => (["true", "True", "1"].includes(String(value)) ? sql<SqlBool>`step_run.status <> 'retried'` : sql<SqlBool>`true`) },
  model: {
    kind: "text",
    where: (op, value) => sql<SqlBool>`step_run.model_version_id in (select mv.id from model_version mv where ${nameOrId("mv.model_id", "model").where?.(op, value) ?? sql`false`})`,
  },
};
