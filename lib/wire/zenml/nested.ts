import "server-only";
import { sql } from "kysely";
import { anyOf } from "@/lib/kernel/any-of";
import { prepared } from "@/lib/kernel/prepared";
import type { Tx } from "@/lib/kernel/transaction";
import { loadTags, type TagRow } from "@/lib/tags/attach-tags";
import { type Envelope, entity, naiveOrNull, times } from "./respond";
import { loadUsers, nestedUser, type WireUser } from "./users";

// Things inside other things: bodies only, loaded in one query per kind for all rows of an answer.

type Owned = { id: string; created_by: string | null; created_at: string; updated_at: string };
const owned = (row: Owned) => ({ ...times(row), user_id: row.created_by });

/** The distinct ids that are there. */
export const idsOf = (ids: Iterable<string | null | undefined>): string[] => [...new Set([...ids].filter((id): id is string => id != null))];

export type NestedLoad = {
  users: Map<string, WireUser>;
  user: (id: string | null) => Envelope | null;
};

export async function nestedUsers(tx: Tx, ids: Iterable<string | null>): Promise<NestedLoad> {
  const users = await loadUsers(tx, ids);
  const envelopes = new Map([...users].map(([id, user]) => [id, nestedUser(user)]));
  return { users, user: (id) => (id ? (envelopes.get(id) ?? null) : null) };
}

const pipelinesById = prepared((db, ids: readonly string[]) =>
  db.selectFrom("pipeline").select(["id", "name", "project_id", "created_by", "created_at", "updated_at"]).where("id", "=", anyOf(ids)),
);

export async function nestedPipelines(tx: Tx, ids: Iterable<string | null>): Promise<Map<string, Envelope>> {
  const wanted = idsOf(ids);
  if (wanted.length === 0) return new Map();
  const rows = await pipelinesById(tx, wanted);
  return new Map(rows.map((row) => [row.id, entity({ id: row.id, name: row.name, body: { ...owned(row), project_id: row.project_id } })]));
}

const runsById = prepared((db, ids: readonly string[]) =>
  db
    .selectFrom("run")
    .select(["id", "name", "project_id", "status", "in_progress", "status_reason", "index", "pipeline_id", "created_by", "created_at", "updated_at"])
    .where("id", "=", anyOf(ids)),
);

export async function nestedRuns(tx: Tx, ids: Iterable<string | null>): Promise<Map<string, Envelope>> {
  const wanted = idsOf(ids);
  if (wanted.length === 0) return new Map();
  const rows = await runsById(tx, wanted);
  return new Map(rows.map((row) => [row.id, entity({ id: row.id, name: row.name, body: runBody(row) })]));
}

export const runBody = (
  row: Owned & { project_id: string; status: string; in_progress: boolean; status_reason: string | null; index: number; pipeline_id: string | null },
) => ({
  ...owned(row),
  project_id: row.project_id,
  status: row.status,
  in_progress: row.in_progress,
  status_reason: row.status_reason,
  index: row.index,
  pipeline_id: row.pipeline_id,
  child_key: null,
  root_run_id: null,
});

const stacksById = prepared((db, ids: readonly string[]) =>
  db.selectFrom("stack").select(["id", "name", "created_by", "created_at", "updated_at"]).where("id", "=", anyOf(ids)),
);

export async function nestedStacks(tx: Tx, ids: Iterable<string | null>): Promise<Map<string, Envelope>> {
  const wanted = idsOf(ids);
  if (wanted.length === 0) return new Map();
  const rows = await stacksById(tx, wanted);
  return new Map(rows.map((row) => [row.id, entity({ id: row.id, name: row.name, body: owned(row) })]));
}

const snapshotHeads = prepared((db, ids: readonly string[]) =>
  db
    .selectFrom("snapshot")
    .select(["id", "name", "project_id", "pipeline_id", "is_dynamic", "created_by", "created_at", "updated_at"])
    .where("id", "=", anyOf(ids)),
);

export async function nestedSnapshots(tx: Tx, ids: Iterable<string | null>): Promise<Map<string, Envelope>> {
  const wanted = idsOf(ids);
  if (wanted.length === 0) return new Map();
  const rows = await snapshotHeads(tx, wanted);
  return new Map(rows.map((row) => [row.id, entity({ id: row.id, name: row.name, body: snapshotBody(row) })]));
}

export const snapshotBody = (row: Owned & { project_id: string; pipeline_id: string; is_dynamic: boolean }) => ({
  ...owned(row),
  project_id: row.project_id,
  runnable: false,
  deployable: false,
  is_dynamic: row.is_dynamic,
  pipeline_id: row.pipeline_id,
});

const modelVersionsById = prepared((db, ids: readonly string[]) =>
  db
    .selectFrom("model_version as v")
    .innerJoin("model as m", "m.id", "v.model_id")
    .select(["v.id", "v.name", "v.number", "v.stage", "v.project_id", "v.created_by", "v.created_at", "v.updated_at"])
    .select([
      "m.id as model_id",
      "m.name as model_name",
      "m.created_by as model_created_by",
      "m.created_at as model_created_at",
      "m.updated_at as model_updated_at",
    ])
    .where("v.id", "=", anyOf(ids)),
);

