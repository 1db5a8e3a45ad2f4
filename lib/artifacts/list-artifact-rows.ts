import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { type KeysetPage, keysetInput, keysetPage } from "@/lib/kernel/keyset-page";
import { linked, type LinkedOp, unless, valuesOf } from "@/lib/kernel/linked-field";
import { conditionsSql, type Field, type FieldKind, type Fields } from "@/lib/kernel/list";
import { inOrder } from "@/lib/kernel/page-of-ids";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { metadataFields } from "@/lib/metadata/metadata-filter";
import { sourceText } from "@/lib/runs/recorded";
import type { ArtifactTableRow, BoundedCount } from "./row-schema";
import { bounded, COUNTED_USES, COUNTED_VERSIONS, type FoundProducer, sizeOf, tagsOf, toProducer } from "./version-rows";

// The artifacts of a project as their page lists them. What a row says of type, producer, items and store is its newest version's.

const VERSION: Record<string, { kind: FieldKind; sql: RawBuilder<unknown> }> = {
  type: { kind: "enum", sql: sql.ref("v.type") },
  data_type: { kind: "text", sql: sql`concat_ws('.', v.data_type->>'module', v.data_type->>'attribute')` },
  latest: { kind: "text", sql: sql.ref("v.version") },
  items: { kind: "number", sql: sql.ref("v.item_count") },
};

/** A condition on the newest version. */
const ofLatest = (name: keyof typeof VERSION): Field => ({
  kind: VERSION[name]?.kind ?? "text",
  where: (op, value) =>
    sql<SqlBool>`exists (select 1 from artifact_version v where v.id = x.latest_version_id and ${conditionsSql(VERSION, [{ field: name, op, value }])})`,
});

/** A text of what the newest version refers to. */
const beyondLatest = (from: RawBuilder<unknown>, column: string): Field => ({
  kind: "text",
  where: linked((match) => sql<SqlBool>`exists (select 1 from artifact_version v ${from} where v.id = x.latest_version_id and ${match})`, sql.ref(column)),
});

const IS_READ = sql<SqlBool>`exists (select 1 from artifact_version v join step_run_input i on i.artifact_version_id = v.id where v.artifact_id = x.id)`;
const IS_LINKED = sql<SqlBool>`exists (select 1 from artifact_version v join model_version_artifact l on l.artifact_version_id = v.id where v.artifact_id = x.id)`;

/** What uses it: a step of a run, a model version, neither. */
export function usesField(isRead: RawBuilder<SqlBool>, isLinked: RawBuilder<SqlBool>): Field {
  const uses: Record<string, RawBuilder<SqlBool>> = { runs: isRead, models: isLinked, nothing: sql<SqlBool>`not (${isRead} or ${isLinked})` };
  return {
    kind: "enum",
    where: (op: LinkedOp, value) => {
      const wanted = valuesOf(value).flatMap((word) => uses[word] ?? []);
      return unless(op, wanted.length > 0 ? sql<SqlBool>`(${sql.join(wanted, sql` or `)})` : sql<SqlBool>`false`);
    },
  };
}

