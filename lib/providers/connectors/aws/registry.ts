import type { Call, Connection } from "../contract";
import { json, requestId, unreadable } from "./answer";
import { domainOf, type Keys, originOf, serviceOf, signedCall } from "./sign";

// ECR: one registry per account and region. Its token reaches all of the registry that the keys reach; AWS has none for one repository.

const HOST = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/;

/** Of a host, a URL, a repository in it, or an ARN of one. */
export function registryHost(id: string): string | null {
  const arn = /^arn:aws[\w-]*:ecr:([a-z0-9-]+):(\d{12}):repository(?:\/|$)/.exec(id.trim());
  const host = arn
    ? `${arn[2]}.dkr.ecr.${arn[1]}.${domainOf(arn[1] ?? "")}`
    : id
        .trim()
        .replace(/^https?:\/\//, "")
        .split("/")[0];
  return host && HOST.test(host) ? host : null;
}

export const registryOf = (account: string, region: string): string => `${account}.dkr.ecr.${region}.${domainOf(region)}`;

export async function registryToken(keys: Keys, connection: Connection, call: Call) {
  const service = serviceOf(connection, "ecr");
  const answer = await signedCall(keys, service, call, `${originOf(service)}/`, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken" },
    body: "{}",
  });
  const [data] = (json(answer).authorizationData ?? []) as { authorizationToken?: unknown; expiresAt?: unknown; proxyEndpoint?: unknown }[];
  if (typeof data?.authorizationToken !== "string" || typeof data.expiresAt !== "number") throw unreadable("authorizationToken");
  const [username = "", ...password] = Buffer.from(data.authorizationToken, "base64").toString("utf8").split(":");
  return { username, password: password.join(":"), expiresAt: new Date(data.expiresAt * 1_000), requestId: requestId(answer) };
}