/** Model versions with their model; `resources` is left to the top level. */
export async function nestedModelVersions(tx: Tx, ids: Iterable<string | null>): Promise<Map<string, Envelope>> {
  const wanted = idsOf(ids);
  if (wanted.length === 0) return new Map();
  const rows = await modelVersionsById(tx, wanted);
  return new Map(
    rows.map((row) => [
      row.id,
      entity({
        id: row.id,
        name: row.name,
        body: {
          ...owned(row),
          project_id: row.project_id,
          stage: row.stage,
          number: row.number,
          model: entity({
            id: row.model_id,
            name: row.model_name,
            body: {
              ...owned({ id: row.model_id, created_by: row.model_created_by, created_at: row.model_created_at, updated_at: row.model_updated_at }),
              project_id: row.project_id,
            },
          }),
        },
      }),
    ]),
  );
}

const artifactVersionsById = prepared((db, ids: readonly string[]) =>
  db
    .selectFrom("artifact_version as v")
    .innerJoin("artifact as a", "a.id", "v.artifact_id")
    .select([
      "v.id",
      "v.project_id",
      "v.created_by",
      "v.created_at",
      "v.updated_at",
      "v.version",
      "v.uri",
      "v.type",
      "v.materializer",
      "v.data_type",
      "v.save_type",
      "v.artifact_store_id",
      "v.content_hash",
      "v.item_count",
    ])
    .select([
      "a.id as artifact_id",
      "a.name as artifact_name",
      "a.created_by as artifact_created_by",
      "a.created_at as artifact_created_at",
      "a.updated_at as artifact_updated_at",
    ])
    .where("v.id", "=", anyOf(ids)),
);

/** Artifact versions with their artifact. */
export async function nestedArtifactVersions(tx: Tx, ids: Iterable<string | null>): Promise<Map<string, Envelope>> {
  const wanted = idsOf(ids);
  if (wanted.length === 0) return new Map();
  const rows = await artifactVersionsById(tx, wanted);
  return new Map(
    rows.map((row) => [
      row.id,
      entity({
        id: row.id,
        body: {
          ...owned(row),
          project_id: row.project_id,
          artifact: entity({
            id: row.artifact_id,
            name: row.artifact_name,
            body: {
              ...owned({ id: row.artifact_id, created_by: row.artifact_created_by, created_at: row.artifact_created_at, updated_at: row.artifact_updated_at }),
              project_id: row.project_id,
            },
          }),
          version: row.version,
          uri: row.uri,
          type: row.type,
          materializer: row.materializer,
          data_type: row.data_type,
          save_type: row.save_type,
          artifact_store_id: row.artifact_store_id,
          content_hash: row.content_hash,
          item_count: row.item_count,
        },
      }),
    ]),
  );
}

export const nestedTag = (row: TagRow): Envelope => entity({ id: row.id, name: row.name, body: { ...owned(row), color: row.color, exclusive: row.exclusive } });

export async function nestedTags(tx: Tx, resourceIds: Iterable<string>): Promise<Map<string, Envelope[]>> {
  const tags = await loadTags(tx, resourceIds);
  return new Map([...tags].map(([id, rows]) => [id, rows.map(nestedTag)]));
}

const logsOfRuns = prepared((db, ids: readonly string[]) => db.selectFrom("log_record").selectAll().where("run_id", "=", anyOf(ids)).orderBy("created_at"));
const logsOfSteps = prepared((db, ids: readonly string[]) =>
  db.selectFrom("log_record").selectAll().where("step_run_id", "=", anyOf(ids)).orderBy("created_at"),
);

/** Log records of runs or steps, oldest first. */
export async function nestedLogs(tx: Tx, column: "run_id" | "step_run_id", ids: Iterable<string>): Promise<Map<string, Envelope[]>> {
  const wanted = idsOf(ids);
  const logs = new Map<string, Envelope[]>();
  if (wanted.length === 0) return logs;
  const rows = await (column === "run_id" ? logsOfRuns : logsOfSteps)(tx, wanted);
  for (const row of rows) {
    const owner = row[column] as string;
    const list = logs.get(owner) ?? [];
    list.push(entity({ id: row.id, body: logBody(row) }));
    logs.set(owner, list);
  }
  return logs;
}

export const logBody = (
  row: Owned & {
    project_id: string;
    uri: string | null;
    source: string;
    step_run_id: string | null;
    run_id: string | null;
    artifact_store_id: string | null;
    log_store_id: string | null;
  },
) => ({
  ...owned(row),
  project_id: row.project_id,
  uri: row.uri,
  source: row.source,
  step_run_id: row.step_run_id,
  pipeline_run_id: row.run_id,
  artifact_store_id: row.artifact_store_id,
  log_store_id: row.log_store_id,
  hook_invocation_id: null,
});

/** Latest run (id, status, owner) of each pipeline or snapshot. */
export async function latestRuns(
  tx: Tx,
  column: "pipeline_id" | "snapshot_id",
  ids: Iterable<string>,
): Promise<Map<string, { id: string; status: string; created_by: string; end_time: string | null }>> {
  const wanted = idsOf(ids);
  if (wanted.length === 0) return new Map();
  const { rows } = await sql<{ owner: string; id: string; status: string; created_by: string; end_time: string | null }>`
    select wanted.id as owner, r.id, r.status, r.created_by, r.end_time
    from unnest(${wanted}::uuid[]) as wanted(id)
    cross join lateral (select id, status, created_by, end_time from run where run.${sql.ref(column)} = wanted.id order by created_at desc, id desc limit 1) r`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.owner, { ...row, end_time: naiveOrNull(row.end_time) }]));
}
