import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import type { Handler } from "@/lib/jobs/handler";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { inScope } from "@/lib/kernel/transaction";
import type { OpenStore } from "@/lib/providers/secret-stores/registry";
import { makeLive, takeInHand } from "./copies";
import { openStore } from "./open-store";
import { storeText } from "./store-error";

// Makes the objects of a secret in outside stores what the database says: there, hidden or gone. It may run twice, and after anything.

const payloadSchema = z.object({ workspaceId: z.uuid(), secretId: z.uuid() });
type Wanted = "live" | "hidden" | "gone";
type Check = { id: string; workspaceId: string; storeId: string; secretId: string; version: number; copy: string; wanted: Wanted };

/** Handles the outbox's item. It throws while a store can't be used, to be tried again. */
export const settleCopies: Handler = async (payload, { signal }) => {
  const { workspaceId, secretId } = payloadSchema.parse(payload);
  const { checks, stores } = await inScope([workspaceId], async (tx) => {
    const { rows } = await sql<Check>`
      update secret_store_check c set claimed_at = clock_timestamp()
      where c.id in (select id from secret_store_check where secret_id = ${secretId} and due_at <= clock_timestamp() for update skip locked)
      returning c.id, c.workspace_id as "workspaceId", c.store_id as "storeId", c.secret_id as "secretId", c.version, c.copy,
        coalesce((select case when v.destroyed_at is not null then 'gone' when s.deleted_at is not null then 'hidden' else 'live' end
          from secret_version v join secret s on s.id = v.secret_id
          where v.secret_id = c.secret_id and v.version = c.version and ((v.store_id = c.store_id and v.store_copy = c.copy)
            or exists (select 1 from secret_copy o where o.secret_id = v.secret_id and o.version = v.version and o.store_id = c.store_id and o.store_copy = c.copy))), 'gone') as wanted`.execute(
      tx,
    );
    const open = new Map<string, OpenStore>();
    for (const { storeId } of rows) if (!open.has(storeId)) open.set(storeId, await openStore(tx, storeId));
    return { checks: rows, stores: open };
  });
  let failure: unknown;
  for (const check of checks) {
    signal.throwIfAborted();
    try {
      if (!(await inScope([workspaceId], (tx) => takeInHand(tx, check.id)))) continue;
      await settle(stores.get(check.storeId) as OpenStore, check);
      await inScope([workspaceId], (tx) => tx.deleteFrom("secret_store_check").where("id", "=", check.id).execute());
    } catch (error) {
      failure = error;
      const last_error = storeText(error).slice(0, 500);
      await inScope([workspaceId], (tx) => tx.updateTable("secret_store_check").set({ last_error }).where("id", "=", check.id).execute());
    }
  }
  if (failure) throw failure;
};

async function settle(store: OpenStore, check: Check): Promise<void> {
  if (check.wanted === "live") return makeLive(store, check);
  if (check.wanted === "hidden") return store.remove(check).catch(unlessGone);
  await store.destroy(check);
  log.info("an object of a secret store that nothing refers to was destroyed", { store: check.storeId, secret: check.secretId, version: check.version });
}

/** Hidden already, or gone. */
function unlessGone(error: unknown): void {
  if (!(error instanceof AppError && (error.reason === "store_deleted" || error.reason === "store_not_found"))) throw error;
}
