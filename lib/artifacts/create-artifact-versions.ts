import "server-only";
import { jsonText } from "@/lib/kernel/json-text";
import { sql } from "kysely";
import { z } from "zod";
import type { AuditDraft } from "@/lib/audit/record";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { isUuid, newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { writeMetadata } from "@/lib/metadata/write-metadata";
import { findProject } from "@/lib/projects/find-project";
import { attachTags, type TagWish } from "@/lib/tags/attach-tags";

// Makes artifact versions; the artifact is made with the first version of its name. Versions are numbered by an atomic counter on
// the artifact's row, so that any number of writers get different numbers. Artifacts are touched in the order of their names: two
// batches then wait for each other instead of deadlocking. One audit entry per batch.

export const ARTIFACT_TYPES = [
  "DataAnalysisArtifact",
  "DataArtifact",
  "ModelArtifact",
  "SchemaArtifact",
  "ServiceArtifact",
  "StatisticsArtifact",
  "BaseArtifact",
] as const;
const SAVE_TYPES = ["step_output", "manual", "preexisting", "external"] as const;
const VISUALIZATION_TYPES = ["csv", "html", "image", "markdown", "json"] as const;

const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((value) => !value.includes("\u0000"), "has a character that no text has");

const version = z.strictObject({
  artifactId: z.uuid().nullable(),
  artifactName: text(255).nullable(),
  hasCustomName: z.boolean(),
  version: text(255).nullable(),
  type: z.enum(ARTIFACT_TYPES),
  uri: text(4_000),
  /** Class references as the client describes them. */
  materializer: z.custom<object>(),
  dataType: z.custom<object>(),
  saveType: z.enum(SAVE_TYPES),
  contentHash: z.string().max(255).nullable(),
  itemCount: z.number().int().nonnegative().nullable(),
  artifactStoreId: z.uuid().nullable(),
  tags: z.array(z.custom<TagWish>()).nullable(),
  visualizations: z.array(z.strictObject({ type: z.enum(VISUALIZATION_TYPES), uri: text(4_000) })).nullable(),
  /** Key → JSON text, verbatim. */
  metadata: z.map(z.string().min(1).max(255), z.string()),
});
type NewVersion = z.output<typeof version>;

/** What the recorded server keeps of one metadata value; longer ones are left out, not refused. */
const MAX_METADATA = 65_535;

/** Makes the versions; gives their ids in the same order. Errors: not_found, conflict for an explicit version that there is. */
export const createArtifactVersions = defineCommand({
  name: "artifact-version.created",
  permission: "artifact:create",
  input: z.strictObject({ project: z.string(), versions: z.array(version).min(1).max(1_000) }),
  scope: async ({ tx, actor, input, workspace }) => ({
    workspaceId: workspace.id,
    projectId: (await findProject(tx, workspace.id, input.project)).id,
    ownerId: actor.id,
  }),
  run: async ({ tx, actor, input, target, workspace, request }) => {
    const place = { workspaceId: workspace.id, projectId: target.projectId, actorId: actor.id, requestId: request.requestId };
    const [artifacts] = await Promise.all([ensureArtifacts(tx, place, input.versions), checkStores(tx, input.versions)]);
    const inOrder = [...input.versions.entries()].sort(([, left], [, right]) => compare(artifacts.of(left).name, artifacts.of(right).name));
    // Their first statements, which lock the artifacts, leave in this order; then all go on together.
    const made = new Map(
      await Promise.all(inOrder.map(async ([index, wanted]) => [index, await insertVersion(tx, place, artifacts.of(wanted), wanted)] as const)),
    );
    const versions = input.versions.map((_, index) => made.get(index) as { id: string; name: string; version: string });
    const [first] = versions;
    const draft: AuditDraft = {
      target: {
        type: "artifact_version",
        id: first?.id,
        name: versions.map(({ name, version }) => `${name} ${version}`).join(", "),
        projectId: target.projectId,
      },
      after: { versions: input.versions.map(({ uri, type, saveType }, index) => ({ ...versions[index], uri, type, saveType })) },
      count: versions.length,
    };
    return { result: versions.map(({ id }) => id), audit: draft };
  },
});

type Place = { workspaceId: string; projectId: string; actorId: string; requestId: string };
type ArtifactRef = { id: string; name: string };

const compare = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);

async function checkStores(tx: Tx, versions: readonly NewVersion[]): Promise<void> {
  const ids = [...new Set(versions.map(({ artifactStoreId }) => artifactStoreId?.toLowerCase()).filter((id): id is string => id != null))];
  if (ids.length === 0) return;
  const there = await tx.selectFrom("component").select("id").where("id", "in", ids).execute();
  const missing = ids.find((id) => !there.some((row) => row.id === id));
  if (missing) throw new AppError("not_found", `There is no artifact store ${missing} here.`);
}

