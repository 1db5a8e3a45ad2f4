import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { AppError } from "@/lib/kernel/errors";
import { conditionsSql, type Fields } from "@/lib/kernel/list";
import { listInput } from "@/lib/kernel/list-input";
import { inOrder, pageOfIds } from "@/lib/kernel/page-of-ids";
import { prepared } from "@/lib/kernel/prepared";
import { defineQuery } from "@/lib/kernel/query";
import { referenceField } from "@/lib/kernel/reference-field";
import { anyOf } from "@/lib/kernel/any-of";
import type { Tx } from "@/lib/kernel/transaction";
import { metadataField } from "@/lib/metadata/metadata-field";
import { tagsField } from "@/lib/tags/tags-field";
import { byListedArtifact } from "./listed-artifact";

// Artifacts and their versions, as far as the actor may read them.

export type ArtifactRow = {
  id: string;
  project_id: string;
  name: string;
  has_custom_name: boolean;
  created_by: string | null;
  created_at: string;
  updated_at: string;
};

export type ArtifactWithLatest = ArtifactRow & { latest_version_id: string | null; latest_version_name: string | null };

export type ArtifactVersionRow = {
  id: string;
  project_id: string;
  version: string;
  uri: string;
  type: string;
  materializer: unknown;
  data_type: unknown;
  save_type: string;
  content_hash: string | null;
  item_count: number | null;
  artifact_store_id: string | null;
  producer_step_run_id: string | null;
  producer_run_id: string | null;
  created_by: string;
  created_at: string;
  updated_at: string;
  artifact: ArtifactRow;
};

const BOOLEANS: Fields = { value: { kind: "bool", sql: sql`true` } };
/** Whether a filter's text says true. Error: invalid_input for what is neither. */
const flag = (op: "equals" | "notequals", value: string | readonly string[]): RawBuilder<SqlBool> => conditionsSql(BOOLEANS, [{ field: "value", op, value }]);

