import "server-only";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import type { CallContext, Workspace } from "@/lib/kernel/command";
import { noteRefusedRead } from "@/lib/kernel/refused-reads";
import { connectedStore } from "./connected-store";
import { localStore } from "./local-store";
import type { ArtifactStore, OpenStore } from "./store-contract";

// Finds an artifact store and opens it. Each kind of store is one function that gives the contract of store-contract.ts; nothing else
// knows how a store is reached.

type Here = CallContext & { workspace: Workspace | null };

/** The artifact store component; undefined when it is gone. */
export async function findArtifactStore(tx: Tx, workspaceId: string, id: string | null): Promise<ArtifactStore | undefined> {
  if (!id) return undefined;
  const row = await tx
    .selectFrom("component as c")
    .innerJoin("flavor as f", "f.id", "c.flavor_id")
    .select(["c.id", "c.name", "c.configuration", "c.connector_id", "c.connector_resource_id", "f.name as flavor", "f.connector_resource_type"])
    .where("c.id", "=", id)
    .where("c.workspace_id", "=", workspaceId)
    .where("c.type", "=", "artifact_store")
    .executeTakeFirst();
  if (!row) return undefined;
  const configuration = (row.configuration ?? {}) as Record<string, unknown>;
  const { path } = configuration;
  return {
    id: row.id,
    name: row.name,
    flavor: row.flavor,
    path: typeof path === "string" && path !== "" ? path : null,
    configuration,
    connectorId: row.connector_id,
    resourceType: row.connector_resource_type,
    resourceId: row.connector_resource_id,
  };
}

/** Opens a store of the context's workspace, in the reader's name. Error: forbidden with the reason when the server can't reach stores of its kind. */
export function openStore({ workspace, ...context }: Here, store: ArtifactStore | undefined): OpenStore {
  if (!store || !workspace) throw unreachable("The artifact store of these files is not registered any more.");
  const here = { ...context, workspace };
  const { openFile, look, openMember } = opened(here, store);
  const noted =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      call(...args).catch(async (error: unknown) => {
        await noteRefused(here, store, error);
        throw error;
      });
  return { openFile: noted(openFile), look: noted(look), openMember: noted(openMember) };
}

/** What a rule refuses is a denial in the trail; that a store can't be reached is none. */
async function noteRefused(here: CallContext & { workspace: Workspace }, { id, name }: ArtifactStore, error: unknown): Promise<void> {
  if (!(error instanceof AppError && error.reason && RULES.has(error.reason))) return;
  await noteRefusedRead(here, "artifact-store.read", error, { workspaceId: here.workspace.id, thing: { type: "component", id, name } });
}
/** The reasons of refusals that are rules of reading; what a connector refuses itself is noted where it is asked (issue-to-server.ts). */
const RULES: ReadonlySet<string> = new Set(["outside_store", "another_resource", "another_address"]);

function opened({ workspace, ...context }: CallContext & { workspace: Workspace }, store: ArtifactStore): OpenStore {
  if (store.connectorId) return connectedStore({ ...context, workspace }, store, store.connectorId);
  if (store.flavor === "local") return localStore(workspace.slug, store);
  if (store.resourceType)
    throw unreachable(
      `The artifact store ${store.name} (${store.flavor}) has no connector, so this server has no credentials for it.`,
      "Connect it: its component’s page offers the connectors that fit.",
    );
  throw unreachable(`The artifact store ${store.name} (${store.flavor}) cannot be read by this server.`, "Load its files with the client.");
}

/** The store of the files can't be reached: said in the place of what would be shown. */
const unreachable = (message: string, fix?: string) => new AppError("forbidden", message, { fix, reason: "store_unreachable" });
