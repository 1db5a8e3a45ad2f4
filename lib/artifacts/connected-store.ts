import "server-only";
import { canonicalOf, connectionOf, typeNamed } from "@/lib/connectors/configuration";
import { findConnector } from "@/lib/connectors/find-connector";
import { issueToServer } from "@/lib/connectors/issue-to-server";
import { callOf } from "@/lib/connectors/outgoing-call";
import type { CallContext, Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { inScope } from "@/lib/kernel/transaction";
import { CHANGED, type Issued, type ObjectReader, ProviderError } from "@/lib/providers/connectors/contract";
import { providerOf } from "@/lib/providers/connectors/registry";
import { networksOf } from "@/lib/workspaces/networks-of";
import { objectStore } from "./object-store";
import type { ArtifactStore, OpenStore } from "./store-contract";

// A store that is reached through its connector, with a credential that is issued for its bucket alone where the method can narrow. Its address is
// the connector's: what a component says of another one would send the credential there.

type Here = CallContext & { workspace: Workspace };

/** Opens a connected store in the reader's name. Error: forbidden with the reason when stores of its kind can't be read. */
export function connectedStore(context: Here, store: ArtifactStore, connectorId: string): OpenStore {
  const { path, resourceType } = store;
  if (!path || !resourceType) throw unreachable(`The artifact store ${store.name} has no path to read from.`);
  let opening: Promise<ObjectReader> | undefined;
  const reader = () => {
    opening ??= openReader(context, store, { connectorId, resourceType, path });
    return opening;
  };
  return objectStore({ id: store.id, path }, reader);
}

async function openReader(
  context: Here,
  store: ArtifactStore,
  { connectorId, resourceType, path }: { connectorId: string; resourceType: string; path: string },
): Promise<ObjectReader> {
  const { connector, networks } = await inScope([context.workspace.id], async (tx) => ({
    connector: (await findConnector(tx, connectorId)).connector,
    networks: await networksOf(tx, context.workspace.id),
  }));
  const provider = providerOf(connector.type);
  if (!provider?.objects) throw unreachable(`Files behind a connector of the type ${connector.type} can't be read by this server: it has no reader for them.`);
  const type = typeNamed(connector.type);
  const resourceId = canonicalOf({ type, connection: connectionOf(connector.method, connector.configuration, {}) }, resourceType, path);
  // Who changes a component's path needs no right to its connector: the path alone never says what is read.
  if (store.resourceId !== resourceId)
    throw refused(
      store.resourceId
        ? `The artifact store ${store.name} is connected to ${store.resourceId}, and its path lies in ${resourceId}.`
        : `The artifact store ${store.name} is connected to no resource by name. Connect it to ${resourceId} on its component’s page.`,
      "another_resource",
    );
  let isKept = false;
  const issued = async (isFresh = false): Promise<Issued> => {
    const found = await issueToServer(context, { connectorId, resourceType, resourceId }, { isFresh }).catch((error) => {
      if (error instanceof AppError && error.code === "bad_request")
        throw unreachable(`The connector ${connector.name} gave no credential: ${error.message}`, error);
      throw error;
    });
    requireSameAddress(store, connector.name, found.issued);
    isKept = found.isKept;
    return found.issued;
  };
  /** A kept credential may have been taken back outside: then another one is asked for, once. */
  const twice =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      call(...args).catch(async (error) => {
        if (!isKept || !(error instanceof ProviderError && error.reason === "refused" && error.code !== CHANGED)) throw error;
        await issued(true);
        return call(...args);
      });
  const { facts, read, list } = provider.objects(() => issued(), resourceId, callOf(networks));
  return { facts: twice(facts), read: twice(read), list: twice(list) };
}

/** Error: forbidden where the component says another address than the connector. */
function requireSameAddress({ name, configuration }: ArtifactStore, connector: string, { values }: Issued): void {
  const own = (configuration.client_kwargs as { endpoint_url?: unknown } | null | undefined)?.endpoint_url;
  const normal = (url: unknown) => (typeof url === "string" ? url.replace(/\/+$/, "") : null);
  if (!own || normal(own) === normal(values.endpoint_url)) return;
  throw refused(
    `The artifact store ${name} says that it is at another address than its connector ${connector}. What the connector issues is sent only where the connector says.`,
    "another_address",
  );
}

/** By a rule, whatever the other side says: these are denials in the trail (store.ts). */
const refused = (message: string, reason: string) => new AppError("forbidden", message, { reason });
const unreachable = (message: string, cause?: unknown) => new AppError("forbidden", message, { cause, reason: "store_unreachable" });
