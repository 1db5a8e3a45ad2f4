import "server-only";
import { type RawBuilder, sql } from "kysely";
import type { Tx } from "@/lib/kernel/transaction";
import { sourceText } from "@/lib/runs/recorded";
import type { BoundedCount, Producer, VersionTableRow } from "./row-schema";

// What stands in the rows of artifacts and versions, loaded for the rows that are shown and for no others. Counts of uses stop at 100.

/** Counts stop here: "100+". */
export const COUNTED_USES = 100;

/** Of an artifact, the uses of this many of its newest versions are counted. */
export const COUNTED_VERSIONS = 10;

const boundedCount = (from: RawBuilder<unknown>) => sql<number>`(select count(*)::int from (select 1 from ${from} limit ${COUNTED_USES + 1}) counted)`;

/** How many steps read the version `id`, up to one more than are counted. */
export const readsOf = (id: RawBuilder<unknown>) => boundedCount(sql`step_run_input i where i.artifact_version_id = ${id}`);

/** How many model versions the version `id` is linked to, up to one more than are counted. */
export const modelsOf = (id: RawBuilder<unknown>) => boundedCount(sql`model_version_artifact l where l.artifact_version_id = ${id}`);

/** The tags of the thing `id`, by name. */
export const tagsOf = (id: RawBuilder<unknown>) =>
  sql<string[]>`coalesce((select array_agg(t.name order by t.name) from tag_resource tr join tag t on t.id = tr.tag_id where tr.resource_id = ${id}), '{}')`;

/** The size that the client logged when it saved the version. */
export const sizeOf = (id: RawBuilder<unknown>) =>
  sql<number | null>`(select m.value_number from metadata_entry m where m.resource_id = ${id} and m.key = 'storage_size' order by m.created_at desc limit 1)`;

/** A count that may have stopped, of a count of one more. */
export const bounded = (count: number): BoundedCount => ({ count: Math.min(count, COUNTED_USES), isExact: count <= COUNTED_USES });

export type FoundProducer = {
  producer_run_id: string | null;
  producer_step_run_id: string | null;
  run_number: number | null;
  pipeline: string | null;
  step: string | null;
};

export const toProducer = (row: FoundProducer): Producer | null =>
  row.producer_run_id
    ? { runId: row.producer_run_id, runNumber: row.run_number, pipeline: row.pipeline, stepRunId: row.step ? row.producer_step_run_id : null, step: row.step }
    : null;

export type FoundVersion = FoundProducer & {
  id: string;
  artifact_id: string;
  artifact: string;
  version: string;
  type: string;
  data_type: unknown;
  materializer: unknown;
  save_type: string;
  store: string | null;
  store_id: string | null;
  store_flavor: string | null;
  uri: string;
  content_hash: string | null;
  item_count: number | null;
  size: number | null;
  reads: number;
  models: number;
  tags: string[];
  creator: string | null;
  creator_kind: string | null;
  created_at: string;
  updated_at: string;
  request_id: string;
};

/** The versions by id, in no order. */
export async function readVersions(tx: Tx, ids: readonly string[]): Promise<FoundVersion[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<FoundVersion>`
    select v.id, v.artifact_id, a.name as artifact, v.version, v.type, v.data_type, v.materializer, v.save_type, v.uri, v.content_hash, v.item_count,
      v.created_at, v.updated_at, v.request_id, v.producer_run_id, v.producer_step_run_id, r.number as run_number, p.name as pipeline, s.name as step,
      c.id as store_id, c.name as store, (select f.name from flavor f where f.id = c.flavor_id) as store_flavor,
      coalesce(nullif(u.full_name, ''), u.name) as creator, u.kind as creator_kind,
      ${sizeOf(sql.ref("v.id"))} as size, ${readsOf(sql.ref("v.id"))} as reads, ${modelsOf(sql.ref("v.id"))} as models, ${tagsOf(sql.ref("v.id"))} as tags
    from artifact_version v
      join artifact a on a.id = v.artifact_id
      left join run r on r.id = v.producer_run_id
      left join pipeline p on p.id = r.pipeline_id
      left join step_run s on s.id = v.producer_step_run_id
      left join component c on c.id = v.artifact_store_id
      left join principal u on u.id = v.created_by
    where v.id = any (${[...ids]}::uuid[])`.execute(tx);
  return rows;
}

export const toVersionRow = (row: FoundVersion): VersionTableRow => ({
  id: row.id,
  artifact: row.artifact,
  version: row.version,
  type: row.type,
  dataType: sourceText(row.data_type) ?? "",
  saveType: row.save_type,
  producer: toProducer(row),
  store: row.store,
  uri: row.uri,
  contentHash: row.content_hash,
  items: row.item_count,
  sizeBytes: row.size,
  readBy: bounded(row.reads),
  models: bounded(row.models),
  tags: row.tags,
  by: row.creator ? { name: row.creator, kind: row.creator_kind ?? "user" } : null,
  createdAt: row.created_at,
});
