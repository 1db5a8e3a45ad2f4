import { sign, verify } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { forgetEnvironment } from "./env";
import { deriveKey, ensureKeys, forgetKeys, signingKey, writeOnce } from "./keys";

let directory: string;
const NAMES = ["REEVE_DATA", "REEVE_MASTER_KEY", "REEVE_SIGNING_KEY"];
const saved = NAMES.map((name) => process.env[name]);

function restart(values: Record<string, string> = {}): void {
  for (const name of NAMES) delete process.env[name];
  Object.assign(process.env, { REEVE_DATA: directory, ...values });
  forgetEnvironment();
  forgetKeys();
}

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
  expect(() => deriveKey("x")).toThrow(expect.objectContaining({ code: "sealed" }));
  ensureKeys(true);
  const first = deriveKey("x");
  const file = path.join(directory, "keys", "master.key");
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  expect(fs.statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  restart();
  ensureKeys(true);
  expect(deriveKey("x")).toEqual(first);
  expect(first).toHaveLength(32);
  expect(deriveKey("y")).not.toEqual(first);
});

it("doesn't make a new master key for data that an older one wrote", () => {
  expect(() => ensureKeys(false)).toThrow(/master key is missing/);
  expect(fs.existsSync(path.join(directory, "keys", "master.key"))).toBe(false);
});

it("prefers the environment, and then writes no file for it", () => {
  const text = Buffer.alloc(32, 7).toString("base64");
  restart({ REEVE_MASTER_KEY: text, REEVE_SIGNING_KEY: text });
  ensureKeys(false);
  expect(fs.readdirSync(path.join(directory, "keys"))).toEqual([]);
  expect(deriveKey("x")).toHaveLength(32);
});

it("refuses a key file that others can read, or that holds something else", () => {
  ensureKeys(true);
  const file = path.join(directory, "keys", "master.key");
  fs.chmodSync(file, 0o640);
  restart();
  expect(() => deriveKey("x")).toThrow(/can be read by others/);
  fs.writeFileSync(file, "short");
  fs.chmodSync(file, 0o600);
  expect(() => deriveKey("x")).toThrow(/doesn't hold 32 bytes/);
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
