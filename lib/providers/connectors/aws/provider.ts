import { type Call, type Connection, type ConnectorProvider, type Issue, type Issued, ProviderError, type Target } from "../contract";
import { bucketName, listBuckets, reachBucket } from "./buckets";
import { clusterName, clusterToken, describeCluster, listClusters, TOKEN_MS } from "./clusters";
import { mainKeys } from "./keys";
import { s3Objects } from "./objects";
import { registryHost, registryOf, registryToken } from "./registry";
import { endSessions } from "./revoke";
import { type Keys, serviceOf, textOf } from "./sign";
import { callerIdentity, type Session, sessionOf } from "./sts";

// AWS, and what speaks like it (MinIO and others for buckets).

/** As which keys verify and list see things: those that would be issued, so that a role that can't be taken fails here. */
const asClient = (connection: Connection, target: Target, call: Call) => sessionOf(connection, { ...target, lifetime: 900, session: "reeve-verify" }, call);

/** S3-compatible stores know no GetCallerIdentity: who may list buckets is known too. */
async function accepts(keys: Keys, connection: Connection, call: Call): Promise<void> {
  try {
    await callerIdentity(keys, connection, call);
  } catch (error) {
    const isOtherStore =
      error instanceof ProviderError && connection.values.endpoint_url && ["refused", "not-found", "unreadable-answer"].includes(error.reason);
    if (!isOtherStore) throw error;
    await listBuckets(keys, connection, call);
  }
}

async function reach(keys: Keys, connection: Connection, { resourceType, resourceId }: Target, call: Call): Promise<void> {
  if (resourceType === "s3-bucket" && resourceId) return reachBucket(keys, connection, resourceId, call);
  if (resourceType === "kubernetes-cluster" && resourceId) return void (await describeCluster(keys, connection, resourceId, call));
  if (resourceType === "docker-registry") {
    const { account } = await callerIdentity(keys, connection, call);
    const own = registryOf(account, serviceOf(connection, "ecr").region);
    if (resourceId && resourceId !== own) throw new ProviderError("not-found", `These keys reach the registry ${own} and not ${resourceId}.`);
    return void (await registryToken(keys, connection, call));
  }
  return accepts(keys, connection, call);
}

const LISTS: Record<string, (keys: Keys, connection: Connection, call: Call) => Promise<string[]>> = {
  "aws-generic": async (_keys, connection) => [serviceOf(connection, "sts").region],
  "s3-bucket": listBuckets,
  "kubernetes-cluster": listClusters,
  "docker-registry": async (keys, connection, call) => [
    registryOf((await callerIdentity(keys, connection, call)).account, serviceOf(connection, "ecr").region),
  ],
};

/** What came of a session in all cases. */
const issuedBy = ({ actsAs, requestId, peerLimit }: Session): Pick<Issued, "actsAs" | "peerRequestId" | "peerLimit"> => ({
  actsAs,
  peerRequestId: requestId,
  ...(peerLimit ? { peerLimit } : {}),
});

function asKeys({ values }: Connection, session: Session): Issued {
  const { id, secret, session: token } = session.keys;
  return {
    type: "aws",
    method: token ? "sts-token" : "secret-key",
    values: {
      aws_access_key_id: id,
      aws_secret_access_key: secret,
      ...(token ? { aws_session_token: token } : {}),
      region: textOf(values.region),
      ...(textOf(values.endpoint_url) ? { endpoint_url: textOf(values.endpoint_url) } : {}),
    },
    secretFields: ["aws_access_key_id", "aws_secret_access_key", ...(token ? ["aws_session_token"] : [])],
    expiresAt: session.expiresAt,
    reach: session.isNarrowed ? "resource" : "as-main-key",
    ...issuedBy(session),
    // Not those of clusters and registries: nothing denies GetCallerIdentity, and a registry's token is its own.
    ...(session.ending ? { ending: session.ending } : {}),
  };
}

async function asCluster(connection: Connection, session: Session, name: string, call: Call): Promise<Issued> {
  const { server, certificateAuthority } = await describeCluster(session.keys, connection, name, call);
  const ends = new Date(call.now().getTime() + TOKEN_MS);
  return {
    type: "kubernetes",
    method: "token",
    values: {
      server,
      cluster_name: name,
      certificate_authority: certificateAuthority,
      insecure: false,
      token: await clusterToken(session.keys, connection, name, call),
    },
    secretFields: ["token", "certificate_authority"],
    expiresAt: session.expiresAt && session.expiresAt < ends ? session.expiresAt : ends,
    reach: "resource",
    ...issuedBy(session),
  };
}

async function asRegistry(connection: Connection, session: Session, id: string | null, call: Call): Promise<Issued> {
  const host = id ?? registryOf((await callerIdentity(session.keys, connection, call)).account, serviceOf(connection, "ecr").region);
  const { username, password, expiresAt, requestId } = await registryToken(session.keys, connection, call);
  return {
    type: "docker",
    method: "password",
    values: { username, password, registry: `https://${host}` },
    secretFields: ["username", "password"],
    expiresAt: session.expiresAt && session.expiresAt < expiresAt ? session.expiresAt : expiresAt,
    reach: "resource",
    actsAs: session.actsAs,
    peerRequestId: requestId ?? session.requestId,
  };
}

export const AWS: ConnectorProvider = {
  type: "aws",
  canonicalId: ({ values }, resourceType, id) => {
    if (resourceType === "s3-bucket") return prefixed("s3://", bucketName(id));
    if (resourceType === "kubernetes-cluster") return clusterName(id);
    if (resourceType === "docker-registry") return registryHost(id);
    return id.trim() === textOf(values.region) ? id.trim() : null;
  },
  issuesShortLived: ({ method, values }, { resourceType }) =>
    resourceType === "kubernetes-cluster" ||
    resourceType === "docker-registry" ||
    (method === "implicit" ? textOf(values.role_arn) !== null : method !== "secret-key"),
  verify: async (connection, target, call) => {
    if (!target) return accepts((await asClient(connection, { resourceType: "aws-generic", resourceId: null }, call)).keys, connection, call);
    return reach((await asClient(connection, target, call)).keys, connection, target, call);
  },
  // By the main keys where a session could not list: one that is kept to a bucket sees no list of buckets.
  list: async (connection, resourceType, call) => {
    const list = LISTS[resourceType];
    if (!list) throw new ProviderError("unsupported", `AWS has no resources of the type ${resourceType}.`);
    const isRole = ["iam-role", "implicit"].includes(connection.method);
    const keys = isRole ? (await asClient(connection, { resourceType, resourceId: null }, call)).keys : await mainKeys(connection, call);
    return (await list(keys, connection, call)).slice(0, 1_000);
  },
  issue: async (connection: Connection, wanted: Issue, call: Call): Promise<Issued> => {
    const session = await sessionOf(connection, wanted, call);
    if (wanted.resourceType === "kubernetes-cluster") {
      if (!wanted.resourceId) throw new ProviderError("misconfigured", "Name the cluster that is wanted.");
      return asCluster(connection, session, wanted.resourceId, call);
    }
    if (wanted.resourceType === "docker-registry") return asRegistry(connection, session, wanted.resourceId, call);
    return asKeys(connection, session);
  },
  objects: s3Objects,
  revoke: endSessions,
};

const prefixed = (prefix: string, name: string | null): string | null => (name === null ? null : prefix + name);
