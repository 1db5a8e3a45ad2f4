import { generateKeyPairSync } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { guardedCall } from "../../outgoing/guarded-call";
import type { Connection } from "./contract";
import { ED25519 } from "./hyperai/keys.sample";
import { providerOf } from "./registry";

// SSRF-1, 2, 3 and 8 for connectors: every field in which an address can be written, each pointing where no connector may call unless its workspace
// opens the network, and metadata services never.

const KEY = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const workload = (more: object) =>
  JSON.stringify({ type: "external_account", audience: "a", subject_token_type: "t", token_url: "https://sts.googleapis.com/v1/token", ...more });

/** Field → the connection that has this address in it. */
const FIELDS: Record<string, (url: string) => [type: string, Connection]> = {
  "aws endpoint_url": (url) => [
    "aws",
    { method: "secret-key", values: { aws_access_key_id: "AKIA1", aws_secret_access_key: "s", region: "eu-central-1", endpoint_url: url } },
  ],
  "docker registry": (url) => ["docker", { method: "password", values: { username: "u", password: "p", registry: url } }],
  "kubernetes server": (url) => ["kubernetes", { method: "token", values: { server: url, cluster_name: "c", token: "t" } }],
  "kubernetes server, unchecked": (url) => ["kubernetes", { method: "token", values: { server: url, cluster_name: "c", token: "t", insecure: true } }],
  "oauth2 token_url": (url) => [
    "oauth2",
    { method: "client-credentials", values: { api_url: "https://api.example", token_url: url, client_id: "c", client_secret: "s" } },
  ],
  "oauth2 api_url": (url) => ["oauth2", { method: "token", values: { api_url: url, access_token: "t" } }],
  "gcp token_uri": (url) => [
    "gcp",
    { method: "service-account", values: { service_account_json: JSON.stringify({ client_email: "a@b", private_key: KEY, token_uri: url }) } },
  ],
  "gcp user's token_uri": (url) => [
    "gcp",
    {
      method: "user-account",
      values: { project_id: "p", user_account_json: JSON.stringify({ client_id: "c", client_secret: "s", refresh_token: "r", token_uri: url }) },
    },
  ],
  "gcp credential_source.url": (url) => [
    "gcp",
    { method: "external-account", values: { project_id: "p", external_account_json: workload({ credential_source: { url } }) } },
  ],
  "hyperai hostnames": (url) => [
    "hyperai",
    { method: "ed25519-key", values: { base64_ssh_key: ED25519, username: "u", hostnames: [new URL(url).hostname.replace(/^\[|\]$/g, "")] } },
  ],
};
const cases = (hosts: string[]) => Object.keys(FIELDS).flatMap((field) => hosts.map((host) => [field, host] as const));
async function verify(field: string, url: string, networks: string[]): Promise<string> {
  const [type, connection] = (FIELDS[field] as (typeof FIELDS)[string])(url);
  try {
    await providerOf(type)?.verify(connection, null, guardedCall(networks, { timeoutMs: 2_000 }));
    return "accepted";
  } catch (error) {
    return (error as { reason: string }).reason;
  }
}

const servers: http.Server[] = [];
async function serve(answer: http.RequestListener): Promise<string> {
  const server = http.createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
});

describe("where connectors may call", () => {
  it.each(cases(["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "192.168.1.1", "100.64.0.1", "[fc00::1]", "[::ffff:10.0.0.1]"]))(
    "SSRF-1, SSRF-3, SSRF-4 %s is refused at %s",
    async (field, host) => {
      // A registry's name has no such spelling of an address at all.
      expect(await verify(field, `https://${host}/`, [])).toBe(field === "docker registry" && host.includes("ffff") ? "misconfigured" : "refused-address");
    },
  );

  it.each(cases(["169.254.169.254", "metadata.google.internal", "[fd00:ec2::254]", "100.100.100.200"]))(
    "SSRF-2 %s is refused at %s whatever the workspace opens",
    async (field, host) => {
      expect(await verify(field, `https://${host}/`, ["0.0.0.0/0", "::/0"])).toBe("refused-address");
    },
  );

  it.each(Object.keys(FIELDS).filter((field) => !field.startsWith("hyperai")))(
    "SSRF-8 %s calls a private address that is open, and is not sent on from it",
    async (field) => {
      let hits = 0;
      const open = await serve((_request, response) => {
        hits++;
        response.end("{}");
      });
      expect(await verify(field, open, ["127.0.0.0/8"])).not.toBe("refused-address");
      expect(hits).toBeGreaterThan(0);
      const away = await serve((_request, response) => response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data" }).end());
      expect(await verify(field, away, ["127.0.0.0/8"])).toBe("refused-address");
      const inside = await serve((_request, response) => response.writeHead(307, { location: "http://10.0.0.1/" }).end());
      expect(await verify(field, inside, ["127.0.0.0/8"])).toBe("refused-address");
    },
  );
});
