import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { CLUSTER_VARIABLE, type TestCluster } from "@/db/test-cluster";
import { useTestDatabase } from "@/db/test-database";
import { canary, hitsBelow, hitsInDump, spellingsIn } from "@/e2e/canary-values";
import { tries } from "@/lib/kernel/soak";
import { asOwner } from "@/lib/kernel/test-rows";
import { type Account, type Answer, call, idOf, makeAccount, makeWireWorkspaces } from "./test-wire";

// SEC-3 and SEC-4 for connectors: main keys are nowhere but where they were sealed, even before a peer that says back all that it is sent. The same for
// secrets, and for pages and exports, is asked of the built product (e2e/specs/canary-values.spec.ts).

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
const SLUG = "fraud-detection";
const COUNT = tries(1_000);
const CONTROL = "echo-named-1";
const answers: [asked: string, answer: Answer][] = [];
let logged = "";
let peer: http.Server;
let url = "";
let heard = 0;
let admin: Account;
let viewer: Account;

/** What it was sent, in the places where peers put their words; `/takes` gives a token besides. */
const echo: http.RequestListener = async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  heard++;
  const secret = Buffer.from(request.headers.authorization?.replace(/^Basic /, "") ?? "", "base64").toString();
  const said = `${secret} ${request.headers.authorization} ${Buffer.concat(chunks)}`;
  const takes = request.url?.startsWith("/takes");
  const words = { error: said, error_description: said, reason: said, message: said };
  const given = takes ? { access_token: "given", token_type: said, scope: said, expires_in: 600 } : {};
  response.writeHead(takes ? 200 : 401, { "x-ms-error-code": encodeURIComponent(said).slice(0, 200) }).end(JSON.stringify({ ...words, ...given }));
};

