import { type Call, ProviderError } from "../contract";
import { accepted, jsonOf, listAt, objectAt, textOf } from "../reading";
import { GOOGLE, type Token } from "./tokens";

// GKE: a cluster's address and authority; the access token itself is the bearer there.

export interface Cluster {
  name: string;
  server: string;
  /** Base64 of PEM, as kubeconfigs have it. */
  certificateAuthority: string;
}

/** Of a name, of kubectl's context (`gke_project_location_name`) or of a resource's name. */
export function clusterName(id: string): string | null {
  const name = id
    .trim()
    .replace(/^gke_[^_]+_[^_]+_/, "")
    .replace(/^projects\/[^/]+\/locations\/[^/]+\/clusters\//, "");
  return /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(name) ? name : null;
}

export async function listClusters({ token }: Token, project: string, call: Call): Promise<Cluster[]> {
  const url = `https://container.googleapis.com/v1/projects/${encodeURIComponent(project)}/locations/-/clusters`;
  const answer = jsonOf(accepted(await call.send(url, { headers: { authorization: `Bearer ${token}` } }), GOOGLE), GOOGLE);
  return listAt(answer, "clusters").flatMap((cluster) => {
    const [name, endpoint, authority] = [textOf(cluster.name), textOf(cluster.endpoint), textOf(objectAt(cluster, "masterAuth").clusterCaCertificate)];
    return name && endpoint && authority ? [{ name, server: `https://${endpoint}`, certificateAuthority: authority }] : [];
  });
}

/** Error: ProviderError when there is none of this name, or more than one: names are taken once per location. */
export async function findCluster(token: Token, project: string, name: string, call: Call): Promise<Cluster> {
  const [found, another] = (await listClusters(token, project, call)).filter((cluster) => cluster.name === name);
  if (!found) throw new ProviderError("not-found", `The cluster ${name} was not found.`);
  if (another) throw new ProviderError("misconfigured", `There is more than one cluster ${name}, in different locations: they can't be told apart by name.`);
  return found;
}