/** The artifacts that the versions belong to, made where there are none. Error: not_found for the id of no artifact. */
async function ensureArtifacts(tx: Tx, place: Place, versions: readonly NewVersion[]): Promise<{ of: (version: NewVersion) => ArtifactRef }> {
  const byName = new Map<string, ArtifactRef>();
  const named = new Map<string, boolean>();
  for (const { artifactName, hasCustomName } of versions) if (artifactName) named.set(artifactName, (named.get(artifactName) ?? false) || hasCustomName);
  const names = [...named.keys()].sort(compare);
  const ids = versions.map(({ artifactName, artifactId }) => (artifactName ? null : artifactId)).filter((id): id is string => isUuid(id));
  const there = tx.selectFrom("artifact").select(["id", "name", "has_custom_name"]).where("project_id", "=", place.projectId);
  const [, rows, byId] = await Promise.all([
    names.length > 0 &&
      tx
        .insertInto("artifact")
        .values(
          names.map((name) => ({
            id: newId(),
            workspace_id: place.workspaceId,
            project_id: place.projectId,
            name,
            has_custom_name: named.get(name) ?? false,
            created_by: place.actorId,
          })),
        )
        .onConflict((conflict) => conflict.columns(["project_id", "name"]).doNothing())
        .execute(),
    names.length > 0 ? there.where("name", "in", names).execute() : [],
    ids.length > 0 ? there.where("id", "in", ids).execute() : [],
  ]);
  for (const row of rows) byName.set(row.name, row);
  const nowCustom = rows.filter((row) => named.get(row.name) && !row.has_custom_name).map((row) => row.id);
  if (nowCustom.length > 0) await tx.updateTable("artifact").set({ has_custom_name: true }).where("id", "in", nowCustom).execute();
  return {
    of: ({ artifactName, artifactId }) => {
      const artifact = artifactName ? byName.get(artifactName) : byId.find((row) => row.id === artifactId?.toLowerCase());
      if (!artifact)
        throw new AppError(
          artifactId ? "not_found" : "invalid_input",
          artifactId ? `There is no artifact ${artifactId} in this project.` : "A version needs artifact_name or artifact_id.",
        );
      return artifact;
    },
  };
}

async function insertVersion(tx: Tx, place: Place, artifact: ArtifactRef, wanted: NewVersion): Promise<{ id: string; name: string; version: string }> {
  const id = newId();
  const numbered = wanted.version === null ? await nextVersion(tx, artifact.id) : await givenVersion(tx, artifact.id, wanted.version);
  const inserted = await tx
    .insertInto("artifact_version")
    .values({
      id,
      workspace_id: place.workspaceId,
      project_id: place.projectId,
      artifact_id: artifact.id,
      version: numbered.version,
      version_number: numbered.number,
      uri: wanted.uri,
      type: wanted.type,
      materializer: jsonText(wanted.materializer),
      data_type: jsonText(wanted.dataType),
      save_type: wanted.saveType,
      content_hash: wanted.contentHash,
      item_count: wanted.itemCount,
      artifact_store_id: wanted.artifactStoreId,
      request_id: place.requestId,
      created_by: place.actorId,
    })
    .onConflict((conflict) => conflict.columns(["artifact_id", "version"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  if (!inserted) throw new AppError("conflict", `The artifact ${artifact.name} has a version ${numbered.version} already.`);
  const values = new Map([...wanted.metadata].filter(([key, value]) => value.length <= MAX_METADATA && !key.includes("\u0000")));
  await Promise.all([
    wanted.visualizations?.length &&
      tx
        .insertInto("artifact_visualization")
        .values(
          wanted.visualizations.map((item) => ({ id: newId(), workspace_id: place.workspaceId, artifact_version_id: id, type: item.type, uri: item.uri })),
        )
        .execute(),
    values.size > 0 && writeMetadata(tx, { ...place, resources: [{ id, type: "artifact_version" }], values }),
    attachTags(tx, { workspaceId: place.workspaceId, actorId: place.actorId, resourceType: "artifact_version", resourceId: id, tags: wanted.tags }),
  ]);
  return { id, name: artifact.name, version: numbered.version };
}

/** The next number that no explicit version has taken. The artifact's row is locked from here on. */
async function nextVersion(tx: Tx, artifactId: string): Promise<{ version: string; number: number }> {
  const row = await tx
    .updateTable("artifact")
    .set((eb) => ({ version_number: eb("version_number", "+", 1) }))
    .where("id", "=", artifactId)
    .returning("version_number")
    .executeTakeFirstOrThrow();
  return { version: String(row.version_number), number: row.version_number };
}

/** A version as the client named it; automatic numbers go on above one that is a number. */
async function givenVersion(tx: Tx, artifactId: string, version: string): Promise<{ version: string; number: number | null }> {
  const number = wholeNumber(version);
  if (number !== null)
    await tx
      .updateTable("artifact")
      .set({ version_number: sql`greatest(version_number, ${number})` })
      .where("id", "=", artifactId)
      .execute();
  return { version, number };
}

const wholeNumber = (text: string): number | null => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : null);
