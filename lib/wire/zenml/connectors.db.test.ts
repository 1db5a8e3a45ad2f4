import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { newId } from "@/lib/kernel/id";
import { asOwner } from "@/lib/kernel/test-rows";
import { type Account, call, idOf, makeAccount, makeWireWorkspaces, startRun } from "./test-wire";

// Connectors over the wire, before a server that answers as AWS STS and S3 do: what leaves, to whom, and what is kept of it (ATTACKS §11).

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
const SLUG = "fraud-detection";
const KEY = "main/key/that/never/leaves/0123456789";
let aws: http.Server;
let endpoint = "";
let workspaceId = "";
let admin: Account;
let ci: Account;
let viewer: Account;

const sts = (action: string) => {
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const keys = `<Credentials><AccessKeyId>ASIATEMP</AccessKeyId><SecretAccessKey>temporary</SecretAccessKey><SessionToken>token</SessionToken><Expiration>${until}</Expiration></Credentials>`;
  return `<R><Arn>arn:aws:iam::123456789012:user/reeve</Arn><Account>123456789012</Account>${action === "GetCallerIdentity" ? "" : keys}<RequestId>peer-1</RequestId></R>`;
};

beforeAll(async () => {
  aws = http.createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      if (request.method === "POST") return response.end(sts(new URLSearchParams(body).get("Action") ?? ""));
      if (request.url?.startsWith("/missing")) return response.writeHead(404).end("<Error><Code>NoSuchBucket</Code></Error>");
      response.end("<L><Buckets><Bucket><Name>wire-bucket</Name></Bucket></Buckets></L>");
    });
  });
  await new Promise<void>((resolve) => aws.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
  const made = await makeWireWorkspaces([SLUG]);
  workspaceId = made.workspaces[SLUG] as string;
  await asOwner(db.ownerUrl, "update workspace set allow_networks = '{127.0.0.0/8}' where id = $1", [workspaceId]);
  admin = await makeAccount(made.organizationId, workspaceId, SLUG, "workspace-admin");
  ci = await makeAccount(made.organizationId, workspaceId, SLUG, "contributor", "ci");
  viewer = await makeAccount(made.organizationId, workspaceId, SLUG, "viewer");
});
afterAll(() => new Promise((resolve) => aws.close(resolve)));

const at = (who: Account, method: string, path: string, body?: unknown) => call(who.token, SLUG, method, path, body);
const unique = (name: string) => `${name}-${newId().slice(-10)}`;
const wish = (more: object = {}) => ({
  name: unique("lake"),
  connector_type: "aws",
  auth_method: "session-token",
  resource_types: ["s3-bucket"],
  configuration: { aws_access_key_id: "AKIAMAIN", aws_secret_access_key: KEY, region: "us-east-1", endpoint_url: endpoint },
  ...more,
});
const register = async (who: Account, more: object = {}) => idOf(await at(who, "POST", "/service_connectors", wish(more)));
const ledger = (id: string) =>
  asOwner<{
    outcome: string;
    reason: string | null;
    resource_id: string | null;
    reach: string | null;
    run_id: string | null;
    is_capped: boolean;
    peer_request_id: string | null;
  }>(
    db.ownerUrl,
    "select outcome, reason, resource_id, reach, run_id, is_capped, peer_request_id from connector_issue where connector_id = $1 order by issued_at",
    [id],
  );

