import "server-only";
import { type Kysely, sql, type Transaction } from "kysely";
import { database } from "@/db/client";
import type { DB } from "@/db/types";
import { sqlState } from "./errors";

// Every statement of the product runs in a transaction that names the workspaces it serves; row-level security hides the rest.

export type Tx = Transaction<DB>;

const RETRIED = new Set(["40001", "40P01"]);
const ATTEMPTS = 4;

/**
 * Runs `work` in a transaction that sees only the named workspaces (none: an empty list). Serialization failures and deadlocks
 * are tried again, four times in all, so `work` must have no effect outside the database.
 */
export async function inScope<T>(workspaceIds: readonly string[], work: (tx: Tx) => Promise<T>, db: Kysely<DB> = database()): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(async (tx) => {
        await sql`select set_config('reeve.workspaces', ${workspaceIds.join(",")}, true)`.execute(tx);
        return work(tx);
      });
    } catch (error) {
      if (attempt >= ATTEMPTS || !RETRIED.has(sqlState(error) ?? "")) throw error;
    }
  }
}