/** What artifacts are filtered and sorted by, over `artifact x`. */
export const ARTIFACT_ROW_FIELDS: Fields = {
  name: { kind: "text", sql: sql.ref("x.name"), required: true },
  updated: { kind: "time", sql: sql.ref("x.latest_version_at"), required: true },
  versions: { kind: "number", sql: sql.ref("x.version_count"), required: true, sortable: false },
  type: ofLatest("type"),
  data_type: ofLatest("data_type"),
  latest: ofLatest("latest"),
  items: ofLatest("items"),
  pipeline: beyondLatest(sql`join run r on r.id = v.producer_run_id join pipeline p on p.id = r.pipeline_id`, "p.name"),
  step: beyondLatest(sql`join step_run s on s.id = v.producer_step_run_id`, "s.name"),
  store: beyondLatest(sql`join component c on c.id = v.artifact_store_id`, "c.name"),
  used: usesField(IS_READ, IS_LINKED),
  model: {
    kind: "text",
    where: linked(
      (match) =>
        sql<SqlBool>`exists (select 1 from artifact_version v join model_version_artifact l on l.artifact_version_id = v.id join model_version n on n.id = l.model_version_id join model m on m.id = n.model_id where v.artifact_id = x.id and ${match})`,
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
};

/** Metadata is logged on versions: an artifact is found by what its newest one carries. */
export const LATEST_METADATA = { id: "x.latest_version_id", type: "artifact_version" } as const;

/** Lists the artifacts of a project. Errors: bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const listArtifactRows = defineQuery({
  name: "artifact.table",
  permission: "artifact:read",
  input: keysetInput.extend({ projectId: z.uuid() }),
  scope: ({ actor, workspace, input }) => ({ workspaceId: workspace?.id, projectId: input.projectId, ownerId: actor.id, isList: true }),
  run: async ({ tx, actor, input: { projectId, ...input } }): Promise<KeysetPage<ArtifactTableRow>> => {
    const metadata = await metadataFields(tx, { ...LATEST_METADATA, projectId }, input.conditions, input.countsAll);
    const page = await keysetPage<{ id: string }>(tx, {
      source: sql`(select a.id, a.workspace_id, a.project_id, a.created_by, a.name, a.version_count, a.latest_version_id, a.latest_version_at from artifact a where a.project_id = ${projectId}) x`,
      fields: { ...ARTIFACT_ROW_FIELDS, ...metadata.page },
      countFields: { ...ARTIFACT_ROW_FIELDS, ...metadata.count },
      countedUpTo: metadata.countedUpTo,
      input,
      visible: visibleTo(actor, "artifact:read", { workspaceId: "x.workspace_id", projectId: "x.project_id", ownerId: "x.created_by", thingId: "x.id" }),
      list: `artifacts ${projectId}`,
      readerId: actor.id,
    });
    const ids = page.rows.map((row) => row.id);
    return { ...page, rows: inOrder(ids, await readArtifactRows(tx, ids)) };
  },
});

type Found = FoundProducer & {
  id: string;
  name: string;
  version_count: number;
  latest_id: string | null;
  version: string | null;
  type: string | null;
  data_type: unknown;
  item_count: number | null;
  size: number | null;
  store: string | null;
  reads: number;
  models: number;
  tags: string[];
  latest_version_at: string;
};

async function readArtifactRows(tx: Tx, ids: readonly string[]): Promise<ArtifactTableRow[]> {
  if (ids.length === 0) return [];
  const newest = sql`(select w.id from artifact_version w where w.artifact_id = a.id order by w.created_at desc, w.id desc limit ${COUNTED_VERSIONS}) w`;
  const { rows } = await sql<Found>`
    select a.id, a.name, a.version_count, a.latest_version_at, v.id as latest_id, v.version, v.type, v.data_type, v.item_count, c.name as store,
      v.producer_run_id, v.producer_step_run_id, r.number as run_number, p.name as pipeline, s.name as step,
      ${sizeOf(sql.ref("v.id"))} as size, ${tagsOf(sql.ref("a.id"))} as tags,
      (select count(distinct f.run_id)::int from (select i.step_run_id from ${newest} join step_run_input i on i.artifact_version_id = w.id limit ${COUNTED_USES + 1}) u join step_run f on f.id = u.step_run_id) as reads,
      (select count(distinct n.model_id)::int from (select l.model_version_id from ${newest} join model_version_artifact l on l.artifact_version_id = w.id limit ${COUNTED_USES + 1}) u join model_version n on n.id = u.model_version_id) as models
    from artifact a
      left join artifact_version v on v.id = a.latest_version_id
      left join run r on r.id = v.producer_run_id
      left join pipeline p on p.id = r.pipeline_id
      left join step_run s on s.id = v.producer_step_run_id
      left join component c on c.id = v.artifact_store_id
    where a.id = any (${[...ids]}::uuid[])`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    versions: row.version_count,
    latest:
      row.latest_id === null || row.version === null
        ? null
        : {
            id: row.latest_id,
            version: row.version,
            type: row.type ?? "BaseArtifact",
            dataType: sourceText(row.data_type) ?? "",
            items: row.item_count,
            sizeBytes: row.size,
            store: row.store,
          },
    producer: toProducer(row),
    readBy: ofNewest(row.version_count, bounded(row.reads)),
    models: ofNewest(row.version_count, bounded(row.models)),
    tags: row.tags,
    updatedAt: row.latest_version_at,
  }));
}

/** A count over the newest versions is all there is only where there are no others. */
const ofNewest = (versions: number, counted: BoundedCount): BoundedCount => ({ ...counted, isExact: counted.isExact && versions <= COUNTED_VERSIONS });
