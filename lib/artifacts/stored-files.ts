import "server-only";
import { z } from "zod";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { artifactVersionTarget } from "./queries";
import { findArtifactStore } from "./store";
import type { ArtifactStore } from "./store-contract";
import { loadVisualizations, visualizationTarget } from "./visualizations";

// Where the files of a version and of a visualization lie, for those who may have them. Opening them is the caller's, after the
// transaction.

export type StoredThing = { uri: string; store: ArtifactStore | undefined };
/** `drawn`: the URIs of its visualizations, which may lie among its files. */
export type StoredVersion = StoredThing & { id: string; projectId: string; name: string; version: string; drawn: string[] };
export type StoredVisualization = StoredThing & { id: string; type: string; versionId: string };

/** The files of a version, for a download. Error: not_found. */
export const getDownload = defineQuery({
  name: "artifact-version.download-prepared",
  permission: "artifact:download",
  input: z.strictObject({ versionId: z.uuid() }),
  scope: ({ tx, input }) => artifactVersionTarget(tx, input.versionId),
  run: ({ tx, input }) => storedVersion(tx, input.versionId),
});

/** One visualization's file. Error: not_found. */
export const getVisualization = defineQuery({
  name: "artifact-version.visualization-read",
  permission: "artifact:read",
  input: z.strictObject({ id: z.uuid() }),
  scope: ({ tx, input }) => visualizationTarget(tx, input.id),
  run: ({ tx, input }) => storedVisualization(tx, input.id),
});

export async function storedVersion(tx: Tx, id: string): Promise<StoredVersion> {
  const row = await tx
    .selectFrom("artifact_version as v")
    .innerJoin("artifact as a", "a.id", "v.artifact_id")
    .select(["v.id", "v.project_id as projectId", "v.workspace_id", "v.uri", "v.artifact_store_id", "a.name", "v.version"])
    .where("v.id", "=", id)
    .executeTakeFirstOrThrow();
  const { workspace_id, artifact_store_id, ...version } = row;
  const drawn = (await loadVisualizations(tx, [id])).get(row.id)?.map(({ uri }) => uri) ?? [];
  return { ...version, drawn, store: await findArtifactStore(tx, workspace_id, artifact_store_id) };
}

export async function storedVisualization(tx: Tx, id: string): Promise<StoredVisualization> {
  const row = await tx
    .selectFrom("artifact_visualization as z")
    .innerJoin("artifact_version as v", "v.id", "z.artifact_version_id")
    .select(["z.id", "z.type", "z.uri", "v.id as versionId", "v.workspace_id", "v.artifact_store_id"])
    .where("z.id", "=", id)
    .executeTakeFirstOrThrow();
  const { workspace_id, artifact_store_id, ...visualization } = row;
  return { ...visualization, store: await findArtifactStore(tx, workspace_id, artifact_store_id) };
}
