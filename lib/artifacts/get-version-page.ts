import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { likeText } from "@/lib/kernel/list";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { readMetadataValues } from "@/lib/metadata/read-metadata";
import { plainValue, sourceText } from "@/lib/runs/recorded";
import type { LinkedModel, Rail, RailVersion, VersionFacts, VersionPage, VersionUse } from "./row-schema";
import { readVersions, toVersionRow } from "./version-rows";
import { loadVisualizations } from "./visualizations";

// One version of an artifact as its page shows it, found by the artifact's name and the version's; the versions beside it.

const MAX_USES = 100;
const RAIL_NEWER = 12;
const RAIL_LENGTH = 40;

const noSuchVersion = () => new AppError("not_found", "There is no such artifact version here.", { reason: "not_readable" });

/** Whose the version is: by id, by its name, or without one the newest. Error: not_found. */
async function findVersion(tx: Tx, which: Which) {
  const row = await tx
    .selectFrom("artifact as a")
    .innerJoin("artifact_version as v", "v.artifact_id", "a.id")
    .select([
      "a.id as artifactId",
      "a.version_count as versionCount",
      "a.latest_version_id as latestId",
      "v.id",
      "a.name as artifact",
      "v.version",
      "v.created_by as ownerId",
      "v.workspace_id as workspaceId",
    ])
    .where("a.project_id", "=", which.projectId)
    .where((eb) => {
      if ("versionId" in which) return eb("v.id", "=", which.versionId);
      const named = eb("a.name", "=", which.artifact);
      return eb.and([named, which.version === null ? eb("v.id", "=", eb.ref("a.latest_version_id")) : eb("v.version", "=", which.version)]);
    })
    .executeTakeFirst();
  if (!row) throw noSuchVersion();
  return row;
}

const named = z.strictObject({ projectId: z.uuid(), artifact: z.string().max(255), version: z.string().max(255).nullable() });
const byId = z.strictObject({ projectId: z.uuid(), versionId: z.uuid() });
type Which = z.output<typeof named> | z.output<typeof byId>;

const targetOf = async (tx: Tx, input: Which) => {
  const found = await findVersion(tx, input);
  return {
    workspaceId: found.workspaceId,
    projectId: input.projectId,
    ownerId: found.ownerId,
    partOf: found.artifactId,
    thing: { type: "artifact_version", id: found.id, name: `${found.artifact} ${found.version}` },
    found,
  };
};

/** A version, by id or by name, with its metadata, who made it and what uses it; `version` null is the newest. Error: not_found. */
export const getVersionPage = defineQuery({
  name: "artifact-version.page",
  permission: "artifact:read",
  input: z.union([named, byId]),
  scope: ({ tx, input }) => targetOf(tx, input),
  run: async ({ tx, actor, input }): Promise<VersionPage> => {
    const found = await findVersion(tx, input);
    const { facts, row } = await readFacts(tx, found.id);
    const visualizations = (await loadVisualizations(tx, [found.id])).get(found.id) ?? [];
    return {
      ...facts,
      artifactId: found.artifactId,
      ownerId: found.ownerId,
      versionCount: found.versionCount,
      isLatest: found.latestId === found.id,
      storeId: row.store_id,
      storeFlavor: row.store_flavor,
      readers: await findUses(tx, actor, "step_run_input", found.id),
      writers: await findUses(tx, actor, "step_run_output", found.id),
      linkedModels: await findModels(tx, actor, found.id),
      visualizations: visualizations.map(({ id, type, uri }) => ({ id, type, uri })),
      requestId: row.request_id,
    };
  },
});

/** The facts of a version, to compare another one with. Error: not_found. */
export const getVersionFacts = defineQuery({
  name: "artifact-version.facts",
  permission: "artifact:read",
  input: named,
  scope: ({ tx, input }) => targetOf(tx, input),
  run: async ({ tx, input }): Promise<VersionFacts> => (await readFacts(tx, (await findVersion(tx, input)).id)).facts,
});

async function readFacts(tx: Tx, id: string) {
  const [row] = await readVersions(tx, [id]);
  if (!row) throw noSuchVersion();
  const metadata = await readMetadataValues(tx, id);
  const facts: VersionFacts = {
    ...toVersionRow(row),
    materializer: sourceText(row.materializer) ?? "",
    updatedAt: row.updated_at,
    metadata: metadata.map((value) => ({ about: `${row.artifact} ${row.version}`, ...value, value: plainValue(value.value) })),
  };
  return { facts, row };
}

