import "server-only";
import { type RawBuilder, sql } from "kysely";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import type { Tx } from "@/lib/kernel/transaction";
import type { Metric, ProducerRun } from "./schema";

// What lists and pages of model versions read alike: the run that a version comes from, its numbers, tags and makers.

const KEYS_READ = 100;

export const readableRun = (actor: Actor, alias: string): RawBuilder<unknown> =>
  visibleTo(actor, "run:read", { workspaceId: `${alias}.workspace_id`, projectId: `${alias}.project_id`, ownerId: `${alias}.created_by` });

/** The id of the first run that worked on a version and that the reader may see. `version` is the reference of its id. */
export const firstRun = (actor: Actor, version: string): RawBuilder<unknown> => sql`(
  select r.id from (
    (select r.id from run r where r.model_version_id = ${sql.ref(version)} and ${readableRun(actor, "r")} order by r.created_at, r.id limit 1)
    union all
    (select l.run_id from model_version_run l join run r on r.id = l.run_id
      where l.model_version_id = ${sql.ref(version)} and ${readableRun(actor, "r")} order by l.created_at, l.run_id limit 1)
  ) found join run r on r.id = found.id order by r.created_at, r.id limit 1)`;

/**
 * Whether any run worked on a version, whoever may see it. Not `exists`: in a list PostgreSQL may answer that from the whole table at once, and
 * read 100,000 runs for 51 versions; what has a limit it asks row by row, by the index.
 */
export const hasRun = (version: string): RawBuilder<unknown> => {
  const any = (from: string) => sql`(select true from ${sql.table(from)} r where r.model_version_id = ${sql.ref(version)} limit 1)`;
  return sql`(${any("run")} is not null or ${any("model_version_run")} is not null)`;
};

/** The tags of the thing whose id `id` refers to, by name. */
export const tagsOf = (id: string): RawBuilder<unknown> =>
  sql`coalesce((select array_agg(t.name order by t.name) from tag_resource g join tag t on t.id = g.tag_id where g.resource_id = ${sql.ref(id)}), '{}')`;

/** Name and kind of who made it, as `creator` and `creator_kind`, of the alias `u`. */
export const CREATOR = sql`coalesce(nullif(u.full_name, ''), u.name) as creator, u.kind as creator_kind`;

export const whoOf = ({ creator, creator_kind: kind }: { creator: string | null; creator_kind: string | null }) =>
  creator ? { name: creator, kind: kind ?? "user" } : null;

/** Runs by id as what a version comes from. */
export async function readProducers(tx: Tx, runIds: readonly (string | null)[]): Promise<Map<string, ProducerRun>> {
  const ids = [...new Set(runIds.filter((id): id is string => id !== null))];
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom("run as r")
    .leftJoin("pipeline as p", "p.id", "r.pipeline_id")
    .select(["r.id", "r.number", "r.name", "p.name as pipeline"])
    .where("r.id", "in", ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** The latest number of each key of each version, by key. */
export async function readMetrics(tx: Tx, versionIds: readonly string[]): Promise<Map<string, Metric[]>> {
  const found = new Map<string, Metric[]>(versionIds.map((id) => [id, []]));
  if (versionIds.length === 0) return found;
  const { rows } = await sql<{ id: string; key: string; value: number | null }>`
    select v.id, m.key, m.value_number as value from unnest(${[...versionIds]}::uuid[]) as v(id)
      cross join lateral (
        select distinct on (m.key) m.key, m.value_number from metadata_entry m where m.resource_id = v.id order by m.key, m.created_at desc, m.id desc limit ${KEYS_READ}
      ) m
    order by m.key`.execute(tx);
  for (const { id, key, value } of rows) if (value !== null) found.get(id)?.push({ key, value });
  return found;
}
