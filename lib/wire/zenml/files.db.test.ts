import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { forgetEnvironment } from "@/lib/kernel/env";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { serveZenml } from "./serve";
import { type Account, call, makeAccount, makeWireWorkspaces } from "./test-wire";

// Contents of artifacts on the wire: visualizations as they were recorded, and a download by a link that works once, without a login.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
const SLUG = "fraud-detection";
const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "reeve-wire-files-")));
let account: Account;
let id: string;
let bare: string;

beforeAll(async () => {
  process.env.REEVE_LOCAL_ARTIFACT_ROOTS = `${SLUG}=${root}`;
  forgetEnvironment();
  const { organizationId, workspaces } = await makeWireWorkspaces([SLUG]);
  account = await makeAccount(organizationId, workspaces[SLUG] as string, SLUG, "workspace-admin");
  const send = async (method: string, at: string, body?: unknown) => (await call(account.token, SLUG, method, at, body)).body as never;
  const project = ((await send("GET", "/projects")) as { items: { id: string }[] }).items[0]?.id;
  const store = ((await send("GET", "/components?type=artifact_store")) as { items: { id: string }[] }).items[0]?.id as string;
  const folder = path.join(root, store, "a");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "data.json"), '{"a": 1.0, "b": 2.0}');
  fs.writeFileSync(path.join(folder, "plot.png"), Buffer.from("89504e470d0a1a0a00", "hex"));
  const version = (name: string, visualizations: unknown[]) => ({
    project,
    artifact_name: name,
    type: "DataArtifact",
    uri: folder,
    artifact_store_id: store,
    materializer: { module: "m" },
    data_type: { module: "d" },
    save_type: "manual",
    visualizations,
  });
  const made = (await send("POST", "/artifact_versions/batch", [
    version("drawn", [
      { type: "json", uri: path.join(folder, "data.json") },
      { type: "image", uri: path.join(folder, "plot.png") },
      { type: "html", uri: "/etc/passwd" },
    ]),
    version("bare", []),
  ])) as { id: string }[];
  [id = "", bare = ""] = made.map((one) => one.id);
});

afterAll(() => {
  fs.rmSync(root, { recursive: true, force: true });
  delete process.env.REEVE_LOCAL_ARTIFACT_ROOTS;
  forgetEnvironment();
});

const get = (at: string) => call(account.token, SLUG, "GET", `/artifact_versions/${at}`);

describe("visualize", () => {
  it("gives text as it is and pictures in base64", async () => {
    expect((await get(`${id}/visualize`)).body).toEqual({ type: "json", value: '{"a": 1.0, "b": 2.0}' });
    expect((await get(`${id}/visualize?index=0`)).body).toEqual({ type: "json", value: '{"a": 1.0, "b": 2.0}' });
    expect((await get(`${id}/visualize?index=1`)).body).toEqual({ type: "image", value: Buffer.from("89504e470d0a1a0a00", "hex").toString("base64") });
  });

  it.each([
    [() => `${id}/visualize?index=3`, 404, "KeyError"],
    [() => `${id}/visualize?index=-1`, 404, "KeyError"],
    [() => `${id}/visualize?index=x`, 404, "KeyError"],
    [() => `${bare}/visualize`, 404, "KeyError"],
    [() => `${id}/visualize?index=2`, 403, "IllegalOperationError"],
  ])("%s is refused", async (at, status, name) => {
    expect(await get(at())).toMatchObject({ status, body: { detail: [name, expect.any(String)] } });
  });
});

describe("data", () => {
  const token = async () => (await get(`${id}/download-token`)).body as string;
  const open = (secret: string, version = id) => serveZenml(new Request(`http://reeve.test/${SLUG}/api/v1/artifact_versions/${version}/data?token=${secret}`));

  it("is a gzipped tar, once, for who has the token and nothing else; making it leaves an entry", async () => {
    const from = await lastSeq(db.ownerUrl);
    const secret = await token();
    expect(await trailAfter(db.ownerUrl, from)).toMatchObject([{ action: "artifact-version.download-issued", outcome: "allowed" }]);
    const answer = await open(secret);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/gzip");
    const names = execFileSync("tar", ["tzf", "-"], { input: Buffer.from(await answer.arrayBuffer()), encoding: "utf8" });
    expect(names.trim().split("\n")).toEqual(["data.json", "plot.png"]);
    const again = await open(secret);
    expect([again.status, ((await again.json()) as { detail: string[] }).detail[0]]).toEqual([403, "IllegalOperationError"]);
  });

  it("is not given for another version, a guess, or a key in its place", async () => {
    const secret = await token();
    expect((await open(secret, bare)).status).toBe(404);
    for (const guess of ["", "x".repeat(43), account.key, account.token]) expect((await open(guess)).status).toBe(404);
    expect((await open(secret)).status).toBe(200);
  });

  it("is not given once the key that asked is taken back", async () => {
    const secret = await token();
    await asOwner(db.ownerUrl, "update api_key set active = false where id = $1", [account.keyId]);
    expect((await open(secret)).status).toBe(401);
    await asOwner(db.ownerUrl, "update api_key set active = true where id = $1", [account.keyId]);
    expect((await open(secret)).status).toBe(200);
  });
});