describe("a connector", () => {
  it("keeps its main keys: no answer has them, whoever asks", async () => {
    const made = await at(admin, "POST", "/service_connectors", wish());
    const id = idOf(made);
    const asked = ["", "?expand_secrets=true", "?hydrate=true&expand_secrets=true"].map((query) => at(admin, "GET", `/service_connectors/${id}${query}`));
    const lists = [at(admin, "GET", "/service_connectors?expand_secrets=true&hydrate=true"), at(admin, "GET", "/secrets?size=100")];
    const tried = at(admin, "PUT", `/service_connectors/${id}/verify?list_resources=true`);
    for (const answer of [made, ...(await Promise.all([...asked, ...lists, tried]))]) {
      expect(answer.status).toBe(200);
      expect(answer.text).not.toContain(KEY);
      expect(answer.text).not.toContain("AKIAMAIN");
    }
    expect((await tried).body).toMatchObject({ error: null, resources: [{ resource_type: "s3-bucket", resource_ids: ["s3://wire-bucket"] }] });
    const [left] = await asOwner<{ found: boolean }>(db.ownerUrl, "select exists (select from connector where configuration::text like '%main/key%') as found");
    expect(left?.found).toBe(false);
  });

  it("issues a short-lived credential to who may use it, and the ledger says whom, for what, until when", async () => {
    const id = await register(admin);
    const answer = await at(ci, "GET", `/service_connectors/${id}/client?resource_type=s3-bucket&resource_id=wire-bucket`);
    expect(answer.body).toMatchObject({
      body: { auth_method: "sts-token", resource_id: "s3://wire-bucket", expires_at: expect.any(String) },
      metadata: { configuration: { aws_access_key_id: "ASIATEMP", aws_session_token: "token", region: "us-east-1" } },
    });
    expect(answer.text).not.toContain(KEY);
    expect(await ledger(id)).toEqual([
      { outcome: "issued", reason: null, resource_id: "s3://wire-bucket", reach: "as-main-key", run_id: null, is_capped: false, peer_request_id: "peer-1" },
    ]);
    const trail = await asOwner<{ action: string }>(db.ownerUrl, "select action from audit_entry where target_id = $1 order by seq", [id]);
    expect(trail.map((entry) => entry.action)).toEqual(["connector.created", "connector.issued"]);
  });

  it("refuses what is wider than it is (SEC-9), who may not use it, and a key without an end (SEC-11); each is a row", async () => {
    const id = await register(admin, { resource_id: "s3://wire-bucket" });
    const client = (who: Account, query: string, of = id) => at(who, "GET", `/service_connectors/${of}/client?${query}`);
    expect((await client(ci, "resource_type=s3-bucket&resource_id=s3://other-bucket")).status).toBe(403);
    expect((await client(ci, "resource_type=aws-generic")).status).toBe(403);
    expect((await client(viewer, "resource_type=s3-bucket")).status).toBe(403);
    expect((await ledger(id)).map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ["refused", "wider_than_connector"],
      ["refused", "wider_than_connector"],
      ["refused", "no_grant"],
    ]);
    const long = await register(admin, { auth_method: "secret-key" });
    const refused = await client(admin, "resource_type=s3-bucket&resource_id=wire-bucket", long);
    expect([refused.status, refused.text]).toEqual([403, expect.not.stringContaining(KEY)]);
    expect((await ledger(long)).map(({ reason }) => reason)).toEqual(["long_lived_key"]);
    await asOwner(db.ownerUrl, "update workspace set long_lived_keys_leave = true where id = $1", [workspaceId]);
    const allowed = await client(admin, "resource_type=s3-bucket&resource_id=wire-bucket", long);
    await asOwner(db.ownerUrl, "update workspace set long_lived_keys_leave = false where id = $1", [workspaceId]);
    expect([allowed.status, allowed.text]).toEqual([200, expect.stringContaining(KEY)]);
  });

  it("keeps a life above the cloud's within it, and says so (SEC-10)", async () => {
    const made = await at(admin, "POST", "/service_connectors", wish({ expiration_seconds: 1_000_000 }));
    expect(made.body).toMatchObject({ metadata: { expiration_seconds: 129_600 } });
  });

  it("keeps the keys through a change that sends back their marks, and sends them nowhere else", async () => {
    const id = await register(admin);
    const shown = (await at(admin, "GET", `/service_connectors/${id}?expand_secrets=true`)).body as { metadata: { configuration: Record<string, string> } };
    const { configuration } = shown.metadata;
    expect(configuration.aws_secret_access_key).toMatch(/^\(held by Reeve/);
    expect((await at(admin, "PUT", `/service_connectors/${id}`, wish({ configuration, description: "changed" }))).status).toBe(200);
    const elsewhere = { ...configuration, endpoint_url: "https://elsewhere.example.com" };
    expect((await at(admin, "PUT", `/service_connectors/${id}`, wish({ configuration: elsewhere }))).status).toBe(403);
    expect((await at(admin, "POST", "/service_connectors/verify", wish({ configuration: elsewhere }))).status).toBe(403);
    const client = await at(ci, "GET", `/service_connectors/${id}/client?resource_id=wire-bucket`);
    expect(client.status).toBe(200);
    const rotated = { ...configuration, aws_secret_access_key: "a/new/main/key" };
    expect((await at(admin, "PUT", `/service_connectors/${id}`, wish({ configuration: rotated }))).status).toBe(200);
    const [secret] = await asOwner<{ version: number }>(db.ownerUrl, "select s.version from secret s join connector c on c.secret_id = s.id where c.id = $1", [
      id,
    ]);
    expect(secret?.version).toBe(2);
  });

  it("is connected to components that fit it, and stays while they are", async () => {
    const id = await register(admin);
    const store = idOf(
      await at(admin, "POST", "/components", { name: unique("store"), type: "artifact_store", flavor: "s3", configuration: { path: "s3://wire-bucket" } }),
    );
    const connected = await at(admin, "PUT", `/components/${store}`, { connector: id, connector_resource_id: "s3://wire-bucket" });
    expect(connected.body).toMatchObject({ metadata: { connector_resource_id: "s3://wire-bucket", connector: { id, body: { connector_type: "aws" } } } });
    expect((await at(admin, "DELETE", `/service_connectors/${id}`)).text).toContain("still referenced by 1 stack components");
    const orchestrator = idOf(await at(admin, "POST", "/components", { name: unique("local"), type: "orchestrator", flavor: "local", configuration: {} }));
    expect((await at(admin, "PUT", `/components/${orchestrator}`, { connector: id })).status).toBe(400);
    const started = await startRun(ci.token, SLUG, newId());
    const stack = idOf(await at(admin, "POST", "/stacks", { name: unique("stack"), components: { orchestrator: [orchestrator], artifact_store: [store] } }));
    const token = (await at(ci, "GET", `/api_token?token_type=workload&pipeline_run_id=${started.run}`)).body as string;
    const byRun = () => call(token, SLUG, "GET", `/service_connectors/${id}/client?resource_type=s3-bucket&resource_id=wire-bucket`);
    expect((await byRun()).status, "of a run of another stack").toBe(403);
    await asOwner(db.ownerUrl, "update run set stack_id = $1 where id = $2", [stack, started.run]);
    expect((await byRun()).status, "of a run of its stack").toBe(200);
    expect((await ledger(id)).map(({ outcome, run_id }) => [outcome, run_id])).toEqual([
      ["refused", started.run],
      ["issued", started.run],
    ]);
    expect((await at(admin, "PUT", `/components/${store}`, { connector: null, connector_resource_id: null })).body).toMatchObject({
      metadata: { connector: null },
    });
    expect((await at(admin, "DELETE", `/service_connectors/${id}`)).status).toBe(200);
    expect(await ledger(id), "the ledger stays").toHaveLength(2);
  });

  it("lists what the connectors reach, and what goes wrong with one beside the others", async () => {
    const [good, bad] = [wish(), wish({ configuration: { ...wish().configuration, endpoint_url: "https://10.1.2.3" } })];
    await at(ci, "POST", "/service_connectors", good);
    await at(ci, "POST", "/service_connectors", bad);
    const found = (await at(ci, "GET", "/service_connectors/resources?resource_type=s3-bucket")).body as {
      name: string;
      error: string | null;
      resources: object[];
    }[];
    const of = (name: string) => found.find((one) => one.name === name);
    expect(of(good.name)).toMatchObject({ error: null, resources: [{ resource_ids: ["s3://wire-bucket"] }] });
    expect(of(bad.name)?.error).toMatch(/network/);
    expect((await at(viewer, "GET", "/service_connectors/resources")).status).toBe(403);
  });
});
