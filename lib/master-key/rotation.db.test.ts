import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { drainOutbox } from "@/lib/jobs/outbox";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { keptKey } from "@/lib/kernel/kept-key";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { seal, unseal } from "@/lib/kernel/seal";
import { tries } from "@/lib/kernel/soak";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { inScope, outsideScope } from "@/lib/kernel/transaction";
import { CLIENT_SECRET } from "@/lib/sso/connection";
import { organizationPlace, readVersion, writeOrganizationVersion, writeVersion } from "@/lib/secrets/versions";
// @ts-expect-error plain JavaScript
import { bundle, ROOT } from "../../scripts/bundle.mjs";
import { getMasterKeys } from "./get-master-keys";
import { rotateMasterKey } from "./rotate-master-key";
import { SEALED_COLUMNS } from "./sealed-rows";

// SEC-8: the master key moves while everything is read, and killing whoever moves it loses nothing.

const db = useTestDatabase();
const key = (byte: number) => Buffer.alloc(32, byte).toString("base64");
let acme: TestOrganization;
let data: string;

function withKeys(values: { REEVE_MASTER_KEY?: string; REEVE_OLD_MASTER_KEYS?: string }): void {
  for (const name of ["REEVE_MASTER_KEY", "REEVE_OLD_MASTER_KEYS"] as const) {
    if (values[name]) process.env[name] = values[name];
    else delete process.env[name];
  }
  process.env.REEVE_DATA = data;
  forgetEnvironment();
  forgetKeys();
}

beforeAll(async () => {
  data = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-rotation-"));
  fs.mkdirSync(path.join(data, "keys"));
  withKeys({ REEVE_MASTER_KEY: key(1) });
  acme = await makeTestOrganization();
});
afterAll(() => fs.rmSync(data, { recursive: true }));
beforeEach(async () => {
  withKeys({ REEVE_MASTER_KEY: key(1) });
  for (const table of ["organization_secret_version", "organization_secret", "secret_version", "secret", "kept_key", "sso_connection", "master_key", "outbox"])
    await asOwner(db.ownerUrl, `delete from ${table}`);
});

type Made = { id: string; value: string };

/** Secrets of both workspaces, by the one way that versions are written. */
async function makeSecrets(count: number): Promise<Made[]> {
  const made: Made[] = [];
  for (const { workspace } of [acme.own, acme.foreign])
    await inScope([workspace.id], async (tx) => {
      for (let at = 0; at < count / 2; at++) {
        const [id, value] = [newId(), `value-${newId()}`];
        await tx
          .insertInto("secret")
          .values({ id, workspace_id: workspace.id, name: id, key_names: ["a"] })
          .execute();
        const written = { organizationId: acme.id, values: { a: value }, createdBy: acme.people.contributor.id, requestId: "r" };
        await writeVersion(tx, { workspaceId: workspace.id, secretId: id, version: 1 }, written);
        made.push({ id: `${workspace.id}/${id}`, value });
      }
    });
  return made;
}

const read = ({ id }: Made) => {
  const [workspaceId = "", secretId = ""] = id.split("/");
  return inScope([workspaceId], async (tx) => (await readVersion(tx, acme.id, { workspaceId, secretId, version: 1 })).a);
};
const readAll = async (made: readonly Made[]) => {
  for (const one of made) expect(await read(one)).toBe(one.value);
};
const rotate = () => execute(rotateMasterKey, callAs(acme.people["system-admin"]), {});
const keys = () => ask(getMasterKeys, callAs(acme.people["system-admin"]), {});
const drainAll = async () => {
  while ((await drainOutbox()) > 0);
};

