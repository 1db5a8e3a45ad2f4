import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { createComponent } from "@/lib/components/create-component";
import { registerConnector } from "@/lib/connectors/register-connector";
import { updateConnector } from "@/lib/connectors/update-connector";
import { type CallContext, execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { readStart } from "./read-file";
import { findArtifactStore, openStore } from "./store";

// Files of a store that is reached through its connector: who may read them needs no right to the connector, and each credential that the server
// gets for it stands in the ledger in the reader's name.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
const KEY = "main/key/that/never/leaves";
let acme: TestOrganization;
let admin: CallContext;
let [vera, aiko]: CallContext[] = [];
let aws: http.Server;
let endpoint = "";
/** Sessions that were made, and those that are taken back. */
let made = 0;
const revoked = new Set<string>();
let asked: string[] = [];

const credentials = (token: string) =>
  `<R><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>temporary</SecretAccessKey><SessionToken>${token}</SessionToken><Expiration>${new Date(Date.now() + 900_000).toISOString()}</Expiration></Credentials></R>`;

beforeAll(async () => {
  aws = http.createServer((request, response) => {
    if (request.method === "POST") return response.end(credentials(`token-${++made}`));
    asked.push(`${request.method} ${request.url}`);
    if (revoked.has(String(request.headers["x-amz-security-token"]))) return response.writeHead(403).end();
    if (!request.url?.startsWith("/lake/art/")) return response.writeHead(404).end();
    response.writeHead(200, { "content-length": 5, etag: '"1"', "content-encoding": "gzip" }).end(request.method === "HEAD" ? "" : "files");
  });
  await new Promise<void>((resolve) => aws.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
  acme = await makeTestOrganization();
  const { workspace } = acme.own;
  await asOwner(db.ownerUrl, "update workspace set allow_networks = '{127.0.0.0/8}' where id = $1", [workspace.id]);
  admin = callAs(acme.people["workspace-admin"], workspace);
  vera = callAs(acme.people.viewer, workspace);
  aiko = callAs(acme.people.auditor, workspace);
});
afterAll(() => new Promise((resolve) => aws.close(resolve)));
beforeEach(() => {
  revoked.clear();
  asked = [];
});

const keys = () => ({ aws_access_key_id: "AKIAMAIN", aws_secret_access_key: KEY, region: "us-east-1", endpoint_url: endpoint });
const register = async (resourceId: string | null = null) => {
  const wish = { name: `lake-${newId().slice(-8)}`, type: "aws", method: "session-token", resourceTypes: ["s3-bucket"], resourceId, configuration: keys() };
  return (await registerConnector(admin, wish, { isLax: false, tries: "skip" })).id;
};
const component = (connection: { id: string } | null, configuration: object = {}) =>
  execute(createComponent, admin, {
    name: `store-${newId().slice(-8)}`,
    type: "artifact_store",
    flavor: "s3",
    configuration: JSON.stringify({ path: "s3://lake/art", ...configuration }),
    connection,
  });
async function read(context: CallContext | undefined, id: string, uri = "s3://lake/art/a.txt"): Promise<string> {
  const { workspace } = acme.own;
  const store = await inScope([workspace.id], (tx) => findArtifactStore(tx, workspace.id, id));
  const file = await openStore(context as CallContext, store).openFile(uri, 1_000);
  return (await readStart(file, 1_000)).toString();
}
const ledger = (connector: string) =>
  asOwner<{ principal_id: string; outcome: string; purpose: string; resource_id: string; request_id: string }>(
    db.ownerUrl,
    "select principal_id, outcome, purpose, resource_id, request_id from connector_issue where connector_id = $1 order by issued_at",
    [connector],
  );

describe("a connected store", () => {
  it("is read by who may use no connector, as it is kept, with one credential for his reads, in the ledger and the trail by his name", async () => {
    const connector = await register();
    const id = await component({ id: connector });
    const from = await lastSeq(db.ownerUrl);
    expect(await read(vera, id)).toBe("files");
    expect(await read(vera, id, "s3://lake/art/b/c.txt")).toBe("files");
    expect(await ledger(connector)).toMatchObject([
      { principal_id: acme.people.viewer.id, outcome: "issued", purpose: "server", resource_id: "s3://lake", request_id: vera?.request.requestId },
    ]);
    expect(await trailAfter(db.ownerUrl, from)).toMatchObject([{ action: "connector.issued", outcome: "allowed" }]);
    await read(aiko, id);
    expect((await ledger(connector)).map((row) => row.principal_id)).toEqual([acme.people.viewer.id, acme.people.auditor.id]);
  });

  it("asks anew when the credential was taken back outside, and when the connector was changed", async () => {
    const connector = await register();
    const id = await component({ id: connector });
    await read(vera, id);
    revoked.add(`token-${made}`);
    expect(await read(vera, id)).toBe("files");
    expect(await ledger(connector)).toHaveLength(2);
    await asOwner(db.ownerUrl, "update connector_issue set revoked_at = now() where connector_id = $1", [connector]);
    await read(vera, id);
    expect(await ledger(connector), "one that was revoked here").toHaveLength(3);
    await updateConnector(admin, { id: connector, configuration: { ...keys(), aws_secret_access_key: "another" } }, { isLax: false, tries: "skip" });
    await read(vera, id);
    expect(await ledger(connector)).toHaveLength(4);
  });

  it("says what the other side refused, and asks no more than once for another credential", async () => {
    const connector = await register();
    const id = await component({ id: connector });
    for (const n of [1, 2, 3, 4]) revoked.add(`token-${made + n}`);
    await expect(read(vera, id)).rejects.toMatchObject({ code: "forbidden", reason: "store_unreachable", message: expect.stringContaining("refused") });
    await expect(read(vera, id)).rejects.toMatchObject({ code: "forbidden" });
    expect(await ledger(connector)).toHaveLength(2);
  });

  it("keeps to its path and bucket, and sends what was issued nowhere else than where the connector says", async () => {
    const connector = await register();
    const id = await component({ id: connector });
    for (const uri of ["s3://lake/other/a.txt", "s3://lake-two/art/a.txt", "s3://lake/art/../other/a.txt"])
      await expect(read(vera, id, uri), uri).rejects.toMatchObject({ code: "forbidden", reason: "outside_store" });
    const elsewhere = await component({ id: connector }, { client_kwargs: { endpoint_url: "https://evil.example" } });
    await expect(read(vera, elsewhere)).rejects.toMatchObject({ code: "forbidden", message: expect.stringContaining("another address") });
    expect(asked).toEqual([]);
    expect(await read(vera, await component({ id: connector }, { client_kwargs: { endpoint_url: `${endpoint}/` } }))).toBe("files");
    const narrow = await register("s3://other-lake");
    await expect(component({ id: narrow })).rejects.toMatchObject({ code: "bad_request" });
    await asOwner(db.ownerUrl, "update component set connector_id = $1 where id = $2", [narrow, id]);
    await expect(read(vera, id)).rejects.toMatchObject({ code: "forbidden" });
  });

  it("reads no other bucket because a path says so, where the connection names none", async () => {
    const id = await component({ id: await register() });
    await asOwner(db.ownerUrl, "update component set connector_resource_id = null where id = $1", [id]); // as of a flavor that doesn't say which field names it
    await expect(read(vera, id)).rejects.toMatchObject({ code: "forbidden", message: expect.stringContaining("no resource by name") });
    expect(asked).toEqual([]);
  });

  it("what a rule refuses is a denial in the trail, once for all looks within minutes and for each reader; what is away is none", async () => {
    const connector = await register();
    const id = await component({ id: connector });
    const elsewhere = await component({ id: connector }, { client_kwargs: { endpoint_url: "https://evil.example" } });
    const narrowed = await component({ id: connector });
    await asOwner(db.ownerUrl, "update component set connector_id = $1 where id = $2", [await register("s3://other-lake"), narrowed]);
    const unnamed = await component({ id: connector });
    await asOwner(db.ownerUrl, "update component set connector_resource_id = null where id = $1", [unnamed]);
    const from = await lastSeq(db.ownerUrl);
    for (const uri of ["s3://lake/other/a.txt", "s3://lake/other/b.txt"]) await expect(read(vera, id, uri)).rejects.toThrow("outside");
    await expect(read(aiko, id, "s3://lake/other/a.txt")).rejects.toThrow("outside");
    for (let look = 0; look < 3; look++)
      for (const [store, words] of [
        [elsewhere, "another address"],
        [narrowed, "is for s3://other-lake"],
        [unnamed, "no resource by name"],
      ] as const)
        await expect(read(vera, store)).rejects.toThrow(words);
    await expect(read(vera, await component(null))).rejects.toThrow("has no connector");
    const denials = await asOwner<{ action: string; who: string; reason: string; target: string }>(
      db.ownerUrl,
      "select action, actor_id as who, reason, target_id as target from audit_entry where seq > $1 and outcome = 'denied' order by seq",
      [from],
    );
    const [viewer, auditor] = [acme.people.viewer.id, acme.people.auditor.id];
    expect(denials).toMatchObject([
      { action: "artifact-store.read", who: viewer, reason: "outside_store", target: id },
      { action: "artifact-store.read", who: auditor, reason: "outside_store", target: id },
      { action: "artifact-store.read", who: viewer, reason: "another_address", target: elsewhere },
      { action: "connector.issued", who: viewer, reason: "wider_than_connector" },
      { action: "artifact-store.read", who: viewer, reason: "another_resource", target: unnamed },
    ]);
    expect(await ledger(denials[3]?.target ?? "")).toMatchObject([{ outcome: "refused", purpose: "server", principal_id: viewer }]);
  });

  it("says of one without a connector what is missing", async () => {
    await expect(read(vera, await component(null))).rejects.toThrow("has no connector");
  });
});
