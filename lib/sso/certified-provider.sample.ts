import type { KeyObject } from "node:crypto";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { rsaKeys } from "@/lib/kernel/key-pairs.sample";

// An OpenID provider that others wrote and had certified, for tests: whoever comes is signed in as one person.

type Context = { oidc: { provider: Instance; client?: { clientId: string }; session?: { accountId: string } } };
type Grant = { addOIDCScope: (scope: string) => void; save: () => Promise<string> };
type Instance = {
  callback: () => (request: IncomingMessage, response: ServerResponse) => void;
  interactionFinished: (request: IncomingMessage, response: ServerResponse, result: object) => Promise<void>;
  Grant: new (of: { clientId?: string; accountId?: string }) => Grant;
};
// The package brings no types along.
const PACKAGE: string = "oidc-provider";

export const jwkOf = (key: KeyObject, alg: string) => ({ ...key.export({ format: "jwk" }), alg, use: "sig", kid: `${alg}-${Math.random()}` });

/** Starts one on a free port. `person`: the claims of whoever signs in; `client` and `configuration`: what differs from the usual. */
export async function startCertified(person: () => object, client: Record<string, unknown> = {}, configuration: Record<string, unknown> = {}) {
  const { default: Provider } = (await import(PACKAGE)) as { default: new (issuer: string, configuration: object) => Instance };
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const secret = "a-client-secret-of-32-characters";
  const provider = new Provider(issuer, {
    clients: [{ client_id: "reeve", client_secret: secret, redirect_uris: ["http://localhost:3000/api/sso/oidc"], ...client }],
    jwks: configuration.jwks ?? { keys: [jwkOf(rsaKeys().privateKey, "RS256")] },
    pkce: { required: () => true },
    cookies: { keys: ["test"] },
    features: { devInteractions: { enabled: false } },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"] },
    findAccount: (_: unknown, accountId: string) => ({ accountId, claims: async () => ({ sub: accountId, ...person() }) }),
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    loadExistingGrant: async ({ oidc }: Context) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client?.clientId, accountId: oidc.session?.accountId });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
    ...configuration,
  });
  const handle = provider.callback();
  server.on("request", (request, response) =>
    request.url?.startsWith("/interaction/") ? provider.interactionFinished(request, response, { login: { accountId: "ada" } }) : handle(request, response),
  );
  return { issuer, secret, stop: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}