it("moves everything from one key of the environment to the next, says who and when, and the old key is needed no more", async () => {
  const made = await makeSecrets(40);
  const connection = newId();
  const clientSecret = await outsideScope((tx) => seal(tx, CLIENT_SECRET, connection, "client-secret"));
  const directory = newId();
  await asOwner(db.ownerUrl, "insert into directory (id, organization_id, slug, name, provider) values ($1, $2, 'x', 'x', 'claims')", [directory, acme.id]);
  await asOwner(
    db.ownerUrl,
    "insert into sso_connection (id, organization_id, slug, name, provider, protocol, secret_sealed, directory_id) values ($1, $2, 'x', 'x', 'generic', 'oidc', $3, $4)",
    [connection, acme.id, clientSecret, directory],
  );
  const kept = await outsideScope((tx) => keptKey(tx, "sso-store"));
  await expect(rotate(), "no new key is named").rejects.toMatchObject({ code: "conflict", reason: "no_new_key" });
  const values = await asOwner(db.ownerUrl, "select md5(string_agg(sealed, '' order by secret_id)) as digest from secret_version");

  withKeys({ REEVE_MASTER_KEY: key(2), REEVE_OLD_MASTER_KEYS: key(1) });
  const seq = await lastSeq(db.ownerUrl);
  const old = (await keys()).keys.find((one) => one.state === "active")?.id;
  const { id } = await rotate();
  await expect(rotate()).rejects.toMatchObject({ code: "conflict", reason: "under_way" });
  await readAll(made.slice(0, 3));
  await drainAll();

  const after = await keys();
  expect(after.move).toBeNull();
  expect(after.keys).toMatchObject([
    { id, state: "active", by: expect.any(String) },
    { id: old, state: "retired", retiredAt: expect.any(String) },
  ]);
  const trail = await trailAfter(db.ownerUrl, seq);
  expect(trail.map((entry) => [entry.action, entry.actor_id])).toEqual([
    ["master-key.rotation-started", acme.people["system-admin"].id],
    ["master-key.retired", null],
  ]);
  const [ending] = await asOwner<{ id: string }>(
    db.ownerUrl,
    "select on_behalf_of as id from audit_entry where action = 'master-key.retired' and target_id = $1",
    [old],
  );
  expect(ending?.id).toBe(acme.people["system-admin"].id);
  expect(await asOwner(db.ownerUrl, "select md5(string_agg(sealed, '' order by secret_id)) as digest from secret_version"), "values are not touched").toEqual(
    values,
  );
  withKeys({ REEVE_MASTER_KEY: key(2) });
  await readAll(made);
  const [row] = await asOwner<{ secret_sealed: Buffer }>(db.ownerUrl, "select secret_sealed from sso_connection where id = $1", [connection]);
  expect(unseal(CLIENT_SECRET, connection, row?.secret_sealed as Buffer)).toBe("client-secret");
  expect(await outsideScope((tx) => keptKey(tx, "sso-store"))).toEqual(kept);
  expect((await keys()).sealed).toBeNull();
});

it("makes the next key itself where keys are files, and puts the old file aside for backups", async () => {
  const file = (name: string) => path.join(data, "keys", name);
  fs.writeFileSync(file("master.key"), key(5), { mode: 0o600 });
  withKeys({});
  const made = await makeSecrets(10);
  const before = (await keys()).keys[0]?.id;
  const { id } = await rotate();
  expect(fs.readdirSync(path.join(data, "keys")).sort()).toEqual([`master-${id}.key`, "master.key"]);
  await drainAll();
  expect(fs.readdirSync(path.join(data, "keys")).sort()).toEqual(["master.key", `retired-${before}.key`]);
  expect(fs.readFileSync(file(`retired-${before}.key`), "utf8")).toBe(key(5));
  withKeys({});
  await readAll(made);
  for (const name of fs.readdirSync(path.join(data, "keys"))) fs.rmSync(file(name));
});

it("a value that does not open stops nothing, keeps the old key from ending, and is moved when it opens again", async () => {
  const made = await makeSecrets(10);
  const broken = made[3]?.id.split("/")[1];
  const flip = () =>
    asOwner(db.ownerUrl, "update secret_version set wrapped_key = set_bit(wrapped_key, 250, 1 - get_bit(wrapped_key, 250)) where secret_id = $1", [broken]);
  await flip();
  withKeys({ REEVE_MASTER_KEY: key(2), REEVE_OLD_MASTER_KEYS: key(1) });
  await rotate();
  await drainAll();
  expect((await keys()).move).toMatchObject({ failed: 1, total: 11, moved: 10 }); // with the key of commitments
  await flip();
  await rotate();
  await drainAll();
  expect((await keys()).move).toBeNull();
  withKeys({ REEVE_MASTER_KEY: key(2) });
  await readAll(made);
});

