import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type EmbeddedDatabase, type EmbeddedPasswords, newPasswords, startEmbedded } from "@/db/embedded";

let parent: string;
let directory: string;
let passwords: EmbeddedPasswords;
const started: EmbeddedDatabase[] = [];

const isRoot = process.getuid?.() === 0;
vi.setConfig({ testTimeout: 120_000 }); // each makes a cluster of its own, which takes long on a busy machine

async function start(options: { directory?: string; passwords?: EmbeddedPasswords; isDurable?: boolean } = {}): Promise<EmbeddedDatabase> {
  const database = await startEmbedded({ directory, passwords, isDurable: false, ...options });
  started.push(database);
  return database;
}

async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return client
    .query(text)
    .then((answer) => answer.rows)
    .finally(() => client.end());
}

beforeEach(() => {
  parent = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-embedded-"));
  fs.chmodSync(parent, 0o711);
  directory = path.join(parent, "pg");
  passwords = newPasswords();
});
afterEach(async () => {
  for (const database of started.splice(0)) await database.stop();
  fs.rmSync(parent, { recursive: true, force: true });
});

it("makes a cluster with two roles, keeps its data over a stop, and lets in nobody without a password", async () => {
  const first = await start({ isDurable: true });
  await ask(first.ownerUrl, "create table kept (a int); insert into kept values (7)");
  await expect(ask(first.appUrl, "create table mine (a int)")).rejects.toThrow(/permission denied/);
  await expect(ask(first.appUrl.replace(passwords.app, "wrong"), "select 1")).rejects.toThrow(/password authentication failed/);
  expect(await ask(first.ownerUrl, "show listen_addresses")).toEqual([{ listen_addresses: "" }]);
  expect(await ask(first.ownerUrl, "select rolname, rolsuper from pg_roles where rolname in ('reeve_app', 'reeve_owner') order by 1")).toEqual([
    { rolname: "reeve_app", rolsuper: false },
    { rolname: "reeve_owner", rolsuper: false },
  ]);
  for (const folder of [directory, path.join(directory, "run"), path.join(directory, "data")]) expect(fs.statSync(folder).mode & 0o077, folder).toBe(0);
  expect(fs.readdirSync(directory).filter((name) => name.includes("password"))).toEqual([]);
  await first.stop();
  await first.exited;

  const second = await start({ isDurable: true });
  expect(second.isAdopted).toBe(false);
  expect(await ask(second.ownerUrl, "select a from kept")).toEqual([{ a: 7 }]);
});

it("takes over a server that outlived its launcher, and one that another start made at the same moment", async () => {
  const [one, other] = await Promise.all([start(), start()]);
  const third = await start();
  expect(third.isAdopted).toBe(true);
  expect(new Set([one.pid, other.pid, third.pid]).size).toBe(1);
  expect(fs.readdirSync(directory).filter((name) => name.startsWith("data"))).toEqual(["data"]);
});

it("recovers what was committed before a kill -9", async () => {
  const first = await start({ isDurable: true });
  await ask(first.ownerUrl, "create table kept (a int); insert into kept values (7)");
  process.kill(first.pid, "SIGKILL");
  await first.exited;
  const second = await start({ isDurable: true }); // the killed server's children may still hold the folder: this waits for them
  expect(second.pid).not.toBe(first.pid);
  expect(await ask(second.ownerUrl, "select a from kept")).toEqual([{ a: 7 }]);
});

it("isn't stopped by a lock file whose number is somebody else's now", async () => {
  const first = await start();
  const file = path.join(directory, "data", "postmaster.pid");
  const text = fs.readFileSync(file, "utf8");
  await first.stop();
  fs.writeFileSync(file, text.replace(/^\d+/, String(process.pid)));
  if (isRoot) fs.chownSync(file, fs.statSync(path.join(directory, "data")).uid, fs.statSync(path.join(directory, "data")).gid);
  expect((await start()).isAdopted).toBe(false);
});

it("works below a path that is too long for a socket", async () => {
  const deep = path.join(parent, "a".repeat(60), "b".repeat(60));
  fs.mkdirSync(deep, { recursive: true, mode: 0o711 });
  const database = await start({ directory: path.join(deep, "pg") });
  expect(await ask(database.ownerUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  const again = await start({ directory: path.join(deep, "pg") });
  expect(again.pid).toBe(database.pid);
});

it("leaves no half database when it is cut short", async () => {
  fs.mkdirSync(path.join(directory, "data.new-99999999-0badcafe"), { recursive: true });
  await start();
  expect(fs.readdirSync(directory).filter((name) => name.startsWith("data"))).toEqual(["data"]);
});

it("says what is wrong with a folder that it can't use", async () => {
  fs.mkdirSync(path.join(directory, "data"), { recursive: true });
  fs.writeFileSync(path.join(directory, "data", "notes.txt"), randomBytes(4));
  if (isRoot) {
    await expect(start()).rejects.toThrow(/belongs to uid 0/);
    const closed = path.join(parent, "closed");
    fs.mkdirSync(closed, { mode: 0o700 });
    await expect(start({ directory: path.join(closed, "pg") })).rejects.toThrow(/can't enter .*closed.*\/var\/lib\/reeve/);
  } else {
    await expect(start()).rejects.toThrow(/isn't empty and isn't a database/);
  }
});

it("refuses another major version's data, and passwords of another cluster, with a sentence", async () => {
  const first = await start();
  await expect(start({ passwords: newPasswords() })).rejects.toThrow(/don't belong together/);
  await first.stop();
  fs.writeFileSync(path.join(directory, "data", "PG_VERSION"), "17\n");
  await expect(start()).rejects.toThrow(/made by PostgreSQL 17, and this version of Reeve brings PostgreSQL 18/);
});
