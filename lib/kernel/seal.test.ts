import { randomBytes } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import { forgetEnvironment } from "./env";
import { forgetKeys } from "./keys";
import { firstMasterKey, type MasterKey, toMasterKey } from "./master-keys";
import { headerOf, sealBriefly, sealUnder, sealWith, unseal, unsealBriefly } from "./seal";
import { tries } from "./soak";

let key: MasterKey;

beforeAll(() => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  key = firstMasterKey();
});

it("SEC-2: no nonce comes twice in a million seals under one key", () => {
  const one = randomBytes(32);
  const plain = Buffer.from("x");
  const seen = new Set<string>();
  const all = tries(1_000_000);
  for (let at = 0; at < all; at++) seen.add(sealWith(one, "place", plain).subarray(0, 12).toString("latin1"));
  expect(seen.size).toBe(all);
}, 120_000);

it("SEC-1: what is sealed opens at its place and for its purpose alone, and not when a bit of it was changed", () => {
  const sealed = sealUnder(key, "purpose", "place", "text");
  expect(unseal("purpose", "place", sealed)).toBe("text");
  for (const [purpose, place] of [
    ["purpose", "elsewhere"],
    ["another", "place"],
  ] as const)
    expect(() => unseal(purpose, place, sealed)).toThrow(expect.objectContaining({ code: "internal", reason: "sealed_value_moved" }));
  for (let at = 9; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] as number) ^ 1;
    expect(() => unseal("purpose", "place", changed)).toThrow(expect.objectContaining({ code: "internal" }));
  }
  for (let length = 9; length < sealed.length; length++)
    expect(() => unseal("purpose", "place", sealed.subarray(0, length))).toThrow(expect.objectContaining({ reason: "sealed_value_moved" }));
  const brief = sealBriefly("purpose", "place", "text");
  expect(unsealBriefly("purpose", "place", brief)).toBe("text");
  expect(() => unsealBriefly("purpose", "elsewhere", brief)).toThrow(expect.objectContaining({ code: "internal" }));
});

it("names the key that it is under; one that is not there is `sealed`, with its id for who looks after the system", () => {
  expect(sealUnder(key, "purpose", "place", "text").subarray(0, 9)).toEqual(headerOf(key.id));
  const away = toMasterKey(randomBytes(32), "nowhere");
  const sealed = sealUnder(away, "purpose", "place", "text");
  expect(() => unseal("purpose", "place", sealed)).toThrow(
    expect.objectContaining({ code: "sealed", cause: expect.objectContaining({ message: expect.stringContaining(away.id) }) }),
  );
});

it("opens what was sealed before keys had names", () => {
  expect(unseal("purpose", "place", sealWith(key.derive("purpose"), "place", Buffer.from("old")))).toBe("old");
});
