import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { drainOutbox } from "@/lib/jobs/outbox";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { createSecret } from "@/lib/secrets/create-secret";
import { deleteSecret, destroySecret } from "@/lib/secrets/delete-secret";
import { destroyVersion } from "@/lib/secrets/destroy-version";
import { updateSecret } from "@/lib/secrets/update-secret";
import { readSecretByClient } from "@/lib/secrets/use-secret";
// @ts-expect-error plain JavaScript
import { bundle, ROOT } from "../../scripts/bundle.mjs";
import { getMove, previewMove } from "./get-move";
import { getStores } from "./get-stores";
import type { KvServer } from "./kv-server.sample";
import { cancelMove, continueMove, cutOver, endMove, rollBack, startMove } from "./move-store";
import { chooseStore } from "./use-store";
import { makeWorkspaceWithStore, settle as settleNow } from "./workspace-with-store.sample";

// Values move to another store and back, with everything readable all the time, and nothing lost by whatever ends in between.

const db = useTestDatabase();
let acme: TestOrganization;
let kv: KvServer;
let storeId: string;
let secrets: { id: string; value: string }[];
let count = 0;

const as = (role: keyof TestOrganization["people"]) => callAs(acme.people[role], acme.own.workspace);
const admin = () => as("workspace-admin");
async function make(): Promise<{ id: string; value: string }> {
  const value = `value-${++count}`;
  return { id: await execute(createSecret, as("contributor"), { name: `s-${count}`, isPrivate: false, values: { key: value } }), value };
}
const read = async (id: string) => (await execute(readSecretByClient, as("contributor"), { id })).values.key;
const readAll = async () => {
  for (const one of secrets) expect(await read(one.id)).toBe(one.value);
};
const settle = () => settleNow(db.ownerUrl);
const builtIn = async () => (await ask(getStores, admin(), {})).builtIn;
const move = async () => (await ask(getMove, admin(), {})) ?? undefined;

beforeAll(async () => {
  ({ acme, kv, storeId } = await makeWorkspaceWithStore());
});
afterAll(() => kv.stop());
beforeEach(async () => {
  Object.assign(kv.state, { isAway: false, onWrite: async () => {} });
  await settle();
  for (const table of ["secret_copy", "secret_move", "secret_version", "secret", "outbox", "secret_store_check"])
    await asOwner(db.ownerUrl, `delete from ${table}`);
  kv.held.clear();
  await execute(chooseStore, admin(), { storeId: "" });
  secrets = [await make(), await make(), await make()];
});

it("copies, cuts over in one moment, and the old values stay until somebody says that they end", async () => {
  expect(await previewMove(admin(), { to: storeId })).toMatchObject({ secrets: 3, versions: 3, tried: 3, unreadable: [], refused: null });
  const moveId = await execute(startMove, admin(), { to: storeId });
  await settle();
  expect(await move()).toMatchObject({ state: "copied", copied: 3, total: 3, failedCount: 0 });
  expect(await builtIn(), "nothing has changed yet").toBe(3);
  const late = await make();
  secrets.push(late);
  expect(await execute(cutOver, admin(), { moveId }), "what was made meanwhile is copied first").toEqual({ isDone: false });
  await settle();
  expect(await execute(cutOver, admin(), { moveId })).toEqual({ isDone: true });
  expect(await builtIn()).toBe(0);
  await readAll();
  expect(kv.held.size).toBe(4);
  const sealed = () => asOwner(db.ownerUrl, "select 1 from secret_copy where store_id is null and sealed is not null");
  expect(await sealed(), "for the way back").toHaveLength(4);
  await expect(execute(endMove, admin(), { moveId, typedName: "no" })).rejects.toMatchObject({ code: "invalid_input" });
  await execute(endMove, admin(), { moveId, typedName: acme.own.workspace.slug });
  expect(await sealed()).toEqual([]);
  await settle();
  expect(kv.held.size).toBe(4);
  await readAll();
  expect(await move()).toBeUndefined();
});

it("rolls back, with what was made since", async () => {
  const moveId = await execute(startMove, admin(), { to: storeId });
  await settle();
  await execute(cutOver, admin(), { moveId });
  secrets.push(await make());
  const [first] = secrets;
  if (first) {
    await execute(updateSecret, as("contributor"), { id: first.id, values: { key: "rotated" } });
    first.value = "rotated";
  }
  await execute(rollBack, admin(), { moveId });
  await readAll();
  await settle();
  expect(await move()).toMatchObject({ state: "rolled-back" });
  expect(await builtIn()).toBe(5);
  await execute(endMove, admin(), { moveId, typedName: acme.own.workspace.slug });
  await settle();
  expect(kv.held.size).toBe(0);
  await readAll();
});

