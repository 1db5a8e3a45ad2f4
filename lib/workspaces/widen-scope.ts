import "server-only";
import { sql } from "kysely";
import type { Tx } from "@/lib/kernel/transaction";

/** Lets the rest of the transaction see these workspaces too: for who has just made one, and for acts of the organization on things of several. */
export async function widenScope(tx: Tx, workspaceIds: readonly string[]): Promise<void> {
  if (workspaceIds.length === 0) return;
  await sql`select set_config('reeve.workspaces', concat_ws(',', nullif(current_setting('reeve.workspaces', true), ''), ${workspaceIds.join(",")}::text), true)`.execute(
    tx,
  );
}
