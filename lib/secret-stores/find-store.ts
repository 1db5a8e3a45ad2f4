import "server-only";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { storeTitle } from "./schema";

/** A store of the workspace as the target of a command. Error: not_found, also for one that was removed. */
export async function findStore(tx: Tx, workspaceId: string | undefined, id: string, { lock = false } = {}) {
  const found = tx
    .selectFrom("secret_store")
    .select(["id", "workspace_id", "type", "configuration", "credential_names", "updated_at"])
    .where("id", "=", id)
    .where("workspace_id", "=", workspaceId ?? null)
    .where("removed_at", "is", null);
  const store = await (lock ? found.forUpdate() : found).executeTakeFirst();
  if (!store) throw new AppError("not_found", "There is no such secret store here.");
  const thing = { type: "secret-store", id: store.id, name: storeTitle(store.type) };
  return { workspaceId: store.workspace_id, thing, store: { ...store, configuration: store.configuration as Record<string, unknown> } };
}
