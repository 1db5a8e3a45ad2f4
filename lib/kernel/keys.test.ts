import { sign, verify } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { forgetEnvironment } from "./env";
import { authenticationKey, ensureKeys, forgetKeys, signingKey, writeOnce } from "./keys";
import { firstMasterKey, masterKey, masterKeys } from "./master-keys";

let directory: string;
const NAMES = ["REEVE_DATA", "REEVE_MASTER_KEY", "REEVE_OLD_MASTER_KEYS", "REEVE_SIGNING_KEY"];
const text = (byte: number) => Buffer.alloc(32, byte).toString("base64");
const saved = NAMES.map((name) => process.env[name]);

function restart(values: Record<string, string> = {}): void {
  for (const name of NAMES) delete process.env[name];
  Object.assign(process.env, { REEVE_DATA: directory, ...values });
  forgetEnvironment();
  forgetKeys();
}

/** The whole reason stays inside: where keys lie is told to nobody who asks. */
const because = (why: string) =>
  expect.objectContaining({
    code: "sealed",
    message: expect.not.stringContaining(directory),
    fix: expect.not.stringContaining(directory),
    cause: expect.objectContaining({ message: expect.stringContaining(why) }),
  });

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-keys-"));
  restart();
});
afterEach(() => {
  fs.rmSync(directory, { recursive: true });
  for (const [index, name] of NAMES.entries()) {
    if (saved[index] === undefined) delete process.env[name];
    else process.env[name] = saved[index];
  }
  forgetEnvironment();
  forgetKeys();
});

it("is sealed until keys are made, and makes them once, for the owner's eyes only", () => {
  expect(() => authenticationKey("x")).toThrow(expect.objectContaining({ code: "sealed" }));
  expect(() => firstMasterKey()).toThrow(expect.objectContaining({ code: "sealed" }));
  ensureKeys(true);
  const first = authenticationKey("x");
  const { id } = firstMasterKey();
  for (const name of ["master.key", "signing.key"]) expect(fs.statSync(path.join(directory, "keys", name)).mode & 0o777).toBe(0o600);
  expect(fs.statSync(path.join(directory, "keys")).mode & 0o777).toBe(0o700);
  restart();
  ensureKeys(true);
  expect([authenticationKey("x"), firstMasterKey().id]).toEqual([first, id]);
  expect(first).toHaveLength(32);
  expect(authenticationKey("y")).not.toEqual(first);
});

it("makes no new keys for data that older ones wrote: sealed without the master key, no start without the signing key", () => {
  restart({ REEVE_SIGNING_KEY: text(1) });
  ensureKeys(false);
  expect(masterKeys()).toEqual([]);
  expect(fs.readdirSync(path.join(directory, "keys"))).toEqual([]);
  restart({ REEVE_MASTER_KEY: text(1) });
  expect(() => ensureKeys(false)).toThrow(because("signing key is missing"));
});

it("what authenticates stands without the master key, and with another one", () => {
  restart({ REEVE_SIGNING_KEY: text(1), REEVE_MASTER_KEY: text(2) });
  const key = authenticationKey("x");
  restart({ REEVE_SIGNING_KEY: text(1), REEVE_MASTER_KEY: text(3) });
  expect(authenticationKey("x")).toEqual(key);
});

it("prefers the environment, and then writes no file for it", () => {
  restart({ REEVE_MASTER_KEY: text(7), REEVE_SIGNING_KEY: text(7) });
  ensureKeys(false);
  expect(fs.readdirSync(path.join(directory, "keys"))).toEqual([]);
  expect(firstMasterKey().place).toBe("REEVE_MASTER_KEY");
});

it("knows every master key of the environment and of the folder by its id, and one that is put there later", () => {
  restart({ REEVE_MASTER_KEY: text(1), REEVE_OLD_MASTER_KEYS: `${text(2)}, ${text(3)}` });
  fs.mkdirSync(path.join(directory, "keys"));
  const put = (name: string, byte: number) => fs.writeFileSync(path.join(directory, "keys", name), text(byte), { mode: 0o600 });
  put("master.key", 4);
  put("unrelated.key", 9);
  const ids = masterKeys().map((key) => key.id);
  expect(new Set(ids).size).toBe(4);
  restart({ REEVE_MASTER_KEY: text(5) });
  const fifth = firstMasterKey().id;
  restart({ REEVE_MASTER_KEY: text(1) });
  expect(() => masterKey(fifth)).toThrow(because(`master key ${fifth} is missing`));
  put(`master-${fifth}.key`, 5);
  expect(masterKey(fifth).id).toBe(fifth);
});

it("reads no key file that others can read, or that holds something else, and says so", () => {
  ensureKeys(true);
  const file = path.join(directory, "keys", "master.key");
  fs.chmodSync(file, 0o640);
  restart();
  expect(() => firstMasterKey()).toThrow(because("can be read by others"));
  fs.writeFileSync(file, "short");
  fs.chmodSync(file, 0o600);
  expect(() => firstMasterKey()).toThrow(because("doesn't hold 32 bytes"));
});

it("signs with Ed25519, and names the key by its public half", () => {
  restart({ REEVE_MASTER_KEY: Buffer.alloc(32).toString("base64"), REEVE_SIGNING_KEY: "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=" });
  const { id, privateKey, publicKey } = signingKey();
  // RFC 8032 §7.1, test 1: this secret key has this public key and this signature of the empty message.
  expect(publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex")).toBe(
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
  );
  const signature = sign(null, Buffer.alloc(0), privateKey);
  expect(signature.toString("hex")).toMatch(/^e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155/);
  expect(verify(null, Buffer.alloc(0), publicKey, signature)).toBe(true);
  expect(id).toMatch(/^[0-9a-f]{16}$/);
});

it("never writes over a file", () => {
  const file = path.join(directory, "once");
  writeOnce(file, "first");
  expect(() => writeOnce(file, "second")).toThrow(/EEXIST/);
  expect(fs.readFileSync(file, "utf8")).toBe("first");
  expect(fs.readdirSync(directory)).toEqual(["once"]);
});
