import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Moto, startMoto } from "./moto";
import { addServiceAccounts, applySetup, openReeve, rows, type Wire, wireOf, type ZenmlClient, zenmlClient } from "./zenml/client";

// The use case of connectors as one test, with the unmodified client and its S3 integration before moto's STS and S3: an AWS connector with session
// tokens, its buckets, its hidden keys, a credential for one bucket, an artifact store through it, a pipeline that keeps its artifacts there, and
// which run and step used the connector. Then the same files through Reeve, for somebody who may use no connector. Not run against AWS itself.

const WORKSPACE = "fraud-detection";
const BUCKET = "pipeline-lake";
const MAIN_SECRET = "main-secret-of-the-pipeline-test";
let reeve: Awaited<ReturnType<typeof openReeve>>;
let moto: Moto;
let folder: string;
let client: ZenmlClient;
let wire: Wire;
let viewer: Wire;
let said = "";

async function zenml(...args: string[]): Promise<string> {
  const { code, output } = await client.zenml(...args);
  said += output;
  expect(code, `zenml ${args.join(" ")}\n${output}`).toBe(0);
  return output.replace(/\s+/g, " ");
}

beforeAll(async () => {
  [reeve, moto] = await Promise.all([openReeve(), startMoto()]);
  for (const bucket of [BUCKET, "neighbour-lake"]) await moto.makeBucket(bucket);
  applySetup(reeve, { workspaces: [{ name: WORKSPACE, allowNetworks: ["127.0.0.0/8"] }] });
  const keys = addServiceAccounts(reeve, [
    { name: "lake-ci", workspace: WORKSPACE, role: "contributor" },
    { name: "lake-viewer", workspace: WORKSPACE, role: "viewer" },
  ]);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-s3-"));
  const url = `${reeve.url}/${WORKSPACE}`;
  client = zenmlClient(folder, { url, key: keys["lake-ci"] as string });
  [wire, viewer] = await Promise.all([wireOf(url, keys["lake-ci"] as string), wireOf(url, keys["lake-viewer"] as string)]);
});
afterAll(async () => {
  await Promise.all([reeve?.stop(), moto?.stop()]);
  if (folder) fs.rmSync(folder, { recursive: true, force: true });
});

it("a connector is registered, lists its buckets, hides its keys and issues a credential for one bucket", async () => {
  const keys = ["--aws_access_key_id=AKIAPIPELINETEST", `--aws_secret_access_key=${MAIN_SECRET}`, "--region=us-east-1", `--endpoint_url=${moto.url}`];
  const registered = await zenml("service-connector", "register", "lake", "--type=aws", "--auth-method=session-token", "--resource-type=s3-bucket", ...keys);
  expect(registered).toContain(`s3://${BUCKET}`);
  const resources = await zenml("service-connector", "list-resources", "--resource-type=s3-bucket");
  for (const bucket of [BUCKET, "neighbour-lake"]) expect(resources).toContain(`s3://${bucket}`);
  const shown = await zenml("service-connector", "describe", "lake");
  expect(shown).toMatch(/aws_secret_access_key \S* ?\[HIDDEN\]/);
  const issued = await zenml("service-connector", "describe", "lake", "--client", `--resource-id=s3://${BUCKET}`);
  expect(issued).toContain("sts-token");
  expect(said).not.toContain(MAIN_SECRET);
});

it("an artifact store is registered and connected through it, and a pipeline keeps its artifacts there", async () => {
  const kwargs = JSON.stringify({ endpoint_url: moto.url });
  const at = `--path=s3://${BUCKET}/art`;
  await zenml("artifact-store", "register", "lake_store", "--flavor=s3", at, `--client_kwargs=${kwargs}`, "--connector=lake");
  await zenml("artifact-store", "register", "lake_two", "--flavor=s3", at, `--client_kwargs=${kwargs}`);
  expect(await zenml("artifact-store", "connect", "lake_two", "--connector=lake")).toContain("Successfully connected");
  await zenml("stack", "register", "lake_stack", "-o", "default", "-a", "lake_store", "--set");
  const { code, output } = await client.python("pl.py", "main");
  expect(code, output).toBe(0);
  const listed = (await moto.object("GET", `/${BUCKET}?list-type=2`)).toString();
  expect(listed.match(/<Key>art\/[^<]*<\/Key>/g)?.length, listed.slice(0, 2_000)).toBeGreaterThan(5);
});

type Issue = { purpose: string; outcome: string; run_id: string | null; resource_id: string; method: string; reach: string; who: string };
const issues = () =>
  rows<Issue>(
    reeve,
    "select i.purpose, i.outcome, i.run_id, i.resource_id, i.method, i.reach, p.name as who from connector_issue i join principal p on p.id = i.principal_id where i.connector_name = 'lake' order by i.issued_at",
  );

it("the ledger says which run and step used it", async () => {
  const found = await issues();
  expect(found.length).toBeGreaterThan(1);
  for (const issue of found) expect(issue).toMatchObject({ purpose: "client", outcome: "issued", resource_id: `s3://${BUCKET}`, method: "aws/sts-token", reach: "as-main-key" });
});