export const ARTIFACT_FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("a.id"), required: true },
  name: { kind: "text", sql: sql.ref("a.name"), required: true },
  created: { kind: "time", sql: sql.ref("a.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("a.updated_at"), required: true },
  has_custom_name: { kind: "bool", sql: sql.ref("a.has_custom_name") },
  latest_version: { kind: "time", sql: sql`(select max(v.created_at) from artifact_version v where v.artifact_id = a.id)` },
  project: referenceField(sql.ref("a.project_id"), "project"),
  user: referenceField(sql.ref("a.created_by"), "principal"),
  tags: tagsField("a.id"),
};

/** A linked model version fits; for the negative operators none does. */
const byModelVersion = (match: (column: RawBuilder<unknown>) => RawBuilder<SqlBool> | undefined): RawBuilder<SqlBool> =>
  sql<SqlBool>`exists (select 1 from model_version_artifact l join model_version mv on mv.id = l.model_version_id where l.artifact_version_id = v.id and ${match(sql.ref("mv.id"))})`;

const MODEL_VERSION_ID: Fields = { id: { kind: "uuid", sql: sql.ref("mv.id") } };
const byArtifact = referenceField(sql.ref("v.artifact_id"), "artifact");

export const ARTIFACT_VERSION_FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("v.id"), required: true },
  created: { kind: "time", sql: sql.ref("v.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("v.updated_at"), required: true },
  version: { kind: "text", sql: sql.ref("v.version") },
  version_number: { kind: "number", sql: sql.ref("v.version_number") },
  uri: { kind: "text", sql: sql.ref("v.uri") },
  type: { kind: "enum", sql: sql.ref("v.type") },
  materializer: { kind: "text", sql: sql`v.materializer::text` },
  data_type: { kind: "text", sql: sql`v.data_type::text` },
  artifact_store_id: { kind: "uuid", sql: sql.ref("v.artifact_store_id") },
  project: referenceField(sql.ref("v.project_id"), "project"),
  user: referenceField(sql.ref("v.created_by"), "principal"),
  artifact: byArtifact,
  artifact_id: byArtifact,
  tags: tagsField("v.id"),
  run_metadata: metadataField("v.id"),
  has_custom_name: { kind: "bool", where: (_, value) => sql`(select a.has_custom_name from artifact a where a.id = v.artifact_id) = ${flag("equals", value)}` },
  only_unused: {
    kind: "bool",
    where: (_, value) =>
      sql`(not ${flag("equals", value)} or not exists (select 1 from step_run_output o where o.artifact_version_id = v.id) and not exists (select 1 from step_run_input i where i.artifact_version_id = v.id))`,
  },
  model_version_id: { kind: "uuid", where: (op, value) => byModelVersion(() => conditionsSql(MODEL_VERSION_ID, [{ field: "id", op, value }])) },
  model: { kind: "text", where: (op, value) => byModelVersion(() => referenceField(sql.ref("mv.model_id"), "model").where?.(op, value)) },
  pipeline_run: {
    kind: "text",
    where: (op, value) => {
      const inRun = referenceField(sql.ref("s.run_id"), "run").where?.(op, value);
      return sql`v.id in (
        select o.artifact_version_id from step_run_output o join step_run s on s.id = o.step_run_id where ${inRun}
        union all select i.artifact_version_id from step_run_input i join step_run s on s.id = i.step_run_id where ${inRun})`;
    },
  },
};

const byId = z.strictObject({ id: z.uuid() });

/** A page of artifacts with the newest version of each. */
export const listArtifacts = defineQuery({
  name: "artifact.list",
  permission: "artifact:read",
  input: listInput,
  run: async ({ tx, actor, input }): Promise<{ total: number; items: ArtifactWithLatest[] }> => {
    const visible = visibleTo(actor, "artifact:read", { workspaceId: "a.workspace_id", projectId: "a.project_id", ownerId: "a.created_by", thingId: "a.id" });
    const { total, ids } = await pageOfIds(tx, { from: sql`artifact a`, id: "a.id", fields: ARTIFACT_FIELDS, ...input, visible });
    return { total, items: inOrder(ids, await readArtifacts(tx, ids)) };
  },
});

/** One artifact with its newest version. Error: not_found. */
export const getArtifact = defineQuery({
  name: "artifact.get",
  permission: "artifact:read",
  input: byId,
  scope: ({ tx, input }) => artifactTarget(tx, input.id),
  run: async ({ tx, input }): Promise<ArtifactWithLatest> => (await readArtifacts(tx, [input.id]))[0] as ArtifactWithLatest,
});

/** A page of versions. */
export const listArtifactVersions = defineQuery({
  name: "artifact-version.list",
  permission: "artifact:read",
  input: listInput,
  run: async ({ tx, actor, input, workspace }): Promise<{ total: number; items: ArtifactVersionRow[] }> => {
    const visible = visibleTo(actor, "artifact:read", {
      workspaceId: "v.workspace_id",
      projectId: "v.project_id",
      ownerId: "v.created_by",
      thingId: "v.artifact_id",
    });
    const asked = await byListedArtifact(tx, actor, workspace?.id ?? "", input);
    const { total, ids } = await pageOfIds(tx, { from: sql`artifact_version v`, id: "v.id", fields: ARTIFACT_VERSION_FIELDS, ...asked, visible });
    return { total, items: inOrder(ids, await readArtifactVersions(tx, ids)) };
  },
});

/** Versions by id, in the order of the ids. Error: not_found when one is missing. */
export const getArtifactVersions = defineQuery({
  name: "artifact-version.get",
  permission: "artifact:read",
  input: z.strictObject({ ids: z.array(z.uuid()).min(1).max(1_000) }),
  scope: ({ tx, input }) => artifactVersionTarget(tx, input.ids[0] as string),
  run: async ({ tx, actor, input }): Promise<ArtifactVersionRow[]> => {
    const visible = visibleTo(actor, "artifact:read", {
      workspaceId: "v.workspace_id",
      projectId: "v.project_id",
      ownerId: "v.created_by",
      thingId: "v.artifact_id",
    });
    const ids = input.ids.map((id) => id.toLowerCase());
    const [{ rows }, read] = await Promise.all([
      sql<{ id: string }>`select v.id from artifact_version v where v.id = any (${ids}::uuid[]) and ${visible}`.execute(tx),
      readArtifactVersions(tx, ids),
    ]);
    const seen = new Set(rows.map((row) => row.id));
    const versions = inOrder(
      ids,
      read.filter((row) => seen.has(row.id)),
    );
    if (versions.length < ids.length) throw new AppError("not_found", "Some of these artifact versions are not here.");
    return versions;
  },
});

/** Whose an artifact is. Error: not_found. */
export async function artifactTarget(tx: Tx, id: string) {
  const row = await tx
    .selectFrom("artifact")
    .select(["workspace_id as workspaceId", "project_id as projectId", "created_by as ownerId", "name", "has_custom_name"])
    .where("id", "=", id)
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", `There is no artifact ${id} here.`);
  return { ...row, thing: { type: "artifact", id, name: row.name } };
}

/** Whose an artifact version is. Error: not_found. */
export async function artifactVersionTarget(tx: Tx, id: string) {
  const row = await tx
    .selectFrom("artifact_version as v")
    .innerJoin("artifact as a", "a.id", "v.artifact_id")
    .select([
      "v.workspace_id as workspaceId",
      "v.project_id as projectId",
      "v.created_by as ownerId",
      "v.producer_run_id as runId",
      "a.name",
      "a.id as partOf",
      "v.version",
      "v.uri",
    ])
    .where("v.id", "=", id)
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", `There is no artifact version ${id} here.`);
  return { ...row, thing: { type: "artifact_version", id, name: `${row.name} ${row.version}` } };
}

async function readArtifacts(tx: Tx, ids: readonly string[]): Promise<ArtifactWithLatest[]> {
  if (ids.length === 0) return [];
  return tx
    .selectFrom("artifact as a")
    .leftJoin("artifact_version as v", "v.id", "a.latest_version_id")
    .select([
      "a.id",
      "a.project_id",
      "a.name",
      "a.has_custom_name",
      "a.created_by",
      "a.created_at",
      "a.updated_at",
      "v.id as latest_version_id",
      "v.version as latest_version_name",
    ])
    .where("a.id", "=", anyOf(ids))
    .execute();
}

const versionsById = prepared((db, ids: readonly string[]) => db.selectFrom("artifact_version").selectAll().where("id", "=", anyOf(ids)));
const artifactsOfVersions = prepared((db, ids: readonly string[]) =>
  db
    .selectFrom("artifact")
    .select(["id", "project_id", "name", "has_custom_name", "created_by", "created_at", "updated_at"])
    .where("id", "in", db.selectFrom("artifact_version").select("artifact_id").where("id", "=", anyOf(ids))),
);

async function readArtifactVersions(tx: Tx, ids: readonly string[]): Promise<ArtifactVersionRow[]> {
  if (ids.length === 0) return [];
  const [rows, artifacts] = await Promise.all([versionsById(tx, ids), artifactsOfVersions(tx, ids)]);
  const byArtifactId = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
  return rows.map((row) => ({ ...row, artifact: byArtifactId.get(row.artifact_id) as ArtifactRow }));
}
