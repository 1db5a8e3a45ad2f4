import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FoundIssue, issueRow, issueSource } from "@/lib/connectors/issue-rows";
import { operatorActor } from "@/lib/identity/actor";
import type { IssueRow } from "@/lib/connectors/schema";
import { type Moto, startMoto } from "./moto";
import { startOpenBao } from "./openbao";
import { addServiceAccounts, applySetup, openReeve, rows, type Wire, wireOf, type ZenmlClient, zenmlClient } from "./zenml/client";

// The use case of secrets and connectors as one test, with the unmodified client and its S3 integration before moto's STS and S3: an AWS connector
// with session tokens, its buckets, its hidden keys, a credential for one bucket, an artifact store through it, a pipeline that keeps its artifacts
// there, and which run and step used the connector. On the same stack a pipeline's API key is held in OpenBao and rotated without touching code.
// Then the same files through Reeve, for somebody who may use no connector. Not run against AWS itself.

const WORKSPACE = "lake";
const BUCKET = "pipeline-lake";
const MAIN_SECRET = "main-secret-of-the-pipeline-test";
let reeve: Awaited<ReturnType<typeof openReeve>>;
let moto: Moto;
let bao: Awaited<ReturnType<typeof startOpenBao>>;
let folder: string;
let client: ZenmlClient;
let wire: Wire;
let viewer: Wire;
let said = "";
const FIRST = "canary-key-the-first";
const SECOND = "canary-key-the-second";

async function zenml(...args: string[]): Promise<string> {
  const { code, output } = await client.zenml(...args);
  said += output;
  expect(code, `zenml ${args.join(" ")}\n${output}`).toBe(0);
  return output.replace(/\s+/g, " ");
}

beforeAll(async () => {
  [reeve, moto, bao] = await Promise.all([openReeve(), startMoto(), startOpenBao()]);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-lake-"));
  for (const bucket of [BUCKET, "neighbour-lake"]) await moto.makeBucket(bucket);
  const tokenFile = path.join(folder, "bao.token");
  fs.writeFileSync(tokenFile, `${bao.token}\n`, { mode: 0o600 });
  const secretStore = { type: "vault", method: "token", address: bao.url, tokenFile };
  applySetup(reeve, { workspaces: [{ name: WORKSPACE, allowNetworks: ["127.0.0.0/8"], secretStore }] });
  const keys = addServiceAccounts(reeve, [
    { name: "lake-ci", workspace: WORKSPACE, role: "contributor" },
    { name: "lake-viewer", workspace: WORKSPACE, role: "viewer" },
  ]);
  const url = `${reeve.url}/${WORKSPACE}`;
  // The client's own calls of AWS: verifying asks STS, whatever the connector's address of S3 is.
  client = zenmlClient(path.join(folder, "home"), { url, key: keys["lake-ci"] as string }, { AWS_ENDPOINT_URL: moto.url });
  [wire, viewer] = await Promise.all([wireOf(url, keys["lake-ci"] as string), wireOf(url, keys["lake-viewer"] as string)]);
});
afterAll(async () => {
  await Promise.all([reeve?.stop(), moto?.stop(), bao?.stop()]);
  if (folder) fs.rmSync(folder, { recursive: true, force: true });
});

