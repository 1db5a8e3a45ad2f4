import type { Connection, ConnectorProvider, Issued } from "../contract";
import { needed, textOf } from "../reading";
import { revocationEndpoint, revokeToken } from "./revoke";
import { fetchToken, requireStableRefreshToken, tryApi } from "./token";

// An API behind OAuth 2.0: a client's credentials or a refresh token become access tokens (RFC 6749 §4.4, §6); a token that somebody gave leaves as it is.

const apiOf = (connection: Connection) => needed(connection, "api_url", "The API's address");

const given = (connection: Connection): Issued => ({
  type: "oauth2",
  method: "token",
  values: { api_url: apiOf(connection), access_token: needed(connection, "access_token", "The access token") },
  secretFields: ["access_token"],
  expiresAt: null,
  reach: "as-main-key",
  actsAs: null,
  peerRequestId: null,
});

export const OAUTH2: ConnectorProvider = {
  type: "oauth2",
  canonicalId: (connection, _resourceType, id) => {
    const own = textOf(connection.values.api_url);
    return own && id.trim().replace(/\/+$/, "") === own.replace(/\/+$/, "") ? own : null;
  },
  issuesShortLived: ({ method }) => method !== "token",
  verify: async (connection, _target, call) => {
    if (connection.method === "token") return tryApi(apiOf(connection), needed(connection, "access_token", "The access token"), call);
    const answer = await fetchToken(connection, call);
    requireStableRefreshToken(connection, answer);
    await tryApi(apiOf(connection), answer.token, call);
  },
  list: async (connection) => [apiOf(connection)],
  issue: async (connection, _wanted, call) => {
    if (connection.method === "token") return given(connection);
    const [{ token, expiresAt }, endpoint] = await Promise.all([fetchToken(connection, call), revocationEndpoint(connection, call)]);
    return {
      ...given({ method: "token", values: { ...connection.values, access_token: token } }),
      expiresAt,
      actsAs: textOf(connection.values.client_id),
      ...(endpoint ? { ending: { names: { endpoint }, token } } : {}),
    };
  },
  revoke: (connection, ending, _before, call) => revokeToken(connection, ending, call),
};
