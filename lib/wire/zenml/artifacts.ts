import "server-only";
import { z } from "zod";
import { deleteArtifact, deleteArtifactVersion, updateArtifact, updateArtifactVersion } from "@/lib/artifacts/change-artifacts";
import { ARTIFACT_TYPES, createArtifactVersions } from "@/lib/artifacts/create-artifact-versions";
import {
  ARTIFACT_FIELDS,
  ARTIFACT_VERSION_FIELDS,
  type ArtifactRow,
  type ArtifactVersionRow,
  type ArtifactWithLatest,
  getArtifact,
  getArtifactVersions,
  listArtifacts,
  listArtifactVersions,
} from "@/lib/artifacts/queries";
import { requireDownloadable } from "@/lib/artifacts/download";
import { issueDownload } from "@/lib/artifacts/open-files";
import { readVisualization } from "@/lib/artifacts/show-visualization";
import { getDownload, getVisualization } from "@/lib/artifacts/stored-files";
import { loadVisualizations } from "@/lib/artifacts/visualizations";
import { execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { readInScope, readTogether } from "@/lib/kernel/transaction";
import { readMetadata } from "@/lib/metadata/read-metadata";
import { bodyOf, tagWishes } from "./bodies";
import type { Endpoint, WireCall } from "./endpoint";
import { nestedTags, nestedUsers } from "./nested";
import { type Envelope, entity, naive, parseVerbatim, raw, times } from "./respond";
import { verbatimValues } from "./run-metadata";
import { answerList } from "./scoped-list";

// Artifacts and artifact versions on the wire.

const source = z.object({ module: z.string() }).loose();
const versionRequest = z.object({
  project: z.string(),
  artifact_id: z.uuid().nullish(),
  artifact_name: z.string().nullish(),
  has_custom_name: z.boolean().nullish(),
  version: z.union([z.string(), z.number().int()]).nullish(),
  type: z.enum(ARTIFACT_TYPES),
  uri: z.string(),
  materializer: source,
  data_type: source,
  save_type: z.enum(["step_output", "manual", "preexisting", "external"]),
  artifact_store_id: z.uuid().nullish(),
  content_hash: z.string().nullish(),
  item_count: z.number().int().nullish(),
  tags: tagWishes.nullish(),
  visualizations: z.array(z.object({ type: z.enum(["csv", "html", "image", "markdown", "json"]), uri: z.string() })).nullish(),
});
const changedTags = { add_tags: tagWishes.nullish(), remove_tags: z.array(z.string()).nullish() };

function newVersion(body: z.output<typeof versionRequest>, metadata: unknown) {
  return {
    artifactId: body.artifact_id ?? null,
    artifactName: body.artifact_name ?? null,
    hasCustomName: body.has_custom_name ?? false,
    version: body.version == null ? null : String(body.version),
    type: body.type,
    uri: body.uri,
    materializer: body.materializer,
    dataType: body.data_type,
    saveType: body.save_type,
    contentHash: body.content_hash ?? null,
    itemCount: body.item_count ?? null,
    artifactStoreId: body.artifact_store_id ?? null,
    tags: body.tags ?? null,
    visualizations: body.visualizations?.map(({ type, uri }) => ({ type, uri })) ?? null,
    metadata: verbatimValues(metadata),
  };
}

async function create(call: WireCall, bodies: z.output<typeof versionRequest>[], verbatim: unknown[]): Promise<Envelope[]> {
  const [first] = bodies;
  if (!first) return [];
  if (bodies.some((body) => body.project !== first.project)) throw new AppError("bad_request", "The versions of a batch belong to one project.");
  const versions = bodies.map((body, index) => newVersion(body, (verbatim[index] as { metadata?: unknown } | undefined)?.metadata));
  return read(call, await execute(createArtifactVersions, call.context, { project: first.project, versions }));
}

const read = (call: WireCall, ids: readonly (string | undefined)[]): Promise<Envelope[]> =>
  readTogether([call.context.workspace.id], async () => versions(call, await ask(getArtifactVersions, call.context, { ids })));

const artifactBody = (row: ArtifactRow) => ({ ...times(row), user_id: row.created_by, project_id: row.project_id });
const nestedArtifact = (row: ArtifactRow): Envelope => entity({ id: row.id, name: row.name, body: artifactBody(row) });

/** `body` of an artifact version. */
export const artifactVersionBody = (row: ArtifactVersionRow) => ({
  ...times(row),
  user_id: row.created_by,
  project_id: row.project_id,
  artifact: nestedArtifact(row.artifact),
  version: row.version,
  uri: row.uri,
  type: row.type,
  materializer: row.materializer,
  data_type: row.data_type,
  save_type: row.save_type,
  artifact_store_id: row.artifact_store_id,
  content_hash: row.content_hash,
  item_count: row.item_count,
});

async function versions(call: WireCall, rows: readonly ArtifactVersionRow[]): Promise<Envelope[]> {
  const ids = rows.map((row) => row.id);
  return readInScope([call.context.workspace.id], async (tx) => {
    const [{ user }, tags, metadata, visualizations] = await Promise.all([
      nestedUsers(
        tx,
        rows.map((row) => row.created_by),
      ),
      nestedTags(tx, ids),
      call.hydrate ? readMetadata(tx, ids) : undefined,
      call.hydrate ? loadVisualizations(tx, ids) : undefined,
    ]);
    return rows.map((row) =>
      entity({
        id: row.id,
        body: artifactVersionBody(row),
        metadata: metadata
          ? {
              visualizations: (visualizations?.get(row.id) ?? []).map((item) =>
                entity({ id: item.id, body: { created: naive(item.created_at), updated: naive(item.created_at), type: item.type, uri: item.uri } }),
              ),
              run_metadata: raw(metadata.get(row.id)),
            }
          : null,
        resources: {
          user: user(row.created_by),
          tags: tags.get(row.id) ?? [],
          producer_step_run_id: row.producer_step_run_id,
          producer_pipeline_run_id: row.producer_run_id,
        },
      }),
    );
  });
}

async function artifacts(call: WireCall, rows: readonly ArtifactWithLatest[]): Promise<Envelope[]> {
  return readInScope([call.context.workspace.id], async (tx) => {
    const { user } = await nestedUsers(
      tx,
      rows.map((row) => row.created_by),
    );
    const tags = await nestedTags(
      tx,
      rows.map((row) => row.id),
    );
    return rows.map((row) =>
      entity({
        id: row.id,
        name: row.name,
        body: artifactBody(row),
        metadata: call.hydrate ? { has_custom_name: row.has_custom_name } : null,
        resources: {
          user: user(row.created_by),
          tags: tags.get(row.id) ?? [],
          latest_version_name: row.latest_version_name,
          latest_version_id: row.latest_version_id,
        },
      }),
    );
  });
}

const oneArtifact = async (call: WireCall, id: string | undefined) => (await artifacts(call, [await ask(getArtifact, call.context, { id })]))[0];

/** One of a version's visualizations as the client loads it: text, or a picture in base64. Error: not_found. */
async function visualize(call: WireCall) {
  const index = Number(call.query.get("index") ?? 0);
  const id = call.path.artifact_version_id as string;
  await ask(getArtifactVersions, call.context, { ids: [id] });
  const found = await readInScope([call.context.workspace.id], (tx) => loadVisualizations(tx, [id]));
  const all = found.get(id) ?? [];
  const chosen = Number.isSafeInteger(index) ? all[index] : undefined;
  if (!chosen)
    throw new AppError(
      "not_found",
      all.length === 0
        ? `Artifact '${id}' has no visualizations.`
        : `Artifact '${id}' only has ${all.length} visualizations, but index ${index} was requested.`,
    );
  const bytes = await readVisualization(call.context, await ask(getVisualization, call.context, { id: chosen.id }));
  return { type: chosen.type, value: bytes.toString(chosen.type === "image" ? "base64" : "utf8") };
}

/** A token that opens the version's files once, without a credential beside it: GET …/data?token= (data.ts). */
async function downloadToken(call: WireCall) {
  const versionId = call.path.artifact_version_id;
  await requireDownloadable(call.context, await ask(getDownload, call.context, { versionId }));
  return execute(issueDownload, call.context, { versionId, isWire: true });
}

export const ARTIFACT_ENDPOINTS: Endpoint[] = [
  {
    method: "GET",
    path: "/artifact_versions",
    permission: "artifact:read",
    audit: "none: a read",
    list: true,
    handle: (call) =>
      answerList(
        call,
        ARTIFACT_VERSION_FIELDS,
        (input) => ask(listArtifactVersions, call.context, input),
        (rows) => versions(call, rows),
        { scopes: ["project", "artifact", "artifact_id"] },
      ),
  },
  {
    method: "POST",
    path: "/artifact_versions",
    permission: "artifact:create",
    audit: "entry",
    handle: async (call) => (await create(call, [bodyOf(call, versionRequest)], [parseVerbatim(call.rawBody)]))[0],
  },
  {
    method: "POST",
    path: "/artifact_versions/batch",
    permission: "artifact:create",
    audit: "entry",
    handle: (call) => create(call, bodyOf(call, z.array(versionRequest).max(1_000)), parseVerbatim(call.rawBody) as unknown[]),
  },
  {
    method: "GET",
    path: "/artifact_versions/{artifact_version_id}",
    permission: "artifact:read",
    audit: "none: a read",
    handle: async (call) => (await read(call, [call.path.artifact_version_id]))[0],
  },
  {
    method: "GET",
    path: "/artifact_versions/{artifact_version_id}/visualize",
    apart: true,
    permission: "artifact:read",
    audit: "none: a read",
    handle: visualize,
  },
  {
    method: "GET",
    path: "/artifact_versions/{artifact_version_id}/download-token",
    apart: true,
    permission: "artifact:download",
    audit: "entry",
    handle: downloadToken,
  },
  {
    method: "PUT",
    path: "/artifact_versions/{artifact_version_id}",
    permission: "artifact:update",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, z.object(changedTags));
      return (
        await read(call, [
          await execute(updateArtifactVersion, call.context, {
            id: call.path.artifact_version_id,
            addTags: body.add_tags ?? null,
            removeTags: body.remove_tags ?? null,
          }),
        ])
      )[0];
    },
  },
  {
    method: "DELETE",
    path: "/artifact_versions/{artifact_version_id}",
    permission: "artifact:delete",
    audit: "entry",
    handle: (call) => execute(deleteArtifactVersion, call.context, { id: call.path.artifact_version_id }),
  },
  {
    method: "GET",
    path: "/artifacts",
    permission: "artifact:read",
    audit: "none: a read",
    list: true,
    handle: (call) =>
      answerList(
        call,
        ARTIFACT_FIELDS,
        (input) => ask(listArtifacts, call.context, input),
        (rows) => artifacts(call, rows),
      ),
  },
  {
    method: "GET",
    path: "/artifacts/{artifact_id}",
    permission: "artifact:read",
    audit: "none: a read",
    handle: (call) => oneArtifact(call, call.path.artifact_id),
  },
  {
    method: "PUT",
    path: "/artifacts/{artifact_id}",
    permission: "artifact:update",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, z.object({ name: z.string().nullish(), has_custom_name: z.boolean().nullish(), ...changedTags }));
      const change = {
        id: call.path.artifact_id,
        name: body.name ?? null,
        hasCustomName: body.has_custom_name ?? null,
        addTags: body.add_tags ?? null,
        removeTags: body.remove_tags ?? null,
      };
      return oneArtifact(call, await execute(updateArtifact, call.context, change));
    },
  },
  {
    method: "DELETE",
    path: "/artifacts/{artifact_id}",
    permission: "artifact:delete",
    audit: "entry",
    handle: (call) => execute(deleteArtifact, call.context, { id: call.path.artifact_id }),
  },
];
