import { type Call, type Connection, type ConnectorProvider, type Issue, type Issued, ProviderError } from "../contract";
import { textOf } from "../reading";
import { clusterId, listClusters, openCluster } from "./clusters";
import { accountUrl, containerName, listContainers, reachContainer, signContainer } from "./containers";
import { managed, subscriptionOf } from "./manager";
import { blobObjects } from "./objects";
import { listRegistries, login, nameOf, registryOf, repositoryToken, USER } from "./registries";
import { AKS, RESOURCE_MANAGER, tokenFor } from "./tokens";

// Azure: the application's secret never leaves; what does are tokens of Entra ID for one service, signatures for one container, a registry's own tokens.

const PLACES = ["subscription_id", "tenant_id", "resource_group", "storage_account"];

async function generic(connection: Connection, call: Call): Promise<Issued> {
  const { token, expiresAt, actsAs } = await tokenFor(RESOURCE_MANAGER, connection, call);
  const places = Object.fromEntries(PLACES.flatMap((name) => (connection.values[name] == null ? [] : [[name, connection.values[name]]])));
  const values = { token, ...places };
  return { type: "azure", method: "access-token", values, secretFields: ["token"], expiresAt, reach: "as-main-key", actsAs, peerRequestId: null };
}

async function container(connection: Connection, id: string, lifetime: number | null, call: Call): Promise<Issued> {
  const { sas, expiresAt, actsAs, requestId } = await signContainer(connection, id, lifetime, call);
  const values = { account_url: accountUrl(connection), container: containerName(connection, id), sas_token: sas };
  return { type: "azure", method: "sas-token", values, secretFields: ["sas_token"], expiresAt, reach: "resource", actsAs, peerRequestId: requestId };
}

async function cluster(connection: Connection, id: string, call: Call): Promise<Issued> {
  const { server, certificateAuthority } = await openCluster(connection, id, call);
  const { token, expiresAt, actsAs } = await tokenFor(AKS, connection, call);
  const values = { server, cluster_name: id.split("/").at(-1) as string, insecure: false, certificate_authority: certificateAuthority, token };
  const secretFields = ["token", "certificate_authority"];
  return { type: "kubernetes", method: "token", values, secretFields, expiresAt, reach: "as-main-key", actsAs, peerRequestId: null };
}

async function registry(connection: Connection, id: string, call: Call): Promise<Issued> {
  const named = registryOf(id);
  if (!named) throw new ProviderError("misconfigured", "This is no name of a registry.");
  if (named.repository) {
    const { token, expiresAt, actsAs } = await repositoryToken(connection, named, call);
    const values = { token, registry: named.registry, repository: named.repository };
    return { type: "docker", method: "bearer", values, secretFields: ["token"], expiresAt, reach: "resource", actsAs, peerRequestId: null };
  }
  const { token, expiresAt, actsAs } = await login(connection, named, call);
  const values = { username: USER, password: token, registry: named.registry };
  return { type: "docker", method: "password", values, secretFields: ["username", "password"], expiresAt, reach: "as-main-key", actsAs, peerRequestId: null };
}

function required(id: string | null): string {
  if (!id) throw new ProviderError("misconfigured", "The resource is not named.");
  return id;
}

async function issue(connection: Connection, { resourceType, resourceId, lifetime }: Issue, call: Call): Promise<Issued> {
  if (resourceType === "blob-container") return container(connection, required(resourceId), lifetime, call);
  if (resourceType === "kubernetes-cluster") return cluster(connection, required(resourceId), call);
  if (resourceType === "docker-registry") return registry(connection, required(resourceId), call);
  return generic(connection, call);
}

async function reach(connection: Connection, resourceType: string, id: string, call: Call): Promise<void> {
  if (resourceType === "blob-container") return reachContainer(connection, id, call);
  if (resourceType === "kubernetes-cluster") return void (await openCluster(connection, id, call));
  if (resourceType === "docker-registry") return void (await registry(connection, id, call));
  await managed(await tokenFor(RESOURCE_MANAGER, connection, call), `/subscriptions/${subscriptionOf(connection)}`, "2022-12-01", call);
}

/** Says that the main key is accepted: by a token that is made, and for one that was given by what the resource manager says to it. */
async function requireAccepted(connection: Connection, call: Call): Promise<void> {
  const token = await tokenFor(RESOURCE_MANAGER, connection, call);
  if (connection.method === "access-token") await managed(token, "/subscriptions", "2022-12-01", call);
}

export const AZURE: ConnectorProvider = {
  type: "azure",
  canonicalId: (connection, resourceType, id) => {
    if (resourceType === "azure-generic") return id === textOf(connection.values.subscription_id) ? id : null;
    if (resourceType === "kubernetes-cluster") return clusterId(connection, id);
    const [named, name] = [registryOf(id), containerName(connection, id)];
    if (resourceType === "docker-registry") return named && nameOf(named);
    return resourceType === "blob-container" && name ? `az://${name}` : null;
  },
  issuesShortLived: ({ method }, { resourceType }) => method !== "access-token" || resourceType === "docker-registry",
  verify: async (connection, target, call) => {
    if (target?.resourceId) return reach(connection, target.resourceType, target.resourceId, call);
    await requireAccepted(connection, call);
  },
  list: async (connection, resourceType, call) => {
    if (resourceType === "blob-container") return listContainers(connection, call);
    if (resourceType === "kubernetes-cluster") return listClusters(connection, call);
    if (resourceType === "docker-registry") return listRegistries(connection, call);
    await requireAccepted(connection, call);
    const own = textOf(connection.values.subscription_id);
    return own ? [own] : [];
  },
  issue,
  objects: blobObjects,
};
