import { expect, it } from "vitest";
import type { GraphStep, RunGraph } from "@/lib/runs/graph-schema";
import { nextChange, ticksOf, timelineOf, wordsAt } from "./timeline-model";

const base = Date.UTC(2026, 10, 28, 8, 30, 0);
const iso = (second: number) => new Date(base + second * 1000).toISOString();
const step = (name: string, upstream: string[], ...tries: [start: number, end: number | null][]): GraphStep => ({
  key: `s:${name}`,
  name,
  status: tries.length === 0 ? "not_started" : tries.at(-1)?.[1] === null ? "running" : "completed",
  tries: tries.map(([start, end], index) => ({
    id: `${name}${index}`,
    version: index + 1,
    status: "",
    startedAt: iso(start),
    endedAt: end === null ? null : iso(end),
  })),
  isCached: false,
  group: null,
  upstream,
});
const graph: RunGraph = {
  runId: "run",
  snapshotId: "snapshot",
  inProgress: true,
  startedAt: iso(0),
  endedAt: null,
  steps: [step("load", [], [1, 10]), step("train_model", ["load"], [12, 20], [25, null]), step("labels", [], [0, 5]), step("publish", ["train_model"])],
  artifacts: [],
  groups: [],
  edges: [],
  isCut: false,
};
const timeline = timelineOf(graph, base + 60_000);

it("has a lane per step that began, in that order, with a bar per try", () => {
  expect(timeline.lanes.map((lane) => [lane.step.name, lane.bars.length, lane.isCritical])).toEqual([
    ["labels", 1, false],
    ["load", 1, true],
    ["train_model", 2, true],
  ]);
  expect(timeline.notStarted).toBe(1);
  expect(timeline.end).toBe(base + 60_000);
});

it("draws waiting only where it was recorded", () => {
  expect(timeline.lanes.map((lane) => lane.waitedFrom)).toEqual([null, base, base + 10_000]);
});

it("says in words what went on", () => {
  expect(wordsAt(timeline, base + 3_000)).toBe("labels, load running, 0 of 4 done");
  expect(wordsAt(timeline, base + 11_000)).toBe("nothing running, 1 waiting, 2 of 4 done");
  expect(wordsAt(timeline, base + 30_000)).toBe("train_model running, 2 of 4 done");
});

it("goes from change to change", () => {
  expect(nextChange(timeline.changes, base + 10_000, 1)).toBe(base + 12_000);
  expect(nextChange(timeline.changes, base + 10_000, -1)).toBe(base + 5_000);
  expect(nextChange(timeline.changes, base + 25_000, 1)).toBe(base + 25_000);
});

it("puts ticks at round moments of the zone", () => {
  expect(ticksOf(base, base + 3_600_000, 6, 0).map((tick) => new Date(tick).toISOString().slice(11, 16))).toEqual([
    "08:30",
    "08:40",
    "08:50",
    "09:00",
    "09:10",
    "09:20",
    "09:30",
  ]);
  expect(ticksOf(base, base + 4 * 86_400_000, 6, 3_600_000)[0]).toBe(Date.UTC(2026, 10, 28, 23, 0, 0));
});
