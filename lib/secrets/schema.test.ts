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
