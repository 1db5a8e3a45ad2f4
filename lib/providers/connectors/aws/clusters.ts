import { AwsV4Signer } from "aws4fetch";
import { type Call, type Connection, ProviderError } from "../contract";
import { json, unreadable } from "./answer";
import { amzTime, type Keys, originOf, serviceOf, signedCall } from "./sign";

// EKS: a cluster's address and certificate, and a token for its API server, which is a signed STS call that the cluster makes itself.

const MOST_CLUSTERS = 1_000;
/** A token's life as the clusters count it; what it is signed for is the minute in which it may first be shown. */
export const TOKEN_MS = 15 * 60_000;

/** Of a name, or of an ARN: `arn:aws:eks:region:account:cluster/name`. */
export function clusterName(id: string): string | null {
  const name = id.trim().replace(/^arn:aws[\w-]*:eks:[\w-]+:\d*:cluster\//, "");
  return /^[A-Za-z0-9][\w-]{0,99}$/.test(name) ? name : null;
}

export async function listClusters(keys: Keys, connection: Connection, call: Call): Promise<string[]> {
  const service = serviceOf(connection, "eks");
  const names: string[] = [];
  let next: string | null = null;
  do {
    const query: string = next ? `?nextToken=${encodeURIComponent(next)}` : "";
    const page = json(await signedCall(keys, service, call, `${originOf(service)}/clusters${query}`));
    if (!Array.isArray(page.clusters)) throw unreadable("clusters");
    names.push(...page.clusters.filter((name): name is string => typeof name === "string"));
    next = typeof page.nextToken === "string" ? page.nextToken : null;
  } while (next && names.length < MOST_CLUSTERS);
  return names.slice(0, MOST_CLUSTERS);
}

export interface Cluster {
  server: string;
  /** Base64 of PEM, as kubeconfigs have it. */
  certificateAuthority: string;
}

export async function describeCluster(keys: Keys, connection: Connection, name: string, call: Call): Promise<Cluster> {
  const service = serviceOf(connection, "eks");
  const found = json(await signedCall(keys, service, call, `${originOf(service)}/clusters/${encodeURIComponent(name)}`).catch(named(name)));
  const cluster = found.cluster as { endpoint?: unknown; certificateAuthority?: { data?: unknown } } | undefined;
  if (typeof cluster?.endpoint !== "string" || typeof cluster.certificateAuthority?.data !== "string") throw unreadable("cluster");
  return { server: cluster.endpoint, certificateAuthority: cluster.certificateAuthority.data };
}

const named = (name: string) => (error: unknown) => {
  if (error instanceof ProviderError && error.reason === "not-found") throw new ProviderError("not-found", `The cluster ${name} was not found.`, error.code);
  throw error;
};

/** `k8s-aws-v1.` and the address of a signed GetCallerIdentity that names the cluster: nothing is called here. */
export async function clusterToken(keys: Keys, connection: Connection, name: string, call: Call): Promise<string> {
  const service = serviceOf(connection, "sts");
  const url = new URL(`${originOf({ ...service, endpoint: null })}/`);
  for (const [key, value] of Object.entries({ Action: "GetCallerIdentity", Version: "2011-06-15", "X-Amz-Expires": "60" })) url.searchParams.set(key, value);
  const signer = new AwsV4Signer({
    method: "GET",
    url: url.href,
    headers: { "x-k8s-aws-id": name },
    accessKeyId: keys.id,
    secretAccessKey: keys.secret,
    sessionToken: keys.session ?? undefined,
    service: "sts",
    region: service.region,
    datetime: amzTime(call.now()),
    signQuery: true,
    allHeaders: true,
  });
  const signed = await signer.sign();
  return `k8s-aws-v1.${Buffer.from(signed.url.href).toString("base64url")}`;
}
