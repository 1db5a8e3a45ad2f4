import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import type { Handler } from "@/lib/jobs/handler";
import { inScope } from "@/lib/kernel/transaction";

// Removes the rows of a deleted workspace in small transactions, the big tables first, so that no lock is held for long. What is cut short is
// gone on with: each batch takes what is left. The workspace and its projects keep their rows, for the names in the audit trail.

export const WORKSPACE_REMOVAL_TOPIC = "workspace.rows";
const BATCH = 500;

/** In an order in which nothing that refers to a row outlives it; what hangs on one of these goes with it. */
const TABLES = [
  "bulk_item",
  "bulk_job",
  "log_record",
  "metadata_entry",
  "tag_resource",
  "run",
  "artifact_version",
  "artifact",
  "model_version",
  "model",
  "snapshot",
  "schedule",
  "pipeline",
  "stack",
  "component",
  "flavor",
  "tag",
  "document",
  // The values of secrets, main keys and credentials of stores: nobody could destroy them later. What lies in an outside store stays its owner's (decision 39).
  "connector_issue",
  "connector",
  "secret_store_check",
  "secret_copy",
  "secret_move",
  "secret_use",
  "secret",
  "secret_store",
  "component_connection",
  "stack_part",
] as const;

/** Handles the outbox's item; may run twice. It touches nothing of a workspace that is not deleted. */
export const removeWorkspaceRows: Handler = async (payload, { signal }) => {
  const { workspaceId } = z.object({ workspaceId: z.uuid() }).parse(payload);
  const isDeleted = await inScope([], (tx) =>
    tx.selectFrom("workspace").select("id").where("id", "=", workspaceId).where("state", "=", "deleted").executeTakeFirst(),
  );
  if (!isDeleted) return;
  await inScope([workspaceId], (tx) => tx.updateTable("workspace").set({ secret_store_id: null }).where("id", "=", workspaceId).execute());
  for (const table of TABLES)
    for (;;) {
      signal.throwIfAborted();
      const removed = await inScope([workspaceId], async (tx) => {
        const ref = sql.table(table);
        const result = await sql`delete from ${ref} where ctid in (select ctid from ${ref} where workspace_id = ${workspaceId} limit ${BATCH})`.execute(tx);
        return Number(result.numAffectedRows ?? 0);
      });
      if (removed < BATCH) break;
    }
};
