import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { drainOutbox } from "@/lib/jobs/outbox";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { callAs, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { createSecret } from "@/lib/secrets/create-secret";
import { deleteSecret, destroySecret, undeleteSecret } from "@/lib/secrets/delete-secret";
import { redactorOf } from "@/lib/secrets/known-secrets";
import { listSecretRows } from "@/lib/secrets/list-secret-rows";
import { restoreVersion } from "@/lib/secrets/restore-version";
import { takeOver } from "@/lib/secrets/take-over";
import { updateSecret } from "@/lib/secrets/update-secret";
import { readSecretByClient } from "@/lib/secrets/use-secret";
// @ts-expect-error plain JavaScript
import { bundle, ROOT } from "../../scripts/bundle.mjs";
import { getStores } from "./get-stores";
import type { KvServer } from "./kv-server.sample";
import { cancelMove, startMove } from "./move-store";
import { keepStore, saveStore } from "./save-store";
import { chooseStore, removeStore, verifyStore } from "./use-store";
import { makeWorkspaceWithStore, settle as settleNow } from "./workspace-with-store.sample";

// A workspace's own store is the only place of its values: what Reeve keeps is where they are.

const db = useTestDatabase();
let acme: TestOrganization;
let kv: KvServer;
let storeId: string;
let count = 0;

const as = (role: keyof TestOrganization["people"]) => callAs(acme.people[role], acme.own.workspace);
const admin = () => as("workspace-admin");
const make = (values: Record<string, string>, name = `s-${++count}`) => execute(createSecret, as("contributor"), { name, isPrivate: false, values });
const read = async (id: string) => (await execute(readSecretByClient, as("contributor"), { id })).values;
const checks = () => asOwner(db.ownerUrl, "select * from secret_store_check");
const settle = () => settleNow(db.ownerUrl);
const objectsOf = (id: string) => [...kv.held.keys()].filter((name) => name.startsWith(id));

beforeAll(async () => {
  ({ acme, kv, storeId } = await makeWorkspaceWithStore());
});
afterAll(() => kv.stop());
beforeEach(async () => {
  kv.state.isAway = false;
  kv.state.onWrite = async () => {};
  await settle();
});

describe("choosing", () => {
  it("is tried first, and a refusal says why without the credential", async () => {
    const refused = saveStore(admin(), { type: "vault", settings: { ...kv.settings, token: "canary-token" } });
    await expect(refused).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("refused") });
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining("canary") });
    expect((await ask(getStores, admin(), {})).stores).toHaveLength(1);
  });

  it("lies down from its mount, and never beside it", async () => {
    for (const wrong of [{ folder: "../../sys" }, { mount: "secret/.." }, { mount: "./secret" }, { namespace: ".." }])
      await expect(saveStore(admin(), { type: "vault", settings: { ...kv.settings, ...wrong } })).rejects.toMatchObject({ code: "invalid_input" });
    expect((await ask(getStores, admin(), {})).stores).toHaveLength(1);
  });

  it("shows no credential, keeps it where nothing else changes, and sends it nowhere else", async () => {
    expect(JSON.stringify(await ask(getStores, admin(), {}))).not.toContain("good");
    const { token: _token, ...plain } = kv.settings;
    await saveStore(admin(), { id: storeId, type: "vault", settings: plain });
    const elsewhere = saveStore(admin(), { id: storeId, type: "vault", settings: { ...plain, folder: "other" } });
    await expect(elsewhere).rejects.toMatchObject({ code: "invalid_input", fields: { token: expect.any(String) } });
  });

  it("is the Workspace Admin's", async () => {
    await expect(saveStore(as("contributor"), { type: "vault", settings: kv.settings })).rejects.toMatchObject({ code: "forbidden" });
    await expect(ask(getStores, as("contributor"), {})).rejects.toMatchObject({ code: "not_found" });
  });

  it("is nobody's who reads no values: a System Admin would have them written to a server of their own", async () => {
    const own = { type: "vault", settings: { ...kv.settings, folder: "mine" } };
    await expect(saveStore(as("system-admin"), own)).rejects.toMatchObject({ code: "forbidden" });
    for (const [command, input] of [
      [keepStore, { ...own, isTried: false }],
      [chooseStore, { storeId: "" }],
      [startMove, { to: "" }],
    ] as const)
      await expect(execute(command as typeof chooseStore, as("system-admin"), input as { storeId: "" })).rejects.toMatchObject({ code: "forbidden" });
    expect((await ask(getStores, as("system-admin"), {})).stores.map((store) => [store.id, store.isCurrent])).toEqual([[storeId, true]]);
  });
});