/** The newest steps that read or gave out the version. */
async function findUses(tx: Tx, actor: Actor, link: "step_run_input" | "step_run_output", id: string): Promise<VersionUse[]> {
  const { rows } = await sql<VersionUse>`
    select s.id as "stepRunId", s.name as step, s.status, l.name as "as", r.id as "runId", r.number as "runNumber", p.name as pipeline, s.start_time as "startedAt"
    from (select step_run_id, name from ${sql.table(link)} where artifact_version_id = ${id} order by step_run_id desc limit ${MAX_USES}) l
      join step_run s on s.id = l.step_run_id
      join run r on r.id = s.run_id
      left join pipeline p on p.id = r.pipeline_id
    where ${visibleTo(actor, "run:read", { workspaceId: "r.workspace_id", projectId: "r.project_id", ownerId: "r.created_by" })}
    order by s.start_time desc, s.id desc`.execute(tx);
  return rows;
}

async function findModels(tx: Tx, actor: Actor, id: string): Promise<LinkedModel[]> {
  return tx
    .selectFrom("model_version_artifact as l")
    .innerJoin("model_version as n", "n.id", "l.model_version_id")
    .innerJoin("model as m", "m.id", "n.model_id")
    .select(["m.name as model", "n.name as version", "n.stage", "l.created_at as at"])
    .where("l.artifact_version_id", "=", id)
    .where(visibleTo(actor, "model:read", { workspaceId: "m.workspace_id", projectId: "m.project_id", ownerId: "m.created_by", thingId: "m.id" }))
    .orderBy("l.created_at", "desc")
    .limit(MAX_USES)
    .execute();
}

const railInput = z.strictObject({
  projectId: z.uuid(),
  artifact: z.string().max(255),
  /** The version that is open; null for the newest. */
  around: z.string().max(255).nullable(),
  /** Part of a version's name, the beginning of a digest, a tag. */
  text: z.string().max(255),
});

/** The versions around an open one, newest first; with a text, the newest that it fits. Error: not_found. */
export const listRail = defineQuery({
  name: "artifact-version.rail",
  permission: "artifact:read",
  input: railInput,
  scope: ({ tx, input }) => targetOf(tx, { projectId: input.projectId, artifact: input.artifact, version: input.around }),
  run: async ({ tx, input }): Promise<Rail> => {
    const open = await findVersion(tx, { projectId: input.projectId, artifact: input.artifact, version: input.around });
    const read = async (where: ReturnType<typeof sql<SqlBool>>, direction: "asc" | "desc", limit: number) => {
      const order = sql.raw(direction);
      const { rows } = await sql<RailVersion>`
        select v.id, v.version, v.content_hash as "contentHash", v.created_at as "createdAt" from artifact_version v
        where v.artifact_id = ${open.artifactId} and ${where} order by v.created_at ${order}, v.id ${order} limit ${limit + 1}`.execute(tx);
      return rows;
    };
    if (input.text) {
      const pattern = likeText(input.text);
      const found = await read(
        sql<SqlBool>`(v.version ilike ${`%${pattern}%`} or v.content_hash ilike ${`${pattern}%`} or exists (
          select 1 from tag_resource g join tag t on t.id = g.tag_id where g.resource_id = v.id and t.name ilike ${`%${pattern}%`}))`,
        "desc",
        RAIL_LENGTH,
      );
      return { versions: found.slice(0, RAIL_LENGTH), hasNewer: false, hasOlder: found.length > RAIL_LENGTH };
    }
    const [place] = await read(sql<SqlBool>`v.id = ${open.id}`, "desc", 0);
    if (!place) throw noSuchVersion();
    const at = sql`(${place.createdAt}::timestamptz, ${place.id}::uuid)`;
    const newer = await read(sql<SqlBool>`(v.created_at, v.id) > ${at}`, "asc", RAIL_NEWER);
    const shownNewer = newer.slice(0, RAIL_NEWER).reverse();
    const rest = RAIL_LENGTH - shownNewer.length;
    const older = await read(sql<SqlBool>`(v.created_at, v.id) <= ${at}`, "desc", rest);
    return { versions: [...shownNewer, ...older.slice(0, rest)], hasNewer: newer.length > RAIL_NEWER, hasOlder: older.length > rest };
  },
});
