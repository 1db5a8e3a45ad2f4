import type { Call, Connection, ConnectorProvider, Ending, Issue, Issued, Target } from "../contract";
import { claimsOf, needed, textOf } from "../reading";
import { type Account, type Bound, makeBound, makeToken, mayMakeTokens, removeBound, whoAmI } from "./cluster";

// A cluster and one key to it. A resource is the cluster, or `cluster/namespace/account`: a service account, whose tokens reach what its roles say.
// The key of a service account is changed for a short token of the same account; a person's certificate or password can only leave as it is.

const MIN_SECONDS = 600;
const DEFAULT_SECONDS = 3_600;
const SECRETS = ["username", "password", "token", "client_certificate", "client_key", "certificate_authority"];

const clusterName = (connection: Connection) => textOf(connection.values.cluster_name) ?? "";

function accountOf(connection: Connection, id: string | null): Account | null {
  const rest = id?.startsWith(`${clusterName(connection)}/`) ? id.slice(clusterName(connection).length + 1) : "";
  const [, namespace, name] = /^([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\/([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)$/.exec(rest) ?? [];
  return namespace && name ? { namespace, name } : null;
}

/** Of a named account, or of the one whose token the main key is. */
function shortLivedAccount(connection: Connection, id: string | null): Account | null {
  const named = accountOf(connection, id);
  if (named || connection.method !== "token") return named;
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(textOf(claimsOf(textOf(connection.values.token) ?? "")?.sub) ?? "") ?? [];
  return namespace && name ? accountOf(connection, `${clusterName(connection)}/${namespace}/${name}`) : null;
}

async function issue(connection: Connection, { resourceId, lifetime }: Issue, call: Call): Promise<Issued> {
  const account = shortLivedAccount(connection, resourceId);
  if (!account) return asItIs(connection);
  const bound = await makeBound(connection, account.namespace, call);
  const made = await makeToken(connection, account, Math.max(MIN_SECONDS, lifetime ?? DEFAULT_SECONDS), bound, call).catch(async (error) => {
    if (bound) await removeBound(connection, bound, call).catch(() => undefined);
    throw error;
  });
  const { server, cluster_name, insecure = false, certificate_authority = null } = connection.values;
  return {
    type: "kubernetes",
    method: "token",
    values: { server: server ?? null, cluster_name: cluster_name ?? null, insecure, certificate_authority, token: made.token },
    secretFields: ["token", "certificate_authority"],
    expiresAt: made.expiresAt,
    reach: accountOf(connection, resourceId) ? "resource" : "as-main-key",
    actsAs: `system:serviceaccount:${account.namespace}:${account.name}`,
    peerRequestId: made.auditId,
    ...(bound ? { ending: { names: bound } } : {}),
  };
}

const unbind = (connection: Connection, { names }: Ending, call: Call) => removeBound(connection, names as Bound, call);

const asItIs = (connection: Connection): Issued => ({
  type: "kubernetes",
  method: connection.method,
  values: connection.values,
  secretFields: SECRETS.filter((field) => field in connection.values),
  expiresAt: null,
  reach: "as-main-key",
  actsAs: connection.method === "password" ? textOf(connection.values.username) : null,
  peerRequestId: null,
});

export const KUBERNETES: ConnectorProvider = {
  type: "kubernetes",
  canonicalId: (connection, _resourceType, id) => (id === clusterName(connection) || accountOf(connection, id) ? id : null),
  issuesShortLived: (connection, { resourceId }) => shortLivedAccount(connection, resourceId) !== null,
  verify: async (connection: Connection, target: Target | null, call: Call) => {
    await whoAmI(connection, call);
    const account = accountOf(connection, target?.resourceId ?? null);
    if (account) await mayMakeTokens(connection, account, call);
  },
  list: async (connection, _resourceType, call) => {
    await whoAmI(connection, call);
    return [needed(connection, "cluster_name", "The cluster's name")];
  },
  issue,
  revoke: (connection, ending, _before, call) => unbind(connection, ending, call),
  tidy: unbind,
};
