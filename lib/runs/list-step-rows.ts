import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { firstOf } from "@/lib/kernel/first-of";
import { type KeysetPage, keysetInput, keysetPage } from "@/lib/kernel/keyset-page";
import { creatorField, linked, unless, valuesOf } from "@/lib/kernel/linked-field";
import { conditionsSql, type Field, type Fields } from "@/lib/kernel/list";
import { inOrder } from "@/lib/kernel/page-of-ids";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { metadataFields } from "@/lib/metadata/metadata-filter";
import { RUN_STATES } from "./schema";
import type { StepRow } from "./step-schema";

// The steps of a project's runs, every try of them, as their page lists them.

const STATES = new Map<string, readonly string[]>(RUN_STATES.map(({ value, states }) => [value, states]));

const text = (from: RawBuilder<unknown>, column: string): Field => ({
  kind: "text",
  where: linked((match) => sql<SqlBool>`exists (select 1 from ${from} and ${match})`, sql.ref(column)),
});

const RUN_NUMBER: Fields = { number: { kind: "number", sql: sql.ref("r.number") } };
const MODEL = sql`run r join model_version n on n.id = ${firstOf("x.model_version_id", "r.model_version_id")} join model m on m.id = n.model_id where r.id = x.run_id`;

const FIELDS: Fields = {
  started: { kind: "time", sql: sql.ref("x.start_time"), required: true },
  duration: { kind: "number", sql: sql.ref("x.duration_s") },
  ended: { kind: "time", sql: sql.ref("x.end_time"), sortable: false },
  name: { kind: "text", sql: sql.ref("x.name"), required: true, sortable: false },
  status: {
    kind: "enum",
    where: (op, value) => unless(op, sql<SqlBool>`x.status in (${sql.join(valuesOf(value).flatMap((word) => STATES.get(word) ?? [word]))})`),
  },
  try: { kind: "number", sql: sql.ref("x.version"), sortable: false },
  code: { kind: "text", sql: sql.ref("x.code_hash"), sortable: false },
  cache_key: { kind: "text", sql: sql.ref("x.cache_key"), sortable: false },
  docstring: { kind: "text", sql: sql`(select d.docstring from step_run d where d.id = x.id)`, sortable: false },
  run: text(sql`run r where r.id = x.run_id`, "r.name"),
  run_number: {
    kind: "number",
    where: (op, value) => sql<SqlBool>`exists (select 1 from run r where r.id = x.run_id and ${conditionsSql(RUN_NUMBER, [{ field: "number", op, value }])})`,
  },
  pipeline: text(sql`run r join pipeline p on p.id = r.pipeline_id where r.id = x.run_id`, "p.name"),
  model: text(MODEL, "m.name"),
  model_version: text(MODEL, "n.name"),
  tag: text(sql`tag_resource g join tag t on t.id = g.tag_id where g.resource_id = x.run_id`, "t.name"),
  reads: text(
    sql`step_run_input i join artifact_version v on v.id = i.artifact_version_id join artifact a on a.id = v.artifact_id where i.step_run_id = x.id`,
    "a.name",
  ),
  writes: text(
    sql`step_run_output o join artifact_version v on v.id = o.artifact_version_id join artifact a on a.id = v.artifact_id where o.step_run_id = x.id`,
    "a.name",
  ),
};

/** Lists the steps of a project. Errors: bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const listStepRows = defineQuery({
  name: "step.table",
  permission: "run:read",
  input: keysetInput.extend({ projectId: z.uuid() }),
  scope: ({ actor, workspace, input }) => ({ workspaceId: workspace?.id, projectId: input.projectId, ownerId: actor.id }),
  run: async ({ tx, actor, workspace, input: { projectId, ...input } }): Promise<KeysetPage<StepRow>> => {
    const own = { ...FIELDS, by: creatorField(actor, "x.created_by") };
    const metadata = await metadataFields(tx, { id: "x.id", projectId, type: "step_run" }, input.conditions, input.countsAll);
    const page = await keysetPage<{ id: string }>(tx, {
      source: sql`(select s.id, s.workspace_id, s.project_id, s.created_by, s.run_id, s.name, s.version, s.status, s.start_time, s.end_time, s.duration_s, s.code_hash, s.cache_key, s.model_version_id
        from step_run s where s.project_id = ${projectId}) x`,
      fields: { ...own, ...metadata.page },
      countFields: { ...own, ...metadata.count },
      countedUpTo: metadata.countedUpTo,
      input,
      visible: visibleTo(actor, "run:read", { workspaceId: "x.workspace_id", projectId: "x.project_id", ownerId: "x.created_by" }),
      list: `steps ${projectId}`,
      readerId: actor.id,
      kept: { actor, permission: "run:read", workspaceId: workspace?.id, projectId, kind: "step_run" },
      totalOfAll: metadata.total,
    });
    const ids = page.rows.map((row) => row.id);
    return { ...page, rows: inOrder(ids, await readStepRows(tx, ids)) };
  },
});

async function readStepRows(tx: Tx, ids: readonly string[]): Promise<StepRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<
    Omit<StepRow, "run" | "by" | "model"> & {
      runId: string;
      runNumber: number;
      runName: string;
      creator: string | null;
      creatorKind: string | null;
      model: string | null;
      modelVersion: string | null;
    }
  >`
    select s.id, s.name, s.version as "try", s.status, s.start_time as "startedAt", s.end_time as "endedAt", s.duration_s as "durationS", s.code_hash as "codeHash",
      s.cache_key as "cacheKey", s.docstring, r.id as "runId", r.number as "runNumber", r.name as "runName", r.origin, p.name as pipeline,
      m.name as model, n.name as "modelVersion", coalesce(nullif(u.full_name, ''), u.name) as creator, u.kind as "creatorKind",
      coalesce((select array_agg(t.name order by t.name) from tag_resource g join tag t on t.id = g.tag_id where g.resource_id = r.id), '{}') as tags
    from step_run s
      join run r on r.id = s.run_id
      left join pipeline p on p.id = r.pipeline_id
      left join model_version n on n.id = ${firstOf("s.model_version_id", "r.model_version_id")}
      left join model m on m.id = n.model_id
      left join principal u on u.id = s.created_by
    where s.id = any (${[...ids]}::uuid[])`.execute(tx);
  return rows.map(({ runId, runNumber, runName, creator, creatorKind, model, modelVersion, ...row }) => ({
    ...row,
    run: { id: runId, number: runNumber, name: runName },
    model: model && modelVersion ? { name: model, version: modelVersion } : null,
    by: creator ? { name: creator, kind: creatorKind ?? "user" } : null,
  }));
}
