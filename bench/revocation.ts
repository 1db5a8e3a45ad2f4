import "server-only";
import { measureCause } from "@/lib/canaries/measure";
import { findSpot, withCanaries } from "@/lib/canaries/place";
import { CAUSE_IDS, CAUSES, SURFACES, type Trial } from "@/lib/canaries/schema";
import type { Installation } from "./installation";

// How long access lives after what ends it: the canaries of lib/canaries, as many as asked for and four at once. The web server's processes
// share nothing but the database.

const AT_ONCE = 4;

/** Runs trials until there are `count` pairs of cause and surface. Without single sign-on there is no cause of an identity provider's. */
export async function revocationTrials(at: Installation, count: number): Promise<Trial[]> {
  const { organizationId } = at.plot;
  const spot = await findSpot(organizationId);
  if (!spot) throw new Error("the bench has no project");
  return withCanaries(organizationId, spot, async (place) => {
    const causes = CAUSE_IDS.filter((cause) => cause !== "provider-logout" || place.connectionId);
    const trials: Trial[] = [];
    let next = 0;
    const worker = async () => {
      while (trials.length < count) trials.push(...(await measureCause(place, causes[next++ % causes.length] as (typeof causes)[number])));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const failed = trials.find(({ failure }) => failure !== null);
    if (failed) throw new Error(`${CAUSES[failed.cause].label}, ${SURFACES[failed.surface]}: ${failed.failure}`);
    return trials;
  });
}

/** Milliseconds until a trial's refusal; endless when it was still open at the end. */
export const msOf = ({ seconds }: Trial): number => (seconds === null ? Number.POSITIVE_INFINITY : seconds * 1_000);

/** Rows of a table: each surface and cause with its count, median and worst, in milliseconds. */
export function summary(trials: readonly Trial[]): string[][] {
  const groups = new Map<string, Trial[]>();
  for (const trial of trials) {
    const name = `${SURFACES[trial.surface]} | ${CAUSES[trial.cause].label}`;
    groups.set(name, [...(groups.get(name) ?? []), trial]);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([name, of]) => [...name.split(" | "), String(of.length), ...figures(of.map(msOf))]);
}

const figures = (ms: number[]): string[] => {
  const sorted = [...ms].sort((a, b) => a - b);
  return [sorted[Math.floor(sorted.length / 2)] ?? 0, sorted.at(-1) ?? 0].map((value) => value.toFixed(0));
};
/** The median of all. */
export const medianOf = (trials: readonly Trial[]): number => Number(figures(trials.map(msOf))[0]);