it("says where the old values lie, also where new ones went to the other store before", async () => {
  await execute(chooseStore, admin(), { storeId });
  const moveId = await execute(startMove, admin(), { to: storeId });
  await settle();
  await execute(cutOver, admin(), { moveId });
  expect(await move()).toMatchObject({ state: "cut-over", to: "OpenBao or Vault", old: "Reeve’s own store", newGoTo: "OpenBao or Vault" });
  await execute(rollBack, admin(), { moveId });
  await settle();
  expect(await move()).toMatchObject({ state: "rolled-back", old: "Reeve’s own store" });
  await execute(endMove, admin(), { moveId, typedName: acme.own.workspace.slug });
  await settle();
});

it("a cancelled one leaves everything as it was, and nothing in the other store", async () => {
  const moveId = await execute(startMove, admin(), { to: storeId });
  await settle();
  await execute(cancelMove, admin(), { moveId });
  await settle();
  expect(kv.held.size).toBe(0);
  expect(await builtIn()).toBe(3);
  await readAll();
  expect(await asOwner(db.ownerUrl, "select 1 from secret_copy")).toEqual([]);
});

it("what does not open stays where it is, and is named; a store that is away is waited for", async () => {
  const [broken] = secrets;
  await asOwner(db.ownerUrl, "update secret_version set sealed = set_byte(sealed, 20, (get_byte(sealed, 20) + 1) % 256) where secret_id = $1", [broken?.id]);
  expect((await previewMove(admin(), { to: storeId })).unreadable).toMatchObject([{ name: `s-${broken?.value.slice(6)}`, version: 1 }]);
  kv.state.isAway = true;
  expect((await previewMove(admin(), { to: storeId })).refused).toMatch(/sealed/);
  await execute(startMove, admin(), { to: storeId });
  await drainOutbox();
  expect(await move()).toMatchObject({ state: "copying", reason: expect.stringContaining("sealed") });
  kv.state.isAway = false;
  await settle();
  expect(await move()).toMatchObject({ state: "copied", copied: 2, failedCount: 1, failed: [{ version: 1 }] });
});

it("what is deleted is hidden there too; what is destroyed meanwhile is gone in both places", async () => {
  const [hidden, gone] = secrets as [{ id: string }, { id: string; value: string }];
  await execute(deleteSecret, as("contributor"), { id: hidden.id });
  const moveId = await execute(startMove, admin(), { to: storeId });
  await settle();
  expect([...kv.held].filter(([name]) => name.startsWith(hidden.id)).map(([, one]) => one.isDeleted)).toEqual([true]);
  await execute(deleteSecret, as("contributor"), { id: gone.id });
  await execute(destroySecret, as("contributor"), { id: gone.id, typedName: `s-${gone.value.slice(6)}` });
  await settle();
  expect([...kv.held.keys()].filter((name) => name.startsWith(gone.id))).toEqual([]);
  expect(await execute(cutOver, admin(), { moveId })).toEqual({ isDone: true });
});

