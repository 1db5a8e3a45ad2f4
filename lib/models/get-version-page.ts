import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { shownStatus } from "@/lib/runs/shown-status";
import { readModelFacts, readStages } from "./get-model-page";
import type { MetricHistory, ModelVersionPage, VersionArtifact, VersionRun } from "./schema";
import { CREATOR, firstRun, hasRun, readableRun, readMetrics, tagsOf, whoOf } from "./version-rows";

// One model version for its page: the run that it comes from with its code and data, its numbers beside those of the versions before and
// after, what was linked to it, and when it held a stage.

const MOST_LINKS = 500;
const MOST_RUNS = 100;
const HISTORY = 40;
const MOST_TEXTS = 200;

/** The version of a name in a project, as the target of a decision. Error: not_found. */
async function namedVersion(tx: Tx, { projectId, model, version }: { projectId: string; model: string; version: string }) {
  const row = await tx
    .selectFrom("model_version as v")
    .innerJoin("model as m", "m.id", "v.model_id")
    .select(["v.id", "v.number", "v.name", "m.id as modelId", "m.name as model", "v.workspace_id", "v.created_by"])
    .where("m.project_id", "=", projectId)
    .where("m.name", "=", model)
    .where("v.name", "=", version)
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", "There is no such model version here.", { reason: "not_readable" });
  return {
    workspaceId: row.workspace_id,
    projectId,
    ownerId: row.created_by,
    partOf: row.modelId,
    thing: { type: "model_version", id: row.id, name: `${row.model} ${row.name}` },
    row,
  };
}

type Found = {
  id: string;
  name: string;
  number: number;
  stage: string | null;
  description: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  creator: string | null;
  creator_kind: string | null;
  tags: string[];
  run_id: string | null;
  has_run: boolean;
  previous: string | null;
  next: string | null;
};

/** What the page of a version shows. Error: not_found. */
export const getModelVersionPage = defineQuery({
  name: "model-version.page",
  permission: "model:read",
  input: z.strictObject({ projectId: z.uuid(), model: z.string(), version: z.string() }),
  scope: ({ tx, input }) => namedVersion(tx, input),
  run: async ({ tx, actor, input, workspace }): Promise<ModelVersionPage> => {
    const { row: known } = await namedVersion(tx, input);
    const { rows } = await sql<Found>`
      select x.id, x.name, x.number, x.stage, x.description, x.created_by, x.created_at, x.updated_at, ${CREATOR}, ${tagsOf("x.id")} as tags,
        ${firstRun(actor, "x.id")} as run_id, ${hasRun("x.id")} as has_run,
        (select v.name from model_version v where v.model_id = x.model_id and v.number < x.number order by v.number desc limit 1) as previous,
        (select v.name from model_version v where v.model_id = x.model_id and v.number > x.number order by v.number limit 1) as next
      from model_version x left join principal u on u.id = x.created_by where x.id = ${known.id}`.execute(tx);
    const row = rows[0] as Found;
    return {
      id: row.id,
      model: await readModelFacts(tx, known.modelId),
      version: row.name,
      number: row.number,
      stage: row.stage,
      description: row.description,
      ownerId: row.created_by,
      by: whoOf(row),
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      tags: row.tags,
      isProducerHidden: row.has_run && row.run_id === null,
      producer: row.run_id ? await readProducer(tx, row.run_id) : null,
      data: row.run_id ? await readData(tx, actor, row.run_id) : [],
      artifacts: await readArtifacts(tx, actor, row.id),
      runs: await readRuns(tx, actor, row.id),
      metrics: await readHistory(tx, { id: row.id, name: row.name, number: row.number, modelId: known.modelId, previous: row.previous }),
      texts: await readTexts(tx, row.id),
      stages: await readStages(tx, actor, { workspaceId: workspace?.id ?? "", modelId: known.modelId, versionId: row.id }),
      previous: row.previous,
      next: row.next,
    };
  },
});

type FoundProducer = {
  id: string;
  number: number;
  name: string;
  pipeline: string | null;
  status: string;
  start_time: string | null;
  end_time: string | null;
  duration_s: number | null;
  creator: string | null;
  creator_kind: string | null;
  behalf: string | null;
  origin: string;
  code_digest: string | null;
};

async function readProducer(tx: Tx, runId: string): Promise<ModelVersionPage["producer"]> {
  const { rows } = await sql<FoundProducer>`
    select r.id, r.number, r.name, p.name as pipeline, ${shownStatus("r")} as status, r.start_time, r.end_time, r.duration_s, ${CREATOR},
      coalesce(nullif(b.full_name, ''), b.name) as behalf, r.origin, r.code_digest
    from run r left join pipeline p on p.id = r.pipeline_id left join principal u on u.id = r.created_by left join principal b on b.id = r.on_behalf_of
    where r.id = ${runId}`.execute(tx);
  const [run] = rows;
  if (!run) return null;
  return {
    id: run.id,
    number: run.number,
    name: run.name,
    pipeline: run.pipeline,
    status: run.status,
    startedAt: run.start_time,
    endedAt: run.end_time,
    durationS: run.duration_s,
    startedBy: whoOf(run),
    onBehalfOf: run.behalf,
    origin: run.origin,
    codeDigest: run.code_digest,
  };
}

