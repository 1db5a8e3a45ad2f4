import "server-only";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import type { BulkAct, BulkList, JobSettings, JobState } from "./schema";

/** A job's row, with `lock` held to the end of the transaction. Error: not_found. */
export async function findJob(tx: Tx, workspaceId: string | undefined, id: string, { lock = false } = {}) {
  let query = tx
    .selectFrom("bulk_job")
    .select(["id", "workspace_id", "project_id", "list", "act", "settings", "state", "total", "created_by"])
    .where("id", "=", id)
    .where("workspace_id", "=", workspaceId ?? null);
  if (lock) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  if (!row) throw new AppError("not_found", "There is no such job here.", { reason: "not_readable" });
  const job = { ...row, list: row.list as BulkList, act: row.act as BulkAct, settings: row.settings as JobSettings, state: row.state as JobState };
  return { workspaceId: row.workspace_id, projectId: row.project_id, ownerId: row.created_by, thing: { type: "job", id: row.id, name: null }, job };
}
