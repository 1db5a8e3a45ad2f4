import { expect, it } from "vitest";
import { withinTime } from "./within-time";

it("gives what the work gives, and throws what it throws", () => {
  expect(withinTime(1_000, "too slow", () => 41 + 1)).toBe(42);
  expect(() =>
    withinTime(1_000, "too slow", () => {
      throw new RangeError("mine");
    }),
  ).toThrow(RangeError);
});

it("breaks off a pattern that backtracks without end, and a loop", () => {
  const began = Date.now();
  expect(() => withinTime(100, "too slow", () => /^(a+)+$/.test(`${"a".repeat(60)}!`))).toThrow("too slow");
  expect(() =>
    withinTime(100, "too slow", () => {
      for (;;);
    }),
  ).toThrow("too slow");
  expect(Date.now() - began).toBeLessThan(2_000);
});
