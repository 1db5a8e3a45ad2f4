import { counted } from "@/components/ui/time-words";
import { criticalPath, readyAt } from "@/lib/runs/critical-path-rule";
import type { GraphStep, RunGraph } from "@/lib/runs/graph-schema";

// A run's recorded times as lanes, and what was going on at any moment. All moments are ms.

export type Bar = { from: number /** Null while it goes on. */; to: number | null; status: string; version: number };
export type Lane = { step: GraphStep; waitedFrom: number | null; bars: Bar[]; isCritical: boolean };
export type Timeline = { lanes: Lane[]; notStarted: number; start: number; end: number /** Every start and end, in order. */; changes: number[] };

const NAMED = 3;
const LEAST_WAIT_MS = 50;

/** Lanes in the order in which the steps began. */
export function timelineOf(graph: RunGraph, now: number): Timeline {
  const byName = new Map(graph.steps.map((step) => [step.name, step]));
  const critical = new Set(criticalPath(graph.steps, now));
  const runStart = Date.parse(graph.startedAt);
  const lanes: Lane[] = [];
  for (const step of graph.steps) {
    const bars = step.tries.flatMap(({ startedAt, endedAt, status, version }): Bar[] =>
      startedAt ? [{ from: Date.parse(startedAt), to: endedAt ? Date.parse(endedAt) : null, status, version }] : [],
    );
    const first = bars[0];
    if (!first) continue;
    const ready = step.isCached ? null : readyAt(step, byName, runStart, now);
    lanes.push({ step, waitedFrom: ready !== null && first.from - ready >= LEAST_WAIT_MS ? ready : null, bars, isCritical: critical.has(step.name) });
  }
  lanes.sort((a, b) => (a.bars[0] as Bar).from - (b.bars[0] as Bar).from);
  const moments = lanes.flatMap((lane) => lane.bars.flatMap((bar) => [bar.from, ...(bar.to === null ? [] : [bar.to])]));
  const start = Math.min(runStart, ...moments.slice(0, 1));
  const latest = moments.reduce((last, moment) => Math.max(last, moment), start);
  const end = graph.inProgress ? Math.max(now, latest) : Math.max(latest, graph.endedAt ? Date.parse(graph.endedAt) : latest);
  return {
    lanes,
    notStarted: graph.steps.length - lanes.length,
    start,
    end: Math.max(end, start + 1000),
    changes: [...new Set([runStart, ...moments])].sort((a, b) => a - b),
  };
}

/** "train_model running, 3 of 9 done". */
export function wordsAt({ lanes, notStarted }: Timeline, at: number): string {
  const running: string[] = [];
  let waiting = 0;
  let done = 0;
  for (const { step, bars, waitedFrom } of lanes) {
    if (bars.some((bar) => bar.from <= at && (bar.to === null || at < bar.to))) running.push(step.name);
    else if ((bars.at(-1) as Bar).to !== null && ((bars.at(-1) as Bar).to as number) <= at) done++;
    else if (waitedFrom !== null && waitedFrom <= at) waiting++;
  }
  const names = running.length <= NAMED ? running.join(", ") : counted(running.length, "step");
  return [
    running.length > 0 ? `${names} running` : "nothing running",
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    `${done.toLocaleString("en-US")} of ${(lanes.length + notStarted).toLocaleString("en-US")} done`,
  ].join(", ");
}

/** The change after (or before) a moment; the moment itself when there is none. */
export function nextChange(changes: readonly number[], at: number, by: 1 | -1): number {
  return (by > 0 ? changes.find((change) => change > at) : changes.findLast((change) => change < at)) ?? at;
}

const UNITS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400, 172_800, 604_800];

/** Round moments for an axis: at most `most` of them. Offset is the zone's distance from UTC in ms. */
export function ticksOf(from: number, to: number, most: number, offset: number): number[] {
  const unit = (UNITS.find((seconds) => (to - from) / (seconds * 1000) <= most) ?? (UNITS.at(-1) as number)) * 1000;
  const ticks: number[] = [];
  for (let tick = Math.ceil((from + offset) / unit) * unit - offset; tick <= to && ticks.length <= most; tick += unit) ticks.push(tick);
  return ticks;
}
