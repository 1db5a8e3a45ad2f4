import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { guardedCall } from "@/lib/outgoing/guarded-call";
import { awsKms } from "@/lib/providers/key-services/aws-kms";
import { vaultTransit } from "@/lib/providers/key-services/vault-transit";
import { type RunningReeve, ROOT, startReeve } from "../fixtures";
import { startMoto } from "./moto";
import { startOpenBao } from "./openbao";
import { rows, type Wire, wireOf } from "./zenml/client";

// A master key that a real OpenBao seals by its transit engine, and one that moto's KMS does, with a whole Reeve.

let folder: string;
let bao: Awaited<ReturnType<typeof startOpenBao>>;
let moto: Awaited<ReturnType<typeof startMoto>>;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-kms-"));
  [bao, moto] = await Promise.all([startOpenBao(), startMoto()]);
  await bao.ask("POST", "sys/mounts/transit", { type: "transit" });
  await bao.ask("POST", "transit/keys/reeve", {});
});
afterAll(async () => {
  await Promise.all([bao?.stop(), moto?.stop()]);
  if (folder) fs.rmSync(folder, { recursive: true, force: true });
});

/** Beside this process, so that what is read meanwhile is read meanwhile. */
const command = async (reeve: RunningReeve, env: Record<string, string>, ...args: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, ["scripts/reeve.mjs", ...args], {
    cwd: ROOT,
    env: { ...process.env, REEVE_ALLOW_NETWORKS: "127.0.0.0/8", ...env, REEVE_DATA: reeve.dataDirectory, NODE_ENV: "production" },
  });
  return stdout;
};

const make = (wire: Wire, name: string) => wire("POST", "/secrets", { name, private: false, values: { key: `value of ${name}` } });
async function keyOf(wire: Wire, id: string): Promise<unknown> {
  const { status, body } = await wire("GET", `/secrets/${id}`);
  return status === 200 ? (body as { body: { values: { key: string } } }).body.values.key : status;
}

async function makeKmsKey(): Promise<string> {
  const authorization = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=0";
  const headers = { authorization, "content-type": "application/x-amz-json-1.1", "x-amz-target": "TrentService.CreateKey" };
  const answer = await fetch(moto.url, { method: "POST", headers, body: "{}" });
  return ((await answer.json()) as { KeyMetadata: { KeyId: string } }).KeyMetadata.KeyId;
}

it("each service opens what it sealed, and says when it refuses", async () => {
  const call = guardedCall(["127.0.0.0/8"]);
  const transit = (token: string) => vaultTransit({ address: bao.url, mount: "transit", key: "reeve", token: async () => token }, call);
  const credentials = () => ({ accessKeyId: "AKIATEST", secretAccessKey: "test-secret" });
  const kms = awsKms({ region: "us-east-1", key: await makeKmsKey(), endpoint: moto.url, credentials }, call);
  const root = Buffer.alloc(32, 5);
  for (const service of [transit(bao.token), kms]) {
    const wrapped = await service.wrap(root);
    expect(wrapped).not.toContain(root.toString("base64"));
    expect(await service.unwrap(wrapped)).toEqual(root);
  }
  await bao.ask("POST", "transit/keys/reeve/rotate", {});
  await expect(transit("canary-token").wrap(root)).rejects.toMatchObject({ name: "KeyServiceError", message: expect.not.stringContaining("canary") });
});

it("OpenBao: sealed without it, open by itself when it answers, rotated by the command line under a running server", async () => {
  const tokenFile = path.join(folder, "token");
  fs.writeFileSync(tokenFile, "not yet", { mode: 0o600 });
  const env = { REEVE_KMS_URL: `vault+${bao.url}/transit/reeve`, REEVE_KMS_TOKEN_FILE: tokenFile };
  const reeve = await startReeve({ env });
  try {
    const wire = await wireOf(`${reeve.url}/fraud-detection`, reeve.keys.ci);
    const refused = await make(wire, "sealed");
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([503, expect.stringContaining("A master key is missing")]);
    expect(JSON.stringify(refused.body), "neither the service nor the token's file is named to who asks").not.toMatch(/transit|127\.0\.0\.1|token/);
    expect(await (await fetch(`${reeve.url}/api/health/ready`)).json()).toMatchObject({ secrets: "sealed" });
    fs.writeFileSync(tokenFile, bao.token);
    await sleep(6_000);
    expect(await (await fetch(`${reeve.url}/api/health/ready`)).json()).toEqual({ status: "ok" });
    const made = await make(wire, "kept");
    expect(made.status).toBe(200);
    const { id } = made.body as { id: string };
    expect(fs.readdirSync(path.join(reeve.dataDirectory, "keys")).filter((name) => name.startsWith("master"))).toEqual([]);

    let [reads, failed, isOver] = [0, 0, false];
    const reader = (async () => {
      for (; !isOver; reads++) if ((await keyOf(wire, id)) !== "value of kept") failed++;
    })();
    const before = await rows<{ id: string }>(reeve, "select id from master_key where state = 'active'");
    const said = await command(reeve, env, "rotate-master-key");
    const after = await rows<{ id: string }>(reeve, "select id from master_key where state = 'active'");
    await sleep(500);
    isOver = true;
    await reader;
    expect(after[0]?.id).not.toBe(before[0]?.id);
    expect(said).toContain(`sealed under the master key ${after[0]?.id}`);
    expect(await rows(reeve, "select distinct master_key_id as id from secret_version")).toEqual(after);
    expect([reads > 3, failed]).toEqual([true, 0]);
  } finally {
    await reeve.stop();
  }
});

it("AWS KMS before moto: the same key is opened by every process, and rotated", async () => {
  const key = await makeKmsKey();
  const env = { REEVE_KMS_URL: `aws-kms://us-east-1/${key}?endpoint=${moto.url}`, AWS_ACCESS_KEY_ID: "AKIATEST", AWS_SECRET_ACCESS_KEY: "test-secret" };
  const reeve = await startReeve({ env });
  try {
    const wire = await wireOf(`${reeve.url}/fraud-detection`, reeve.keys.ci);
    const { body } = await make(wire, "kept");
    const { id } = body as { id: string };
    expect(await command(reeve, env, "rotate-master-key")).toContain("Everything is sealed under the master key");
    for (let read = 0; read < 8; read++) expect(await keyOf(wire, id)).toBe("value of kept");
    const [row] = await rows<{ wrapped: string }>(reeve, "select wrapped from master_key where state = 'active'");
    expect(row?.wrapped.length).toBeGreaterThan(60);
  } finally {
    await reeve.stop();
  }
});