it("moves the organization's secrets too; one whose row was swapped keeps the old key from ending, and opens nowhere", async () => {
  const [sound, broken] = [newId(), newId()];
  const place = (id: string) => organizationPlace(id, 1);
  const open = (id: string) => inScope([], async (tx) => (await readVersion(tx, acme.id, place(id))).a);
  await inScope([], async (tx) => {
    for (const id of [sound, broken]) {
      await tx
        .insertInto("organization_secret")
        .values({ id, organization_id: acme.id, name: id, key_names: ["a"] })
        .execute();
      await writeOrganizationVersion(tx, id, 1, { organizationId: acme.id, values: { a: `value of ${id}` }, createdBy: newId(), requestId: "r" });
    }
  });
  const right = await asOwner(db.ownerUrl, "select wrapped_key from organization_secret_version where secret_id = $1", [broken]);
  const wrap = (from: unknown) => asOwner(db.ownerUrl, "update organization_secret_version set wrapped_key = $1 where secret_id = $2", [from, broken]);
  const [other] = await asOwner<{ wrapped_key: Buffer }>(db.ownerUrl, "select wrapped_key from organization_secret_version where secret_id = $1", [sound]);
  await wrap(other?.wrapped_key);
  withKeys({ REEVE_MASTER_KEY: key(2), REEVE_OLD_MASTER_KEYS: key(1) });
  await rotate();
  await drainAll();
  expect((await keys()).move).toMatchObject({ failed: 1, total: 3, moved: 2 }); // with the key of commitments
  await expect(open(broken)).rejects.toMatchObject({ code: "internal" });
  await wrap((right[0] as { wrapped_key: Buffer }).wrapped_key);
  await rotate();
  await drainAll();
  withKeys({ REEVE_MASTER_KEY: key(2) });
  for (const id of [sound, broken]) expect(await open(id)).toBe(`value of ${id}`);
  withKeys({ REEVE_MASTER_KEY: key(3) });
  await expect(open(sound)).rejects.toMatchObject({ code: "sealed" });
});

it("without the old key nothing moves and the console says which key is missing", async () => {
  const made = await makeSecrets(2);
  withKeys({ REEVE_MASTER_KEY: key(2) });
  await expect(rotate()).rejects.toMatchObject({ code: "sealed" });
  expect((await keys()).sealed).toMatch(/The master key [0-9a-f]{16} is missing/);
  await expect(read(made[0] as Made)).rejects.toMatchObject({ code: "sealed" });
});

it("every column that is sealed under a master key is moved, or named here with why it is not", async () => {
  const columns = await asOwner<{ name: string }>(
    db.ownerUrl,
    "select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'reeve' and data_type = 'bytea' and column_name ~ 'seal|wrapped' order by 1",
  );
  const others = [
    "idempotency.sealed_answer", // lives minutes, under the signing key
    "organization_secret_version.sealed", // as those of versions
    "organization_secret_version.wrapped_key",
    "secret_copy.sealed", // as those of versions
    "secret_copy.wrapped_key",
    "secret_version.sealed", // under its data key, whatever the master key
    "secret_version.wrapped_key", // what the batches move
  ];
  expect(columns.map((column) => column.name)).toEqual([...SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`), ...others].sort());
});

it("completes through kills, with no failed read meanwhile", { timeout: 600_000 }, async () => {
  const KILLS = Math.max(3, tries(20));
  const BATCH = 10;
  const made = await makeSecrets(KILLS * 100);
  withKeys({ REEVE_MASTER_KEY: key(2), REEVE_OLD_MASTER_KEYS: key(1) });
  await rotate();
  const outdir = path.join(ROOT, "dist", "run", `mover-${process.pid}`);
  await bundle({ mover: "lib/master-key/mover.sample.ts" }, outdir);
  const moved = async () => (await asOwner<{ moved: number }>(db.ownerUrl, "select moved from master_key where state = 'active'"))[0]?.moved ?? 0;
  const start = (): ChildProcess =>
    spawn(process.execPath, ["--conditions", "react-server", path.join(outdir, "mover.mjs"), String(BATCH)], { env: process.env, stdio: "inherit" });
  const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));

  let [reads, isOver] = [0, false];
  const reader = (async () => {
    for (; !isOver; reads++) {
      const one = made[(reads * 7919) % made.length] as Made;
      expect(await read(one)).toBe(one.value);
    }
  })();
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      const before = await moved();
      const child = start();
      const over = ended(child);
      while ((await moved()) === before) await sleep(5);
      child.kill("SIGKILL");
      await over;
    }
    expect(await moved(), "the kills came while it moved").toBeLessThan(made.length);
    expect(await ended(start())).toBe(0);
  } finally {
    isOver = true;
    await reader;
    fs.rmSync(outdir, { recursive: true });
  }
  expect(reads).toBeGreaterThan(KILLS);
  expect((await keys()).move).toBeNull();
  expect(await moved()).toBe(made.length + 1);
  withKeys({ REEVE_MASTER_KEY: key(2) });
  await readAll(made);
});
