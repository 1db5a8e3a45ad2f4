import { parse } from "yaml";
import { type Call, type Connection, ProviderError } from "../contract";
import { listAt, objectAt, textOf } from "../reading";
import { allManaged, managed, subscriptionOf } from "./manager";
import { RESOURCE_MANAGER, tokenFor } from "./tokens";

// AKS: `group/cluster` is the one spelling, in small letters as Azure compares them.

const TYPE = "Microsoft.ContainerService/managedClusters";
const VERSION = "2024-09-01";

/** Of a name within the connection's group, of `group/name`, or of a resource's id. */
export function clusterId(connection: Connection, id: string): string | null {
  const own = textOf(connection.values.resource_group);
  const text = id
    .trim()
    .replace(/^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)\/providers\/Microsoft\.ContainerService\/managedClusters\//i, "$1/")
    .toLowerCase();
  const full = text.includes("/") || !own ? text : `${own.toLowerCase()}/${text}`;
  return /^[\w().-]{0,89}[\w()-]\/[a-z0-9](?:[\w-]{0,61}[a-z0-9])?$/.test(full) && (!own || full.startsWith(`${own.toLowerCase()}/`)) ? full : null;
}

export async function listClusters(connection: Connection, call: Call): Promise<string[]> {
  const token = await tokenFor(RESOURCE_MANAGER, connection, call);
  const found = await allManaged(token, connection, TYPE, VERSION, call);
  return found.flatMap(({ id }) => clusterId(connection, textOf(id) ?? "") ?? []);
}

/** A cluster's address and authority. Error: ProviderError "unsupported" for one that does not know Entra ID. */
export async function openCluster(connection: Connection, id: string, call: Call): Promise<{ server: string; certificateAuthority: string | null }> {
  const token = await tokenFor(RESOURCE_MANAGER, connection, call);
  const [group = "", name = ""] = id.split("/");
  const path = `/subscriptions/${subscriptionOf(connection)}/resourceGroups/${encodeURIComponent(group)}/providers/${TYPE}/${encodeURIComponent(name)}`;
  const refused = `The cluster ${id} can't be opened: the identity needs the role Azure Kubernetes Service Cluster User on it.`;
  const said = await managed(token, `${path}/listClusterUserCredential?format=exec`, VERSION, call, "POST", refused);
  const [file] = listAt(said, "kubeconfigs");
  const config = parsed(Buffer.from(textOf(file?.value) ?? "", "base64").toString("utf8"));
  const [cluster, user] = [objectAt(listAt(config, "clusters")[0], "cluster"), objectAt(listAt(config, "users")[0], "user")];
  const server = textOf(cluster.server);
  if (!server) throw new ProviderError("unreadable-answer", "Azure's answer has no cluster's address.");
  if (!("exec" in user) && !("auth-provider" in user))
    throw new ProviderError("unsupported", `The cluster ${id} has local accounts only: their certificates live for years. Switch Entra ID on for it.`);
  return { server, certificateAuthority: textOf(cluster["certificate-authority-data"]) };
}

function parsed(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch {
    throw new ProviderError("unreadable-answer", "Azure's answer has no kubeconfig that can be read.");
  }
}
