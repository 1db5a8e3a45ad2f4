import { afterEach, describe, expect, it } from "vitest";
import { guardedCall } from "../../../outgoing/guarded-call";
import type { Connection } from "../contract";
import { fixture } from "../fixture.sample";
import { SECRET, startAuthorizationServer } from "./authorization-server.sample";
import { OAUTH2 } from "./provider";

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});
async function start(options = {}) {
  const server = await startAuthorizationServer(options);
  stops.push(server.stop);
  return { ...server, at: { api_url: `${server.url}/api`, token_url: `${server.url}/token` } };
}
const call = guardedCall(["127.0.0.0/8"]);
const wanted = { resourceType: "oauth2-api", resourceId: null, lifetime: null, session: "run-1" };
const client = (values: Connection["values"]): Connection => ({ method: "client-credentials", values: { client_secret: SECRET, ...values } });
const secondsLeft = (end: Date | null) => Math.round(((end?.getTime() ?? 0) - Date.now()) / 1_000);

describe("OAuth 2.0 against a certified authorization server", () => {
  it.each([
    ["basic one", {}],
    ["post", { client_auth_method: "client_secret_post" }],
  ])("gets a client's token, shown by %s, and says how long it lives", async (client_id, more) => {
    const server = await start();
    const connection = client({ ...server.at, client_id, scope: "read", ...more });
    await OAUTH2.verify(connection, null, call);
    const issued = await OAUTH2.issue(connection, wanted, call);
    expect(issued).toMatchObject({ type: "oauth2", method: "token", reach: "as-main-key", actsAs: client_id, secretFields: ["access_token"] });
    expect(Object.keys(issued.values).sort()).toEqual(["access_token", "api_url"]);
    expect(secondsLeft(issued.expiresAt)).toBeGreaterThan(590);
    expect(secondsLeft(issued.expiresAt)).toBeLessThanOrEqual(600);
    expect(await server.find(String(issued.values.access_token))).toMatchObject({ clientId: client_id, scope: "read" });
  });

  it("sends extra parameters and headers, which change neither the grant nor how the call is carried", async () => {
    const server = await start();
    const token_params = { resource: "urn:example:api", grant_type: "password" };
    const token_headers = { "X-Tenant": "acme", Host: "other.example", "Content-Length": "3" };
    const issued = await OAUTH2.issue(client({ ...server.at, client_id: "basic one", scope: "write", token_params, token_headers }), wanted, call);
    expect(await server.find(String(issued.values.access_token))).toMatchObject({ aud: "urn:example:api", scope: "write" });
    expect(secondsLeft(issued.expiresAt)).toBeLessThanOrEqual(77);
    expect(server.seen[0]).toMatchObject({ "x-tenant": "acme", host: new URL(server.url).host });
  });

  it("changes a refresh token for access tokens, and refuses one that is new at each use", async () => {
    const server = await start();
    const connection: Connection = {
      method: "refresh-token",
      values: { ...server.at, client_id: "people", client_secret: SECRET, refresh_token: await server.refreshToken() },
    };
    await OAUTH2.verify(connection, null, call);
    const issued = await OAUTH2.issue(connection, wanted, call);
    expect(await server.find(String(issued.values.access_token))).toMatchObject({ accountId: "ada" });
    const rotating = await start({ rotates: true });
    const spent = { ...connection, values: { ...connection.values, ...rotating.at, refresh_token: await rotating.refreshToken() } };
    await expect(OAUTH2.verify(spent, null, call)).rejects.toMatchObject({ reason: "unsupported" });
  });

  it("says what was refused: a wrong secret, a scope, a token that the API doesn't take", async () => {
    const server = await start();
    const wrong = client({ ...server.at, client_id: "basic one", client_secret: "wrong-canary" });
    const error = await OAUTH2.verify(wrong, null, call).catch((caught: Error) => caught);
    expect(error).toMatchObject({ reason: "refused", code: "invalid-client" });
    expect(JSON.stringify([String(error), error])).not.toContain("wrong-canary");
    await expect(
      OAUTH2.verify(client({ ...server.at, client_id: "post", client_auth_method: "client_secret_post", scope: "write" }), null, call),
    ).rejects.toMatchObject({ code: "invalid-scope" });
    const stale: Connection = { method: "token", values: { api_url: server.at.api_url, access_token: "stale" } };
    await expect(OAUTH2.verify(stale, null, call)).rejects.toMatchObject({ reason: "refused" });
  });

  it("ends a token before its time, at the endpoint that the service describes (RFC 7009, RFC 8414)", async () => {
    const server = await start();
    for (const [id, how] of [
      ["basic one", "client_secret_basic"],
      ["post", "client_secret_post"],
    ] as const) {
      const connection = client({ ...server.at, client_id: id, client_auth_method: how });
      const { values, ending } = await OAUTH2.issue(connection, wanted, call);
      const token = String(values.access_token);
      expect(ending).toEqual({ names: { endpoint: `${server.url}/token/revocation` }, token });
      expect(await server.find(token)).toBeDefined();
      await OAUTH2.revoke?.(connection, ending ?? { names: {} }, new Date(), call);
      expect(await server.find(token)).toBeUndefined();
      await OAUTH2.revoke?.(connection, ending ?? { names: {} }, new Date(), call); // what is gone is no error
    }
  });

  it("sends the client's secret to no other origin than the token endpoint's, whatever a description says", async () => {
    const server = await fixture(({ url }) =>
      url.pathname === "/token"
        ? { json: { access_token: "t" } }
        : { json: { token_endpoint: "https://id.example/token", revocation_endpoint: "https://elsewhere.example/revoke" } },
    );
    const connection = client({ api_url: "https://api.example/", token_url: "https://id.example/token", client_id: "c" });
    expect((await OAUTH2.issue(connection, wanted, server.call)).ending).toBeUndefined();
    const ending = { names: { endpoint: "https://elsewhere.example/revoke" }, token: "t" };
    await expect(OAUTH2.revoke?.(connection, ending, new Date(), server.call)).rejects.toMatchObject({ reason: "misconfigured" });
    expect(server.asked.filter(({ url }) => url.host !== "id.example")).toEqual([]);
  });

  it("gives out a token that somebody gave as it is, and says so", async () => {
    const connection: Connection = { method: "token", values: { api_url: "https://api.example", access_token: "t" } };
    expect(OAUTH2.issuesShortLived(connection, wanted)).toBe(false);
    expect(await OAUTH2.issue(connection, wanted, call)).toMatchObject({ values: connection.values, expiresAt: null });
    expect(OAUTH2.canonicalId(connection, "oauth2-api", "https://api.example/")).toBe("https://api.example");
    expect(OAUTH2.canonicalId(connection, "oauth2-api", "https://other.example")).toBeNull();
    expect(await OAUTH2.list(connection, "oauth2-api", call)).toEqual(["https://api.example"]);
  });
});

describe("OAuth 2.0, not run against the real service", () => {
  it("names the audience where one is wanted, and says no end where the answer says none", async () => {
    const server = await fixture(({ url }) => (url.pathname === "/token" ? { json: { access_token: "t" } } : { status: 204 }));
    const at = { api_url: "https://api.example/", token_url: "https://id.example/token" };
    const issued = await OAUTH2.issue(client({ ...at, client_id: "c", audience: "https://api.example" }), wanted, server.call);
    expect(server.asked[0]?.form()).toEqual({ grant_type: "client_credentials", audience: "https://api.example" });
    expect(issued.expiresAt).toBeNull();
  });
});
