import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { forgetEnvironment } from "@/lib/kernel/env";
import { discover } from "./discover";

let issuer: string;
let document: unknown;
let server: http.Server;

beforeEach(async () => {
  vi.stubEnv("REEVE_ALLOW_NETWORKS", "127.0.0.0/8");
  forgetEnvironment();
  server = http.createServer((request, response) =>
    request.url === "/realm/.well-known/openid-configuration" ? response.end(JSON.stringify(document)) : response.writeHead(404).end(),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/realm`;
  document = { issuer, authorization_endpoint: `${issuer}/a`, token_endpoint: `${issuer}/t`, jwks_uri: `${issuer}/k`, end_session_endpoint: `${issuer}/e` };
});
afterEach(() => {
  vi.unstubAllEnvs();
  forgetEnvironment();
  server.close().closeAllConnections();
});

const refused = (why: string) => ({ code: "invalid_input", fields: { issuer: expect.stringContaining(why) } });

it("finds where the provider ends sessions, where its keys are and how it signs", async () => {
  expect(await discover(issuer)).toEqual({ endSessionUrl: `${issuer}/e`, jwksUrl: `${issuer}/k`, algorithms: null });
  document = { ...(document as object), end_session_endpoint: undefined, id_token_signing_alg_values_supported: ["ES256"] };
  expect(await discover(issuer)).toEqual({ endSessionUrl: null, jwksUrl: `${issuer}/k`, algorithms: ["ES256"] });
});

it("OIDC-15 refuses a document of another issuer, also by a slash", async () => {
  await expect(discover(`${issuer}/`)).rejects.toMatchObject(refused(`of the issuer ${issuer}.`));
  document = { ...(document as object), issuer: "https://accounts.example" };
  await expect(discover(issuer)).rejects.toMatchObject(refused("of the issuer https://accounts.example."));
});

it("says why nothing can be read", async () => {
  await expect(discover(issuer.replace("/realm", "/other"))).rejects.toMatchObject(refused("status 404"));
  document = { issuer };
  await expect(discover(issuer)).rejects.toMatchObject(refused("no discovery document"));
  await expect(discover("http://10.0.0.1")).rejects.toMatchObject(refused("REEVE_ALLOW_NETWORKS"));
  await expect(discover("http://127.0.0.1:22")).rejects.toMatchObject(refused("port"));
  vi.stubEnv("REEVE_URL", "https://reeve.example");
  forgetEnvironment();
  await expect(discover(issuer)).rejects.toMatchObject(refused("https://"));
});
