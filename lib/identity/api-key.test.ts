import { randomUUID } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { formatApiKey, hashApiKey, keyLabel, mintKeySecret, parseApiKey, sameHash } from "./api-key";

const useSigningKey = (fill: number) => {
  process.env.REEVE_SIGNING_KEY = Buffer.alloc(32, fill).toString("base64");
  forgetEnvironment();
  forgetKeys();
};
beforeAll(() => useSigningKey(7));

it("reads back what it wrote, in the form that clients take for a key", () => {
  const id = randomUUID();
  const key = mintKeySecret();
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(formatApiKey(id, key)).toMatch(/^ZENKEY_[A-Za-z0-9+/=]+$/);
  expect(parseApiKey(formatApiKey(id, key))).toEqual({ id, key });
  expect(new Set(Array.from({ length: 200 }, mintKeySecret)).size).toBe(200);
});

it("knows a mistyped key by its checksum", () => {
  const id = randomUUID();
  const key = mintKeySecret();
  for (let at = 0; at < key.length; at++) {
    const changed = key.slice(0, at) + (key[at] === "0" ? "1" : "0") + key.slice(at + 1);
    expect(parseApiKey(formatApiKey(id, changed)), `changed at ${at}`).toBeUndefined();
  }
  expect(parseApiKey(formatApiKey(id, key.slice(2) + key.slice(0, 2)))).toBeUndefined();
});

const encoded = (value: unknown) => `ZENKEY_${Buffer.from(JSON.stringify(value)).toString("base64")}`;
it.each([
  "",
  "ZENKEY_",
  "ZENKEY_e30=",
  "ZENKEY_%%%",
  "ZENPROKEY_x",
  encoded(null),
  encoded([]),
  encoded({ id: "1", key: "2" }),
  encoded({ id: randomUUID(), key: 7 }),
  encoded({ id: "' or 1=1 --", key: "0".repeat(64) }),
  encoded({ id: randomUUID(), key: "0".repeat(63) }),
  `ZENKEY_${"A".repeat(100_000)}`,
])("refuses what isn't a key: %#", (text) => {
  expect(parseApiKey(text)).toBeUndefined();
});

it("stores an HMAC that another installation can't compute", () => {
  const key = mintKeySecret();
  const stored = hashApiKey(key);
  expect(sameHash(stored, hashApiKey(key))).toBe(true);
  expect(sameHash(stored, hashApiKey(mintKeySecret()))).toBe(false);
  expect(sameHash(stored, stored.subarray(1))).toBe(false);
  useSigningKey(8);
  expect(sameHash(stored, hashApiKey(key))).toBe(false);
  useSigningKey(7);
});

it("is named by its last four characters of id, never by its secret", () => {
  expect(keyLabel("ci", "0190-abcd")).toBe("ci (…abcd)");
});