it("goes on where a killed worker was, and leaves nothing that nobody knows of", { timeout: 240_000 }, async () => {
  while (secrets.length < 12) secrets.push(await make());
  const moveId = await execute(startMove, admin(), { to: storeId });
  const outdir = path.join(ROOT, "dist", "run", `store-mover-${process.pid}`);
  await bundle({ mover: "lib/secret-stores/mover.sample.ts" }, outdir);
  const args = ["--conditions", "react-server", path.join(outdir, "mover.mjs"), JSON.stringify({ moveId, workspaceId: acme.own.workspace.id })];
  try {
    for (const moment of ["before", "after", "after"] as const) {
      const child = spawn(process.execPath, args, { env: process.env, stdio: "inherit" });
      const over = new Promise((resolve) => child.once("exit", resolve));
      let writes = 0;
      kv.state.onWrite = async (at) => {
        if (at !== moment || ++writes < 3) return;
        child.kill("SIGKILL");
        await over;
      };
      await over;
      await readAll();
    }
    kv.state.onWrite = async () => {};
    expect((await move())?.copied).toBeGreaterThanOrEqual(6);
    await settle();
    expect(await move()).toMatchObject({ state: "copied", copied: 12 });
    expect(kv.held.size).toBe(12);
    expect(await execute(cutOver, admin(), { moveId })).toEqual({ isDone: true });
    await readAll();
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
});

it("moves a secret whatever people call it, and names no private one to others", async () => {
  const mine = { name: "credential of my own", isPrivate: true, values: { key: "value-mine" } };
  const id = await execute(createSecret, as("contributor"), mine);
  expect(await previewMove(admin(), { to: storeId })).toMatchObject({ secrets: 4, versions: 4 });
  await asOwner(db.ownerUrl, "update secret_version set sealed = '\\x00' where secret_id = $1", [id]);
  const preview = await previewMove(admin(), { to: storeId });
  expect(preview.unreadable.map(({ name }) => name)).toEqual(["a private secret"]);
  const moveId = await execute(startMove, admin(), { to: storeId });
  await settle();
  expect((await move())?.failed.map(({ name }) => name)).toEqual(["a private secret"]);
  expect((await ask(getMove, as("auditor"), {}))?.failed.map(({ name }) => name)).toEqual(["a private secret"]);
  await execute(cancelMove, admin(), { moveId });
});

it("stops between two versions once who began it lost the right; another admin lets it go on, or cancels it", async () => {
  const starter = await makePerson(acme.id, "workspace-admin", acme.own.workspace.id);
  const as = callAs(starter, acme.own.workspace);
  const moveId = await execute(startMove, as, { to: storeId });
  let writes = 0;
  kv.state.onWrite = async (at) => {
    if (at === "after" && ++writes === 1) await asOwner(db.ownerUrl, "update role_grant set valid_to = now() where principal_id = $1", [starter.id]);
  };
  await settle();
  expect(await move()).toMatchObject({
    state: "copying",
    isStopped: true,
    copied: 0,
    total: 3,
    reason: expect.stringContaining("may not read this workspace"),
  });
  await settle();
  expect([await builtIn(), kv.held.size], "what was written and not noted is taken away").toEqual([3, 0]);
  await readAll();
  const trail = await asOwner(db.ownerUrl, "select outcome, on_behalf_of as for from audit_entry where action = 'secret-store.move-stopped'");
  expect(trail).toEqual([{ outcome: "denied", for: starter.id }]);
  await expect(execute(continueMove, as, { moveId })).rejects.toMatchObject({ code: "not_found" });
  await execute(continueMove, admin(), { moveId });
  await settle();
  expect(await move()).toMatchObject({ state: "copied", isStopped: false, reason: null, copied: 3 });
  await expect(execute(continueMove, admin(), { moveId })).rejects.toMatchObject({ code: "conflict" });
  await execute(cancelMove, admin(), { moveId });

  const leaver = await makePerson(acme.id, "workspace-admin", acme.own.workspace.id);
  const other = await execute(startMove, callAs(leaver, acme.own.workspace), { to: storeId });
  await asOwner(db.ownerUrl, "update principal set active = false where id = $1", [leaver.id]);
  await settle();
  expect(await move()).toMatchObject({ isStopped: true, copied: 0, reason: expect.stringContaining("no longer active") });
  await execute(cancelMove, admin(), { moveId: other });
  expect(await move()).toBeUndefined();
  await readAll();
});

it("a version that is destroyed while it is copied leaves no copy of its values", async () => {
  const [first = { id: "" }] = [...secrets].sort((a, b) => (a.id < b.id ? -1 : 1));
  await execute(updateSecret, as("contributor"), { id: first.id, patch: { key: "value-next" } });
  const [{ name } = { name: "" }] = await asOwner<{ name: string }>(db.ownerUrl, "select name from secret where id = $1", [first.id]);
  const moveId = await execute(startMove, admin(), { to: storeId });
  const both: Promise<unknown>[] = [];
  const row = { secret_id: first.id, version: 1, workspace_id: acme.own.workspace.id, move_id: moveId, error: "x" };
  // Its note waits for another one of the same version, which is never kept.
  await inScope([acme.own.workspace.id], async (tx) => {
    await tx.insertInto("secret_copy").values(row).execute();
    both.push(settle());
    await new Promise((resolve) => setTimeout(resolve, 500));
    both.push(execute(destroyVersion, as("contributor"), { id: first.id, version: 1, typedName: name }));
    await new Promise((resolve) => setTimeout(resolve, 500));
    throw new Error("never kept");
  }).catch(() => undefined);
  await Promise.all(both);
  await settle();
  expect(await asOwner(db.ownerUrl, "select version from secret_copy where secret_id = $1 and version = 1", [first.id])).toEqual([]);
  expect([...kv.held.keys()].filter((one) => one.startsWith(`${first.id}-v1-`))).toEqual([]);
});
