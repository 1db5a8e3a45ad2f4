import type { GraphStep } from "./graph-schema";

// What made a run take as long as it did, from recorded times alone.

/** When the step's latest try ended, or `now` while it goes on; null when it never began. In ms. */
export function endOf(step: GraphStep, now: number): number | null {
  const latest = step.tries.at(-1);
  if (!latest?.startedAt) return null;
  return latest.endedAt ? Date.parse(latest.endedAt) : now;
}

/** When a step could begin: as the last of what it comes after ended, at the run's start when it comes after nothing. In ms; null when that is not known. */
export function readyAt(step: GraphStep, byName: ReadonlyMap<string, GraphStep>, runStart: number, now: number): number | null {
  let ready = runStart;
  for (const name of step.upstream) {
    const before = byName.get(name);
    const end = before && endOf(before, now);
    if (end == null) return null;
    ready = Math.max(ready, end);
  }
  return ready;
}

/**
 * Names on the critical path, first to last: from the step that ended last back through whatever ended last before each. Steps that never
 * began are on none. Of two that ended together the one named first counts.
 */
export function criticalPath(steps: readonly GraphStep[], now: number): string[] {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const last = (candidates: readonly GraphStep[]): GraphStep | undefined => {
    let found: { step: GraphStep; end: number } | undefined;
    for (const step of candidates) {
      const end = endOf(step, now);
      if (end !== null && (!found || end > found.end)) found = { step, end };
    }
    return found?.step;
  };
  const path: string[] = [];
  for (let step = last(steps); step && !path.includes(step.name); step = last(step.upstream.flatMap((name) => byName.get(name) ?? []))) path.unshift(step.name);
  return path;
}
