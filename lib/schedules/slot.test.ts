import { describe, expect, it } from "vitest";
import { isCron, slotBefore } from "./slot";

const plan = { cronExpression: null, intervalS: null, startTime: null, runOnceStartTime: null };

describe("the slot of a run", () => {
  it.each([
    ["the night's", { cronExpression: "0 2 * * *" }, "2026-11-28T02:00:03.118Z", "2026-11-28T02:00:00.000Z"],
    ["the very moment", { cronExpression: "0 2 * * *" }, "2026-11-28T02:00:00.000Z", "2026-11-28T02:00:00.000Z"],
    ["yesterday's, before tonight's", { cronExpression: "0 2 * * *" }, "2026-11-28T01:59:59.999Z", "2026-11-27T02:00:00.000Z"],
    ["a weekday's on a Sunday", { cronExpression: "30 6 * * 1-5" }, "2026-11-29T12:00:00.000Z", "2026-11-27T06:30:00.000Z"],
    ["none before the schedule began", { cronExpression: "0 2 * * *", startTime: "2026-11-28T01:00:00.000Z" }, "2026-11-28T01:30:00.000Z", null],
    ["an interval's", { intervalS: 3600, startTime: "2026-11-28T00:10:00.000Z" }, "2026-11-28T05:09:59.000Z", "2026-11-28T04:10:00.000Z"],
    ["none before an interval began", { intervalS: 3600, startTime: "2026-11-28T00:10:00.000Z" }, "2026-11-28T00:00:00.000Z", null],
    ["the only one", { runOnceStartTime: "2026-11-28T00:00:00.000Z" }, "2026-11-28T00:00:09.000Z", "2026-11-28T00:00:00.000Z"],
    ["none of an empty plan", {}, "2026-11-28T00:00:09.000Z", null],
    ["none of an expression that names no times", { cronExpression: "now and then" }, "2026-11-28T00:00:09.000Z", null],
  ])("is %s", (_name, given, at, slot) => expect(slotBefore({ ...plan, ...given }, at)).toBe(slot));
});

it("knows an expression when it sees one", () => {
  expect(isCron("*/5 * * * *")).toBe(true);
  expect(isCron("61 * * * *")).toBe(false);
});