it("a connector is registered, lists its buckets, hides its keys and issues a credential for one bucket", async () => {
  const keys = ["--aws_access_key_id=AKIAPIPELINETEST", `--aws_secret_access_key=${MAIN_SECRET}`, "--region=us-east-1", `--endpoint_url=${moto.url}`];
  const registered = await zenml("service-connector", "register", "lake", "--type=aws", "--auth-method=session-token", "--resource-type=s3-bucket", ...keys);
  expect(registered).toContain(`s3://${BUCKET}`);
  const resources = await zenml("service-connector", "list-resources", "--resource-type=s3-bucket");
  for (const bucket of [BUCKET, "neighbour-lake"]) expect(resources).toContain(`s3://${bucket}`);
  const shown = await zenml("service-connector", "describe", "lake");
  expect(shown).toContain("session-token");
  expect(shown).not.toContain("aws_secret_access_key");
  const issued = await zenml("service-connector", "describe", "lake", "--client", `--resource-id=s3://${BUCKET}`);
  expect(issued).toContain("sts-token");
  expect(issued).toMatch(/aws_session_token\W+\[HIDDEN\]/);
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

/** The ledger as the product reads it. */
async function ledger(): Promise<IssueRow[]> {
  const pool = new pg.Pool({ connectionString: reeve.ownerUrl, options: "-c search_path=reeve" });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const { rows: found } = await sql<FoundIssue>`select x.* from ${issueSource(operatorActor(""), sql`i.connector_name = 'lake'`)} order by x.at`.execute(db);
    return found.map(issueRow);
  } finally {
    await db.destroy();
  }
}

it("the ledger says which run and which steps used it, and how that is known", async () => {
  const [run] = await rows<{ id: string; status: string }>(
    reeve,
    "select r.id, r.status from run r join pipeline p on p.id = r.pipeline_id join principal u on u.id = r.created_by where p.name = 'wire_pipeline' and u.name = 'lake-ci'",
  );
  expect(run?.status).toBe("completed");
  const found = await ledger();
  for (const issue of found)
    expect(issue).toMatchObject({ purpose: "client", outcome: "issued", resourceId: `s3://${BUCKET}`, method: "aws/sts-token", reach: "as-main-key" });
  const ofRun = found.filter((issue) => issue.run?.id === run?.id);
  expect(ofRun.length, JSON.stringify(found)).toBeGreaterThan(0);
  expect(ofRun.every((issue) => issue.run && !issue.run.isExact)).toBe(true);
  expect([...new Set(ofRun.flatMap((issue) => issue.run?.steps ?? []))].sort()).toEqual(["evaluate", "load", "train"]);
});

describe("a key that is held in OpenBao", () => {
  const digest = (key: string) => createHash("sha256").update(key).digest("hex");
  /** What lies in OpenBao, as its owner reads it. */
  async function held(): Promise<(string | undefined)[]> {
    const { data } = await bao.ask("LIST", "secret/metadata/reeve");
    const found = await Promise.all((data.keys as string[]).map((name) => bao.ask("GET", `secret/data/reeve/${name}`)));
    return found.flatMap((one) => one.data.data.api_key ?? []).sort();
  }
  async function run(): Promise<string> {
    const { code, output } = await client.python("keyed.py");
    expect(code, output).toBe(0);
    return /SEEN (\w+)/.exec(output)?.[1] ?? output;
  }

  it("is rotated without touching code, and the ledgers say which run used which version, and which credential", async () => {
    await zenml("secret", "create", "service", `--api_key=${FIRST}`);
    expect(await held()).toEqual([FIRST]);
    expect(await run()).toBe(digest(FIRST));
    await zenml("secret", "update", "service", `--api_key=${SECOND}`);
    expect(await held()).toEqual([FIRST, SECOND]);
    expect(await run()).toBe(digest(SECOND));
    const uses = await rows<{ id: string; version: number }>(
      reeve,
      `select distinct r.id, r.number, u.version from secret_use u join secret s on s.id = u.secret_id join run r on r.id = u.run_id
       join workspace w on w.id = u.workspace_id where w.slug = '${WORKSPACE}' and s.name = 'service' order by r.number`,
    );
    expect(uses.map(({ version }) => version)).toEqual([1, 2]);
    const issues = await ledger();
    for (const { id } of uses) expect(issues.some((issue) => issue.run?.id === id)).toBe(true);
  });

  it("is nowhere in the database", async () => {
    const versions = await rows<{ at: string }>(
      reeve,
      `select row_to_json(v)::text as at from secret_version v join secret s on s.id = v.secret_id join workspace w on w.id = v.workspace_id
       where w.slug = '${WORKSPACE}' and s.name = 'service' and v.store_id is not null`,
    );
    expect(versions).toHaveLength(2);
    for (const { at } of versions) for (const form of ["utf8", "hex"] as const) expect(at).not.toContain(Buffer.from("canary-key").toString(form));
  });
});

describe("who may use no connector, through Reeve", () => {
  const one = async (path: string) => ((await viewer("GET", path)).body as { items: { id: string }[] }).items[0]?.id as string;

  it("reads the logs of a step", async () => {
    const [step] = await rows<{ id: string }>(
      reeve,
      "select s.id from step_run s join run r on r.id = s.run_id join principal u on u.id = r.created_by where u.name = 'lake-ci' and s.name = 'load'",
    );
    const { status, body } = await viewer("GET", `/steps/${step?.id}/logs?source=step`);
    expect(status, JSON.stringify(body)).toBe(200);
    expect(JSON.stringify(body)).toContain(`"message":"loading"`);
  });

  it("sees a visualization and downloads the files of an artifact", async () => {
    const version = await one("/artifact_versions?artifact=linear");
    const made = await wire("GET", `/artifact_versions/${version}`);
    expect((made.body as { body: { uri: string } }).body.uri).toContain(`s3://${BUCKET}/art/`);
    const token = await viewer("GET", `/artifact_versions/${version}/download-token`);
    expect(token.status, JSON.stringify(token.body)).toBe(200);
    const answer = await fetch(`${reeve.url}/${WORKSPACE}/api/v1/artifact_versions/${version}/data?token=${token.body as string}`);
    expect(answer.status).toBe(200);
    const archive = path.join(folder, "linear.tar.gz");
    fs.writeFileSync(archive, Buffer.from(await answer.arrayBuffer()));
    const listed = execFileSync("tar", ["tzf", archive], { encoding: "utf8" });
    expect(listed).toContain("data.json");
    const shown = await viewer("GET", `/artifact_versions/${version}/visualize?index=0`);
    expect(shown.status, JSON.stringify(shown.body)).toBe(200);
  });

  it("is in the ledger with what Reeve was issued for him, and is refused the connector itself", async () => {
    const served = (await ledger()).filter((issue) => issue.purpose === "server");
    // One in each of Reeve's processes that read for him.
    expect(served.length).toBeGreaterThan(0);
    for (const issue of served) expect([issue.who?.name, issue.outcome, issue.resourceId]).toEqual(["lake-viewer", "issued", `s3://${BUCKET}`]);
    const [connector] = await rows<{ id: string }>(reeve, "select id from connector where name = 'lake'");
    expect((await viewer("GET", `/service_connectors/${connector?.id}/client?resource_id=${BUCKET}`)).status).toBe(403);
  });
});

it("a store of secrets that is away is a 503 that says why and what to do, and nothing changes", async () => {
  await bao.ask("PUT", "sys/seal");
  const { items } = (await wire("GET", "/secrets?name=service")).body as { items: { id: string }[] };
  const read = await wire("GET", `/secrets/${items[0]?.id}`);
  expect(read.status).toBe(503);
  expect(JSON.stringify(read.body)).toMatch(/sealed/);
  expect(JSON.stringify(read.body)).toMatch(/\(request [0-9a-f-]{36}\)/);
  expect((await wire("POST", "/secrets", { name: "never", values: { a: "canary-key-three" }, private: false })).status).toBe(503);
  expect(await rows(reeve, "select id from secret where name = 'never'")).toEqual([]);
});
