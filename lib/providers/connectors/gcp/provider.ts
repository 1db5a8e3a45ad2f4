import { type Call, type Connection, type ConnectorProvider, type Issue, type Issued, ProviderError } from "../contract";
import { keyFile, textOf } from "../reading";
import { bucketName, listBuckets, narrowed, reachBucket } from "./buckets";
import { clusterName, findCluster, listClusters } from "./clusters";
import { listRegistries, reachRegistry, registryName, USER } from "./registries";
import { gcsObjects } from "./objects";
import { accessToken, requireAccepted, type Token } from "./tokens";

// Google Cloud: what leaves are access tokens of an hour at most. For a bucket they are narrowed to it; clusters and registries take the token of the
// whole identity.

const KEY_FILES: Record<string, string> = {
  "user-account": "user_account_json",
  "service-account": "service_account_json",
  "external-account": "external_account_json",
};

function projectOf(connection: Connection): string {
  const named = textOf(connection.values.project_id);
  const own = named ?? ("service_account_json" in connection.values ? textOf(keyFile(connection, "service_account_json", "The key file").project_id) : null);
  if (!own) throw new ProviderError("misconfigured", "The project's id is missing.");
  return own;
}

/** Generic and bucket resources leave with the key file itself where short tokens are switched off; derived ones never do. */
const keepsKeyFile = ({ method, values }: Connection, resourceType: string): boolean =>
  method in KEY_FILES && values.generate_temporary_tokens === false && ["gcp-generic", "gcs-bucket"].includes(resourceType);

const isNarrowable = (connection: Connection, { resourceType, resourceId }: Pick<Issue, "resourceType" | "resourceId">): boolean =>
  resourceType === "gcs-bucket" && resourceId !== null && !keepsKeyFile(connection, resourceType);

async function issue(connection: Connection, wanted: Issue, call: Call): Promise<Issued> {
  const { resourceType, resourceId, lifetime } = wanted;
  if (keepsKeyFile(connection, resourceType)) {
    const { method, values } = connection;
    const secretFields = [KEY_FILES[method] as string];
    return { type: "gcp", method, values, secretFields, expiresAt: null, reach: "as-main-key", actsAs: null, peerRequestId: null };
  }
  const main = await accessToken(connection, lifetime, call);
  const isNarrow = isNarrowable(connection, wanted);
  const { token, expiresAt, actsAs } = isNarrow && resourceId ? await narrowed(main, resourceId, call) : main;
  const rest = { expiresAt, actsAs, reach: isNarrow ? ("resource" as const) : ("as-main-key" as const), peerRequestId: null };
  if (resourceType === "docker-registry") {
    const values = { username: USER, password: token, registry: resourceId };
    return { type: "docker", method: "password", values, secretFields: ["username", "password"], ...rest };
  }
  if (resourceType === "kubernetes-cluster") {
    if (!resourceId) throw new ProviderError("misconfigured", "The cluster is not named.");
    const cluster = await findCluster(main, projectOf(connection), resourceId, call);
    const values = { server: cluster.server, cluster_name: cluster.name, insecure: false, certificate_authority: cluster.certificateAuthority, token };
    return { type: "kubernetes", method: "token", values, secretFields: ["token", "certificate_authority"], ...rest };
  }
  return { type: "gcp", method: "oauth2-token", values: { token, project_id: projectOf(connection) }, secretFields: ["token"], ...rest };
}

async function reach(token: Token, connection: Connection, resourceType: string, id: string, call: Call): Promise<void> {
  if (resourceType === "gcs-bucket") await reachBucket(token, id, call);
  if (resourceType === "kubernetes-cluster") await findCluster(token, projectOf(connection), id, call);
  if (resourceType === "docker-registry") await reachRegistry(token, id, call);
}

export const GCP: ConnectorProvider = {
  type: "gcp",
  canonicalId: (connection, resourceType, id) => {
    if (resourceType === "gcp-generic") return id === textOf(connection.values.project_id) ? id : null;
    if (resourceType === "kubernetes-cluster") return clusterName(id);
    if (resourceType === "docker-registry") return registryName(id);
    const name = bucketName(id);
    return resourceType === "gcs-bucket" && name ? `gs://${name}` : null;
  },
  issuesShortLived: (connection, target) =>
    connection.method === "oauth2-token" ? isNarrowable(connection, target) : !keepsKeyFile(connection, target.resourceType),
  verify: async (connection, target, call) => {
    const token = await accessToken(connection, null, call);
    if (connection.method === "oauth2-token") await requireAccepted(token, call);
    if (target?.resourceId) await reach(token, connection, target.resourceType, target.resourceId, call);
  },
  list: async (connection, resourceType, call) => {
    const token = await accessToken(connection, null, call);
    const project = projectOf(connection);
    if (resourceType === "gcs-bucket") return listBuckets(token, project, call);
    if (resourceType === "kubernetes-cluster") return [...new Set((await listClusters(token, project, call)).map(({ name }) => name))];
    if (resourceType === "docker-registry") return listRegistries(token, project, call);
    if (connection.method === "oauth2-token") await requireAccepted(token, call);
    return [project];
  },
  issue,
  objects: gcsObjects,
};
