import "server-only";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { artifactVersionTarget } from "./queries";

// Where the pictures of artifact versions lie in the artifact store.

export type Visualization = { id: string; artifact_version_id: string; type: string; uri: string; created_at: string };

/** The visualizations of each version, oldest first; one query. */
export async function loadVisualizations(tx: Tx, versionIds: readonly string[]): Promise<Map<string, Visualization[]>> {
  const found = new Map<string, Visualization[]>();
  if (versionIds.length === 0) return found;
  const rows = await tx
    .selectFrom("artifact_visualization")
    .select(["id", "artifact_version_id", "type", "uri", "created_at"])
    .where("artifact_version_id", "in", [...versionIds])
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  for (const row of rows) found.set(row.artifact_version_id, [...(found.get(row.artifact_version_id) ?? []), row]);
  return found;
}

/** Whose a visualization is: its version's. Error: not_found. */
export async function visualizationTarget(tx: Tx, id: string) {
  const row = await tx.selectFrom("artifact_visualization").select("artifact_version_id").where("id", "=", id).executeTakeFirst();
  if (!row) throw new AppError("not_found", `There is no visualization ${id} here.`);
  return { ...(await artifactVersionTarget(tx, row.artifact_version_id)), versionId: row.artifact_version_id };
}