type FoundArtifact = { id: string; artifact: string; version: string; type: string; content_hash: string | null; created_at: string };

const readableArtifact = (actor: Actor) =>
  visibleTo(actor, "artifact:read", { workspaceId: "av.workspace_id", projectId: "av.project_id", ownerId: "av.created_by", thingId: "av.artifact_id" });

const toArtifact = (row: FoundArtifact): VersionArtifact => ({
  id: row.id,
  artifact: row.artifact,
  version: row.version,
  type: row.type,
  contentHash: row.content_hash,
  createdAt: row.created_at,
});

/** The artifact versions that a run read and did not make. */
async function readData(tx: Tx, actor: Actor, runId: string): Promise<VersionArtifact[]> {
  const { rows } = await sql<FoundArtifact>`
    select distinct av.id, a.name as artifact, av.version, av.type, av.content_hash, av.created_at
    from step_run s join step_run_input i on i.step_run_id = s.id join artifact_version av on av.id = i.artifact_version_id join artifact a on a.id = av.artifact_id
    where s.run_id = ${runId} and av.producer_run_id is distinct from ${runId} and ${readableArtifact(actor)} order by a.name, av.created_at limit ${MOST_LINKS}`.execute(
    tx,
  );
  return rows.map(toArtifact);
}

async function readArtifacts(tx: Tx, actor: Actor, versionId: string): Promise<VersionArtifact[]> {
  const { rows } = await sql<FoundArtifact>`
    select av.id, a.name as artifact, av.version, av.type, av.content_hash, av.created_at
    from model_version_artifact l join artifact_version av on av.id = l.artifact_version_id join artifact a on a.id = av.artifact_id
    where l.model_version_id = ${versionId} and ${readableArtifact(actor)} order by av.created_at desc, av.id desc limit ${MOST_LINKS}`.execute(tx);
  return rows.map(toArtifact);
}

type FoundRun = {
  id: string;
  number: number;
  name: string;
  status: string;
  pipeline: string | null;
  start_time: string | null;
  creator: string | null;
  creator_kind: string | null;
  origin: string;
};

/** The newest runs that worked on the version. */
async function readRuns(tx: Tx, actor: Actor, versionId: string): Promise<VersionRun[]> {
  const { rows } = await sql<FoundRun>`
    select r.id, r.number, r.name, ${shownStatus("r")} as status, p.name as pipeline, r.start_time, ${CREATOR}, r.origin
    from (
      (select r.id from run r where r.model_version_id = ${versionId} order by r.created_at desc, r.id desc limit ${MOST_RUNS})
      union
      (select l.run_id from model_version_run l where l.model_version_id = ${versionId} order by l.created_at desc, l.run_id desc limit ${MOST_RUNS})
    ) found join run r on r.id = found.id left join pipeline p on p.id = r.pipeline_id left join principal u on u.id = r.created_by
    where ${readableRun(actor, "r")} order by r.created_at desc, r.id desc limit ${MOST_RUNS}`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    name: row.name,
    status: row.status,
    pipeline: row.pipeline,
    startedAt: row.start_time,
    by: whoOf(row),
    origin: row.origin,
  }));
}

/** The version's numbers, each with those of the versions around it. */
async function readHistory(tx: Tx, version: { id: string; name: string; number: number; modelId: string; previous: string | null }): Promise<MetricHistory[]> {
  const around = (sign: "<=" | ">", direction: "desc" | "asc", limit: number) =>
    sql`(select v.id, v.name, v.number from model_version v where v.model_id = ${version.modelId} and v.number ${sql.raw(sign)} ${version.number} order by v.number ${sql.raw(direction)} limit ${limit})`;
  const { rows: versions } = await sql<{ id: string; name: string }>`
    select id, name from (${around("<=", "desc", HISTORY * 0.75)} union all ${around(">", "asc", HISTORY * 0.25)}) v order by v.number`.execute(tx);
  const metrics = await readMetrics(
    tx,
    versions.map(({ id }) => id),
  );
  const metricOf = (id: string, key: string) => metrics.get(id)?.find((metric) => metric.key === key)?.value ?? null;
  const before = versions.find(({ name }) => name === version.previous);
  return (metrics.get(version.id) ?? []).map(({ key, value }) => {
    const earlier = before ? metricOf(before.id, key) : null;
    return {
      key,
      value,
      before: before && earlier !== null ? { version: before.name, value: earlier } : null,
      history: versions.map(({ id, name }) => ({ version: name, value: metricOf(id, key) })),
    };
  });
}

async function readTexts(tx: Tx, versionId: string): Promise<ModelVersionPage["texts"]> {
  const { rows } = await sql<{ key: string; value: string; type: string; at: string; is_number: boolean }>`
    select distinct on (m.key) m.key, left(m.value, 2000) as value, m.type, m.created_at as at, m.value_number is not null as is_number
    from metadata_entry m where m.resource_id = ${versionId} order by m.key, m.created_at desc, m.id desc limit ${MOST_TEXTS}`.execute(tx);
  return rows.filter((row) => !row.is_number).map(({ key, value, type, at }) => ({ key, value, type, at }));
}
