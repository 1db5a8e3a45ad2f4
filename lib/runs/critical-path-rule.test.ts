import { describe, expect, it } from "vitest";
import { criticalPath, readyAt } from "./critical-path-rule";
import type { GraphStep } from "./graph-schema";

const at = (second: number) => new Date(Date.UTC(2026, 10, 28, 8, 0, second)).toISOString();
const NOW = Date.parse(at(100));

/** A step that ran from one second to another; without an end it goes on, without a start it never began. */
function step(name: string, upstream: string[], start?: number, end?: number): GraphStep {
  const tries = start === undefined ? [] : [{ id: name, version: 1, status: "", startedAt: at(start), endedAt: end === undefined ? null : at(end) }];
  return { key: `s:${name}`, name, status: "", tries, isCached: false, group: null, upstream };
}

describe("the critical path", () => {
  it("goes from what ended last back through what ended last before each", () => {
    const steps = [step("load", [], 0, 10), step("labels", [], 0, 4), step("join", ["load", "labels"], 11, 20), step("report", ["labels"], 5, 15)];
    expect(criticalPath(steps, NOW)).toEqual(["load", "join"]);
  });

  it("ends in the step that still runs", () => {
    expect(criticalPath([step("load", [], 0, 10), step("slow", [], 0), step("join", ["load"], 11, 20)], NOW)).toEqual(["slow"]);
  });

  it("leaves out what never began, and counts the latest try", () => {
    const retried = step("load", [], 0, 10);
    retried.tries.push({ id: "again", version: 2, status: "", startedAt: at(11), endedAt: at(30) });
    expect(criticalPath([retried, step("other", [], 0, 20), step("join", ["load", "other"], 31, 40), step("publish", ["join"])], NOW)).toEqual([
      "load",
      "join",
    ]);
  });

  it("ends where steps name each other", () => {
    expect(criticalPath([step("a", ["b"], 0, 10), step("b", ["a"], 0, 9)], NOW)).toEqual(["b", "a"]);
    expect(criticalPath([], NOW)).toEqual([]);
  });
});

it("says since when a step could begin", () => {
  const steps = [step("load", [], 2, 10), step("join", ["load"], 12, 20), step("late", ["never"], 30, 40), step("never", [])];
  const byName = new Map(steps.map((one) => [one.name, one]));
  const ready = (name: string) => readyAt(byName.get(name) as GraphStep, byName, Date.parse(at(0)), NOW);
  expect(ready("load")).toBe(Date.parse(at(0)));
  expect(ready("join")).toBe(Date.parse(at(10)));
  expect(ready("late")).toBeNull();
});
