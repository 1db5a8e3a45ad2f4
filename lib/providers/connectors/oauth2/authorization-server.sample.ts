import http from "node:http";
import type { AddressInfo } from "node:net";
import { rsaKeys } from "@/lib/kernel/key-pairs.sample";

// A real authorization server (the certified npm package oidc-provider) with an API behind it that takes its tokens.

type Model = { find(id: string): Promise<{ clientId: string } | undefined> };
type Saved = { save(): Promise<string>; addOIDCScope(scope: string): void };
type Instance = {
  callback(): http.RequestListener;
  Client: Model;
  ClientCredentials: Model;
  AccessToken: Model;
  Grant: new (of: object) => Saved;
  RefreshToken: new (of: object) => Saved;
};
// The package brings no types along.
const PACKAGE: string = "oidc-provider";

export const SECRET = "a secret: with / signs & spaces";
const API = "urn:example:api";

export async function startAuthorizationServer({ rotates = false } = {}) {
  const { default: Provider } = (await import(PACKAGE)) as { default: new (issuer: string, configuration: object) => Instance };
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = { client_secret: SECRET, redirect_uris: [], response_types: [], grant_types: ["client_credentials"] };
  const people = { ...client, redirect_uris: [`${url}/back`], response_types: ["code"], grant_types: ["authorization_code", "refresh_token"] };
  const provider = new Provider(url, {
    clients: [
      { ...client, client_id: "basic one", token_endpoint_auth_method: "client_secret_basic", scope: "read write" },
      { ...client, client_id: "post", token_endpoint_auth_method: "client_secret_post", scope: "read" },
      { ...people, client_id: "people", token_endpoint_auth_method: "client_secret_basic", scope: "openid offline_access" },
    ],
    scopes: ["read", "write", "openid", "offline_access"],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({ scope: "read write", audience: API, accessTokenTTL: 77, accessTokenFormat: "opaque" }),
      },
    },
    ttl: {
      ClientCredentials: (_context: unknown, { resourceServer }: { resourceServer?: { accessTokenTTL: number } }) => resourceServer?.accessTokenTTL ?? 600,
      AccessToken: 300,
      Grant: 600,
      RefreshToken: 600,
      IdToken: 600,
    },
    jwks: { keys: [{ ...rsaKeys().privateKey.export({ format: "jwk" }), alg: "RS256", use: "sig" }] },
    rotateRefreshToken: rotates,
    findAccount: (_context: unknown, accountId: string) => ({ accountId, claims: async () => ({ sub: accountId }) }),
  });
  const seen: http.IncomingHttpHeaders[] = [];
  const find = async (token: string) => (await provider.ClientCredentials.find(token)) ?? (await provider.AccessToken.find(token));
  const handle = provider.callback();
  server.on("request", async (request, response) => {
    seen.push(request.headers);
    if (request.url !== "/api") return handle(request, response);
    const token = await find(request.headers.authorization?.replace(/^Bearer /, "") ?? "");
    response.writeHead(token ? 404 : 401).end();
  });
  return {
    url,
    seen,
    find,
    stop: () => void server.close().closeAllConnections(),
    /** A refresh token as somebody who signed in got it. */
    refreshToken: async (): Promise<string> => {
      const found = await provider.Client.find("people");
      if (!found) throw new Error("the client is missing");
      const grant = new provider.Grant({ accountId: "ada", clientId: "people" });
      grant.addOIDCScope("openid offline_access");
      const token = new provider.RefreshToken({
        client: found,
        accountId: "ada",
        grantId: await grant.save(),
        scope: "openid offline_access",
        gty: "authorization_code",
        claims: {},
      });
      return token.save();
    },
  };
}