describe("values", () => {
  it("lie there alone: nothing of them is in the database, and they come back as they were", async () => {
    const values = { user: "root", password: "canary-of-the-lake 🔑" };
    const id = await make(values);
    expect(objectsOf(id)).toHaveLength(1);
    expect(await read(id)).toEqual(values);
    await execute(updateSecret, as("contributor"), { id, patch: { password: "canary-two" } });
    expect(await read(id)).toEqual({ user: "root", password: "canary-two" });
    await execute(restoreVersion, as("contributor"), { id, version: 1 });
    expect(await read(id)).toEqual(values);
    expect(objectsOf(id)).toHaveLength(3);
    expect(await checks()).toEqual([]);
    const rows = await asOwner(db.ownerUrl, "select store_id, sealed from secret_version where secret_id = $1", [id]);
    expect(rows.every((row) => row.store_id === storeId)).toBe(true);
    const list = await ask(listSecretRows, as("viewer"), { conditions: [], sort: { field: "name", direction: "asc" } });
    expect(list.rows.find((row) => row.id === id)).toMatchObject({ store: "vault" });
  });

  it("logs hide them by their prints, without asking the store", async () => {
    const id = await make({ token: "print-me-not-1", pem: "-----BEGIN-----\nABCDEFGH\n-----END-----" }, "printed");
    await execute(deleteSecret, as("contributor"), { id });
    const before = kv.state.reads;
    const redactor = await inScope([acme.own.workspace.id], (tx) => redactorOf(tx, acme.own.workspace.id));
    expect(redactor.redact("a print-me-not-1 b ABCDEFGH c")).toBe("a █ secret:printed.token b █ secret:printed.pem c");
    expect(redactor.redact("print-me-not-2")).toBe("print-me-not-2");
    expect(kv.state.reads).toBe(before);
  });

  it("deleting hides them there, undeleting brings them back, destroying ends them", async () => {
    const id = await make({ a: "1" }, "fleeting");
    await execute(deleteSecret, as("contributor"), { id });
    await settle();
    expect(kv.held.get(objectsOf(id)[0] as string)?.isDeleted).toBe(true);
    await execute(undeleteSecret, as("contributor"), { id });
    expect(await read(id)).toEqual({ a: "1" });
    await execute(deleteSecret, as("contributor"), { id });
    await execute(destroySecret, as("contributor"), { id, typedName: "fleeting" });
    await settle();
    expect(objectsOf(id)).toEqual([]);
    expect(await checks()).toEqual([]);
  });

  it("what was changed in the store itself is not taken for what was written", async () => {
    const id = await make({ a: "1" });
    const object = kv.held.get(objectsOf(id)[0] as string);
    if (object) object.data = { a: "2" };
    await expect(read(id)).rejects.toMatchObject({ code: "conflict", reason: "store_changed" });
  });

  it("what was changed there is taken over as a new version by who may rotate it, and is hidden in logs then", async () => {
    const id = await make({ a: "as-written-1" });
    await expect(execute(takeOver, as("contributor"), { id })).rejects.toMatchObject({ code: "conflict", reason: "not_changed_outside" });
    const [object = ""] = objectsOf(id);
    const change = (data: Record<string, string>) => kv.held.set(object, { data, isDeleted: false });
    change({ a: "changed-there-1", b: "2" });
    await expect(execute(takeOver, as("viewer"), { id })).rejects.toMatchObject({ code: "forbidden" });
    const from = await lastSeq(db.ownerUrl);
    expect(await execute(takeOver, as("contributor"), { id })).toMatchObject({ version: 2 });
    expect(await read(id)).toEqual({ a: "changed-there-1", b: "2" });
    const entries = await asOwner(db.ownerUrl, "select action, after from audit_entry where seq > $1 order by seq", [from]);
    expect(entries[0]).toMatchObject({ action: "secret.taken-over", after: { version: 2, takenOverFrom: 1, keys: ["a", "b"] } });
    expect(JSON.stringify(entries)).not.toContain("changed-there");
    expect([objectsOf(id).length, await checks()]).toEqual([2, []]);
    const redactor = await inScope([acme.own.workspace.id], (tx) => redactorOf(tx, acme.own.workspace.id));
    expect(redactor.redact("a changed-there-1 b")).toContain("█ secret:");
    await expect(execute(takeOver, as("contributor"), { id })).rejects.toMatchObject({ reason: "not_changed_outside" });
    kv.held.delete(objectsOf(id).find((one) => one !== object) ?? "");
    await expect(execute(takeOver, as("contributor"), { id }), "what is gone is not taken over").rejects.toMatchObject({ code: "conflict" });
  });

  it("what was changed to something that no secret of its kind holds is not taken over, and a secret of Reeve's own store has nothing to", async () => {
    const values = { host: "db.example.com", database: "d", user: "u", password: "p" };
    const id = await execute(createSecret, as("contributor"), { name: `s-${++count}`, kind: "postgresql", isPrivate: false, values });
    kv.held.set(objectsOf(id)[0] ?? "", { data: { user: "u" }, isDeleted: false });
    await expect(execute(takeOver, as("contributor"), { id })).rejects.toMatchObject({ code: "invalid_input", fields: { host: "This is needed." } });
    await execute(chooseStore, admin(), { storeId: "" });
    const own = await make({ a: "1" });
    await execute(chooseStore, admin(), { storeId });
    await expect(execute(takeOver, as("contributor"), { id: own })).rejects.toMatchObject({ reason: "not_changed_outside" });
  });

  it("one object in the place of another opens neither", async () => {
    const [one, two] = [await make({ a: "1" }), await make({ a: "2" })];
    await asOwner(db.ownerUrl, "update secret_version set store_copy = (select store_copy from secret_version where secret_id = $2) where secret_id = $1", [
      one,
      two,
    ]);
    await expect(read(one)).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("a store that is away", () => {
  it("is said with what to do; nothing is half written, and what waits is done when it is back", async () => {
    const id = await make({ a: "1" });
    kv.state.isAway = true;
    await expect(make({ a: "2" }, "never")).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("sealed"), fix: expect.any(String) });
    await expect(read(id)).rejects.toMatchObject({ code: "unavailable" });
    await execute(deleteSecret, as("contributor"), { id });
    await drainOutbox();
    expect((await ask(getStores, admin(), {})).stores[0]).toMatchObject({ waiting: 1, waitingError: expect.stringContaining("sealed") });
    expect(await verifyStore(admin(), storeId)).toEqual({ error: expect.stringContaining("sealed") });
    kv.state.isAway = false;
    await settle();
    expect(kv.held.get(objectsOf(id)[0] as string)?.isDeleted).toBe(true);
    expect(await checks()).toEqual([]);
    expect(await asOwner(db.ownerUrl, "select 1 from secret where name = 'never'")).toEqual([]);
  });
});

it.each(["before", "after"] as const)("killed %s the store kept the value, nothing is left anywhere", { timeout: 120_000 }, async (moment) => {
  const outdir = path.join(ROOT, "dist", "run", `writer-${process.pid}-${moment}`);
  await bundle({ writer: "lib/secret-stores/writer.sample.ts" }, outdir);
  try {
    const name = `killed-${moment}`;
    const args = ["--conditions", "react-server", path.join(outdir, "writer.mjs"), JSON.stringify(as("contributor")), name, "canary-of-the-killed"];
    const before = new Set(kv.held.keys());
    const child: ChildProcess = spawn(process.execPath, args, { env: process.env, stdio: "inherit" });
    const over = new Promise((resolve) => child.once("exit", resolve));
    kv.state.onWrite = async (at) => {
      if (at === moment) {
        child.kill("SIGKILL");
        await over;
      }
    };
    await over;
    kv.state.onWrite = async () => {};
    expect(await checks()).toHaveLength(1);
    await settle();
    expect([...kv.held.keys()].filter((one) => !before.has(one))).toEqual([]);
    expect(await checks()).toEqual([]);
    await make({ key: "again" }, name);
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
});

it("a change that comes after the worker took its object in hand is refused, and nothing is left", async () => {
  kv.state.onWrite = async (at) => {
    if (at === "after") await settle();
  };
  await expect(make({ a: "1" }, "late")).rejects.toMatchObject({ code: "unavailable", reason: "store_slow" });
  kv.state.onWrite = async () => {};
  await settle();
  expect(await asOwner(db.ownerUrl, "select 1 from secret where name = 'late'")).toEqual([]);
});

it("what is brought back while the worker still hides it waits for the worker, and is there then", async () => {
  const id = await make({ a: "1" });
  await execute(updateSecret, as("contributor"), { id, patch: { a: "2" } });
  await execute(deleteSecret, as("contributor"), { id });
  let early: Promise<unknown> | undefined;
  kv.state.onHide = async () => {
    early ??= execute(undeleteSecret, as("contributor"), { id }).catch((error: unknown) => error);
    await early;
  };
  await settle();
  kv.state.onHide = async () => {};
  expect(await early).toMatchObject({ code: "unavailable", reason: "store_busy" });
  await execute(undeleteSecret, as("contributor"), { id });
  await settle();
  expect(await read(id)).toEqual({ a: "2" });
  expect([objectsOf(id).filter((one) => kv.held.get(one)?.isDeleted), await checks()]).toEqual([[], []]);
});

it("a store that values lie in stays; new values go where they are told", async () => {
  await expect(execute(removeStore, admin(), { id: storeId })).rejects.toMatchObject({ code: "in_use" });
  await execute(chooseStore, admin(), { storeId: "" });
  const id = await make({ a: "1" });
  expect(objectsOf(id)).toEqual([]);
  expect(await read(id)).toEqual({ a: "1" });
  await execute(chooseStore, admin(), { storeId });
});

it("a store that is being taken away is not chosen at the same moment, nor moved to", async () => {
  for (const act of [(id: string) => execute(chooseStore, admin(), { storeId: id }), (id: string) => execute(startMove, admin(), { to: id })]) {
    const id = await saveStore(admin(), { type: "vault", settings: { ...kv.settings } });
    await execute(chooseStore, admin(), { storeId });
    let other: Promise<unknown> | undefined;
    const within = async () => {
      other = act(id).catch((error: unknown) => error);
      await new Promise((resolve) => setTimeout(resolve, 300));
    };
    await execute(removeStore, admin(), { id }, { within });
    expect(await other).toMatchObject({ code: "not_found" });
  }
  const id = await saveStore(admin(), { type: "vault", settings: { ...kv.settings } });
  await execute(chooseStore, admin(), { storeId });
  const moveId = await execute(startMove, admin(), { to: id });
  await expect(execute(removeStore, admin(), { id }), "a move that has copied nothing yet goes there").rejects.toMatchObject({ code: "in_use" });
  await execute(cancelMove, admin(), { moveId });
  await execute(removeStore, admin(), { id });
  expect((await ask(getStores, admin(), {})).current).toBe(storeId);
});
