import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startOpenBao } from "./openbao";
import { addServiceAccounts, applySetup, openReeve, rows, type Wire, wireOf, type ZenmlClient, zenmlClient } from "./zenml/client";

// The seeds' use case: a pipeline's API key is held in OpenBao and rotated without touching code. The unmodified client asks for it by name.

let reeve: Awaited<ReturnType<typeof openReeve>>;
let bao: Awaited<ReturnType<typeof startOpenBao>>;
let folder: string;
let client: ZenmlClient;
let wire: Wire;
const FIRST = "canary-key-the-first";
const SECOND = "canary-key-the-second";
const digest = (key: string) => createHash("sha256").update(key).digest("hex");

beforeAll(async () => {
  [reeve, bao] = await Promise.all([openReeve(), startOpenBao()]);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-vault-"));
  const tokenFile = path.join(folder, "bao.token");
  fs.writeFileSync(tokenFile, `${bao.token}\n`, { mode: 0o600 });
  const secretStore = { type: "vault", method: "token", address: bao.url, tokenFile };
  applySetup(reeve, { workspaces: [{ name: "vaulted", allowNetworks: ["127.0.0.0/8"], secretStore }] });
  const { runner } = addServiceAccounts(reeve, [{ name: "runner", workspace: "vaulted", role: "contributor" }]);
  const login = { url: `${reeve.url}/vaulted`, key: runner as string };
  client = zenmlClient(path.join(folder, "home"), login);
  wire = await wireOf(login.url, login.key);
});
afterAll(async () => {
  await Promise.all([reeve?.stop(), bao?.stop()]);
  if (folder) fs.rmSync(folder, { recursive: true, force: true });
});

/** What lies in OpenBao, as its owner reads it. */
async function held(): Promise<string[]> {
  const { data } = await bao.ask("LIST", "secret/metadata/reeve");
  const found = await Promise.all((data.keys as string[]).map((name) => bao.ask("GET", `secret/data/reeve/${name}`)));
  return found.map((one) => one.data.data.api_key as string).sort();
}

async function run(): Promise<string> {
  const { code, output } = await client.python("keyed.py");
  expect(code, output).toBe(0);
  return /SEEN (\w+)/.exec(output)?.[1] ?? output;
}

it("the second run reads the rotated key, and the ledger says which run used which version", async () => {
  const made = await client.zenml("secret", "create", "service", `--api_key=${FIRST}`);
  expect(made.code, made.output).toBe(0);
  expect(await held()).toEqual([FIRST]);
  expect(await run()).toBe(digest(FIRST));
  const rotated = await client.zenml("secret", "update", "service", `--api_key=${SECOND}`);
  expect(rotated.code, rotated.output).toBe(0);
  expect(await held()).toEqual([FIRST, SECOND]);
  expect(await run()).toBe(digest(SECOND));
  const uses = await rows<{ number: number; version: number }>(
    reeve,
    `select distinct r.number::int as number, u.version from secret_use u join secret s on s.id = u.secret_id join run r on r.id = u.run_id
     join workspace w on w.id = u.workspace_id where w.slug = 'vaulted' and s.name = 'service' order by 1`,
  );
  expect(uses).toEqual([
    { number: 1, version: 1 },
    { number: 2, version: 2 },
  ]);
});

it("no value is in the database", async () => {
  const versions = await rows<{ at: string }>(
    reeve,
    "select encode(sealed, 'escape') || encode(wrapped_key, 'escape') as at from secret_version v join workspace w on w.id = v.workspace_id where w.slug = 'vaulted' and store_id is not null",
  );
  expect(versions).toHaveLength(2);
  for (const { at } of versions) expect(at).not.toMatch(/canary-key/);
});

it("a store that is away is a 503 that says why and what to do, and nothing changes", async () => {
  await bao.ask("PUT", "sys/seal");
  const { items } = (await wire("GET", "/secrets")).body as { items: { id: string }[] };
  const read = await wire("GET", `/secrets/${items[0]?.id}`);
  expect(read.status).toBe(503);
  expect(JSON.stringify(read.body)).toMatch(/sealed/);
  expect(JSON.stringify(read.body)).toMatch(/\(request [0-9a-f-]{36}\)/);
  expect((await wire("POST", "/secrets", { name: "never", values: { a: "canary-key-three" }, private: false })).status).toBe(503);
  const [left] = await rows<{ count: number }>(reeve, "select count(*)::int as count from secret where name = 'never'");
  expect(left?.count).toBe(0);
});
