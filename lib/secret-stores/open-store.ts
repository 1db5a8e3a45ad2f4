import "server-only";
import { AppError } from "@/lib/kernel/errors";
import { unseal } from "@/lib/kernel/seal";
import type { Tx } from "@/lib/kernel/transaction";
import { guardedCall } from "@/lib/outgoing/guarded-call";
import { type OpenStore, secretStoreOf } from "@/lib/providers/secret-stores/registry";
import { networksOf } from "@/lib/workspaces/networks-of";
import { inStoresWords } from "./store-error";

// A workspace's outside store with its credential, for the server's own calls. It is opened in a transaction and called after it has ended.

export const STORE_CREDENTIALS = "secret store credentials";

/** Stores that were opened, by what they were opened with: a login is not made for every value. Per copy of this module, as errors are. */
const open = new Map<string, OpenStore>();
const MOST_OPEN = 100;

/** The settings of a store with its credential. Errors: not_found; sealed. */
export async function settingsOf(tx: Tx, storeId: string) {
  const row = await tx
    .selectFrom("secret_store")
    .select(["id", "workspace_id", "type", "configuration", "credentials_sealed", "updated_at"])
    .where("id", "=", storeId)
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", "There is no such secret store here.");
  const secret = row.credentials_sealed ? (JSON.parse(unseal(STORE_CREDENTIALS, row.id, row.credentials_sealed)) as Record<string, string>) : {};
  return { row, settings: { ...(row.configuration as Record<string, unknown>), ...secret } };
}

/** Opens a store. What its calls throw says what happened and what to do (503 when it can't answer). Errors: as above. */
export async function openStore(tx: Tx, storeId: string): Promise<OpenStore> {
  const { row, settings } = await settingsOf(tx, storeId);
  const networks = await networksOf(tx, row.workspace_id);
  const key = JSON.stringify([row.id, row.updated_at, networks]);
  const known = open.get(key) ?? openWith(row.type, settings, networks);
  if (open.size >= MOST_OPEN) open.clear();
  open.set(key, known);
  return known;
}

/** The same with settings that are not kept yet. Error: invalid_input for a kind that is none. */
export function openWith(type: string, settings: Record<string, unknown>, networks: readonly string[]): OpenStore {
  const kind = secretStoreOf(type);
  if (!kind) throw new AppError("invalid_input", `There is no kind of secret store called ${type}.`, { fields: { type: "Choose a kind." } });
  const said = <A extends unknown[], R>(work: (...given: A) => Promise<R>) => {
    return (...given: A) =>
      work(...given).catch((error) => {
        throw inStoresWords(error, kind.title);
      });
  };
  let store: OpenStore;
  try {
    store = kind.open(settings, guardedCall(networks));
  } catch (error) {
    throw inStoresWords(error, kind.title);
  }
  return {
    check: said(store.check),
    write: said(store.write),
    read: said(store.read),
    remove: said(store.remove),
    restore: said(store.restore),
    destroy: said(store.destroy),
  };
}
