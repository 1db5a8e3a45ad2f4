import { expect, it } from "vitest";
import { secretValues, valuesChange } from "./schema";

it.each([
  ["a key", { "{{canary}}": "v" }, "The name of a key is one line without braces."],
  ["a key beside a value of no kind", { canary: ["canary"] }, "Invalid input: expected string, received array"],
  ["the whole", "canary", "Invalid input: expected record, received string"],
])("SEC-4: what is wrong with %s is said without a word of it", (_what, values, said) => {
  for (const schema of [secretValues, valuesChange]) {
    const issues = schema.safeParse(values).error?.issues ?? [];
    expect(issues.map(({ message, path }) => [message, path])).toEqual([[said, []]]);
  }
});

it("takes what is right as it is", () => {
  expect(secretValues.parse({ key: "value", empty: "" })).toEqual({ key: "value", empty: "" });
  expect(valuesChange.parse({ key: null })).toEqual({ key: null });
});

it("what fits here fits in every store as JSON, whatever it is made of, and comes back from each as it was", () => {
  const limit = (values: unknown) => secretValues.safeParse(values).success;
  expect(limit({ a: "x".repeat(24_900) })).toBe(true);
  expect(limit({ a: '"'.repeat(13_000) })).toBe(false);
  expect(limit({ a: "\u0001".repeat(5_000) })).toBe(false);
  for (const lost of ["\ud800", "a\udfffb"]) {
    expect(limit({ a: lost })).toBe(false);
    expect(limit({ [lost]: "a" })).toBe(false);
  }
  expect(limit({ a: "\u{1F511}" })).toBe(true);
  expect(limit(JSON.parse('{"__proto__":"canary","a":"b"}')), "nothing is dropped without a word").toBe(false);
});