/** Keeps the write-ahead log from here on, whatever else runs on this cluster: it is read at the end. */
const SLOT = `canary_values_${process.pid}`;
async function asSuperuser<T extends pg.QueryResultRow>(...statements: string[]): Promise<T[]> {
  const { superuser } = JSON.parse(process.env[CLUSTER_VARIABLE] ?? "{}") as TestCluster;
  const client = new pg.Client({ connectionString: superuser.replace("/DATABASE", new URL(db.ownerUrl).pathname) });
  await client.connect();
  try {
    let rows: T[] = [];
    for (const statement of statements) rows = (await client.query<T>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  await asSuperuser(`select pg_create_physical_replication_slot('${SLOT}', true)`);
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((chunk) => {
      logged += chunk.toString();
      return true;
    });
  peer = http.createServer(echo);
  await new Promise<void>((resolve) => peer.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(peer.address() as AddressInfo).port}`;
  const made = await makeWireWorkspaces([SLUG]);
  const workspaceId = made.workspaces[SLUG] as string;
  await asOwner(db.ownerUrl, "update workspace set allow_networks = '{127.0.0.0/8}' where id = $1", [workspaceId]);
  admin = await makeAccount(made.organizationId, workspaceId, SLUG, "workspace-admin");
  viewer = await makeAccount(made.organizationId, workspaceId, SLUG, "viewer");
});
afterAll(async () => {
  vi.restoreAllMocks();
  peer.close().closeAllConnections();
  await asSuperuser(`select pg_drop_replication_slot('${SLOT}')`);
});

async function ask(asked: string, method: string, to: string, body?: unknown, as = admin): Promise<Answer> {
  const answer = await call(as.token, SLUG, method, to, body);
  answers.push([asked, answer]);
  return answer;
}
const of = (name: string, connector_type: string, auth_method: string, resource: string, configuration: object) => ({
  name,
  connector_type,
  auth_method,
  resource_types: [resource],
  configuration,
});
const KINDS = [
  (name: string, at: number) =>
    of(name, "oauth2", "client-credentials", "oauth2-api", {
      api_url: `${url}/takes`,
      token_url: `${url}/takes`,
      client_id: "reeve",
      client_secret: canary(at),
    }),
  (name: string, at: number) =>
    of(name, "oauth2", "refresh-token", "oauth2-api", {
      api_url: url,
      token_url: url,
      client_id: "reeve",
      client_secret: canary(at),
      refresh_token: canary(at),
    }),
  (name: string, at: number) => of(name, "kubernetes", "token", "kubernetes-cluster", { server: url, cluster_name: name, token: canary(at) }),
  (name: string, at: number) => of(name, "docker", "password", "docker-registry", { username: "robot", password: canary(at), registry: url }),
  (name: string, at: number) =>
    of(name, "aws", "session-token", "s3-bucket", { aws_access_key_id: canary(at), aws_secret_access_key: canary(at), region: "us-east-1", endpoint_url: url }),
];

it(`${COUNT} connectors are registered, verified, used, refused and deleted`, { timeout: 1_800_000 }, async () => {
  for (let index = 0; index < COUNT; index++) {
    const wish = KINDS[index % KINDS.length]?.(`echo-named-${index}`, index);
    const id = idOf(await ask("registered", "POST", "/service_connectors", wish));
    await ask("verified", "PUT", `/service_connectors/${id}/verify`);
    await ask("read", "GET", `/service_connectors/${id}?expand_secrets=true`);
    await ask("read by a viewer", "GET", `/service_connectors/${id}?expand_secrets=true`, undefined, viewer);
    await ask("used", "GET", `/service_connectors/${id}/client?resource_type=${wish?.resource_types[0]}`);
    await ask("tried", "POST", "/service_connectors/verify", { ...wish, name: "tried" });
    if (index % 7 === 0) await ask("deleted", "DELETE", `/service_connectors/${id}`);
  }
  await ask("listed", "GET", "/service_connectors?hydrate=true&size=100");
  await ask("reached", "GET", "/service_connectors/resources");
  expect(heard).toBeGreaterThan(COUNT);
  expect(answers.filter(([asked, { status }]) => asked === "used" && status === 200).length).toBeGreaterThan(0);
});

it("SEC-4: what is wrong with a configuration is said without a value of it", async () => {
  const google = (text: string) => of("google", "gcp", "service-account", "gcs-bucket", { project_id: "p", service_account_json: text });
  const wrong: [string, object][] = [
    ["an unknown field", of("w", "docker", "password", "docker-registry", { username: "u", password: canary(1), passphrase: canary(3) })],
    ["a list in place of a text", of("w", "docker", "password", "docker-registry", { username: "u", password: [canary(4)] })],
    ["an unknown method", of("w", "docker", "token", "docker-registry", { username: "u", password: canary(6) })],
    ["half a key file", google(`{"private_key":"${canary(7)}`)],
    ["a key that is none", google(JSON.stringify({ client_email: "a@b", private_key: canary(8) }))],
    ["no address", of("w", "kubernetes", "token", "kubernetes-cluster", { server: "not an address", cluster_name: "c", token: canary(10) })],
    [
      "half a certificate",
      of("w", "kubernetes", "token", "kubernetes-cluster", { server: url, cluster_name: "c", certificate_authority: canary(11), token: "t" }),
    ],
    [
      "no SSH key",
      of("w", "hyperai", "rsa-key", "hyperai-instance", { base64_ssh_key: canary(12), ssh_passphrase: canary(13), hostnames: ["h"], username: "u" }),
    ],
  ];
  for (const [asked, body] of wrong) for (const to of ["/service_connectors", "/service_connectors/verify"]) await ask(asked, "POST", to, body);
});

it("SEC-3: no answer, log line, row, file or write-ahead log has one of them", { timeout: 120_000 }, async () => {
  const found = answers.filter(([, { text, headers }]) => spellingsIn(`${text}${JSON.stringify([...headers])}`).length > 0);
  expect(found.map(([asked, { text }]) => `${asked}: ${text.slice(0, 300)}`)).toEqual([]);
  expect(spellingsIn(logged)).toEqual([]);
  const dump = await hitsInDump(db.ownerUrl, CONTROL);
  expect(dump.hits).toEqual([]);
  expect(dump.controlIn).toEqual(expect.arrayContaining(["reeve.connector", "reeve.audit_entry"]));
  const [place] = (
    await asSuperuser<{ folder: string; oid: string }>(
      "checkpoint",
      "select current_setting('data_directory') as folder, oid::text from pg_database where datname = current_database()",
    )
  ).map(({ folder, oid }) => ({ files: path.join(folder, "base", oid), log: path.join(folder, "pg_wal") }));
  const [files, log] = [hitsBelow(place?.files ?? "", CONTROL), hitsBelow(place?.log ?? "", CONTROL)];
  expect([files.hits, log.hits]).toEqual([[], []]);
  expect([files.controlIn.length, log.controlIn.length]).toEqual([1, 1]); // they were read, and hold what is no secret
});
