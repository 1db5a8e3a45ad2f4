import "server-only";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { localStore } from "./local-store";
import type { ArtifactStore, OpenStore } from "./store-contract";

// Finds an artifact store and opens it. Each kind of store is one function that gives the contract of store-contract.ts; nothing else
// knows how a store is reached.

/** How each flavor's stores are reached. */
const KINDS: Record<string, (workspace: string, store: ArtifactStore) => OpenStore> = { local: localStore };

/** The artifact store component; undefined when it is gone. */
export async function findArtifactStore(tx: Tx, workspaceId: string, id: string | null): Promise<ArtifactStore | undefined> {
  if (!id) return undefined;
  const row = await tx
    .selectFrom("component as c")
    .innerJoin("flavor as f", "f.id", "c.flavor_id")
    .select(["c.id", "c.name", "c.configuration", "f.name as flavor"])
    .where("c.id", "=", id)
    .where("c.workspace_id", "=", workspaceId)
    .where("c.type", "=", "artifact_store")
    .executeTakeFirst();
  if (!row) return undefined;
  const configured = (row.configuration as { path?: unknown } | null)?.path;
  return { id: row.id, name: row.name, flavor: row.flavor, path: typeof configured === "string" && configured !== "" ? configured : null };
}

/** Opens a store of a workspace, named by its slug. Error: forbidden with the reason when the server can't reach stores of its kind. */
export function openStore(workspace: string, store: ArtifactStore | undefined): OpenStore {
  if (!store) throw unreachable("The artifact store of these files is not registered any more.");
  const open = Object.hasOwn(KINDS, store.flavor) ? KINDS[store.flavor] : undefined;
  if (!open) throw unreachable(`The artifact store ${store.name} (${store.flavor}) cannot be read by this server yet.`);
  return open(workspace, store);
}

/** The store of the files can't be reached: said in the place of what would be shown. */
const unreachable = (message: string, fix?: string) => new AppError("forbidden", message, { fix, reason: "store_unreachable" });
