import "server-only";
import { END } from "./end";
import { type Held, holdCanary, newCanaryName, type Place } from "./hold";
import { CAUSES, type Cause, GIVE_UP_S, type Surface, type Trial } from "./schema";
import { SERVED } from "./surfaces";

// One trial: a canary is made, uses each surface once, loses its access by one cause, and asks each surface until it refuses. The time counts
// from the moment that the cause was answered.

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 300);

/** The trials of one cause, on each surface that it ends. A canary that can't be made or used gives trials with a failure. */
export async function measureCause(place: Place, cause: Cause): Promise<Trial[]> {
  const { ends } = CAUSES[cause];
  const name = newCanaryName();
  const failed = (failure: string) => ends.map((surface): Trial => ({ cause, surface, canary: name, seconds: null, failure }));
  let held: Held;
  try {
    held = await holdCanary(place, name);
  } catch (error) {
    return failed(reason(error));
  }
  try {
    const before = await Promise.all(ends.map((surface) => isServed(held, surface)));
    await END[cause](held);
    const started = performance.now();
    return await Promise.all(
      ends.map(async (surface, index): Promise<Trial> => {
        const trial = { cause, surface, canary: name };
        const was = before[index];
        if (was !== true) return { ...trial, seconds: null, failure: was || "it was refused before its access ended" };
        try {
          return { ...trial, seconds: await refusedAfter(held, surface, started), failure: null };
        } catch (error) {
          return { ...trial, seconds: null, failure: reason(error) };
        }
      }),
    );
  } catch (error) {
    return failed(reason(error));
  } finally {
    held.stream.close();
  }
}

/** Whether a surface serves, or why that can't be said. */
const isServed = (held: Held, surface: Surface): Promise<boolean | string> => SERVED[surface](held).catch(reason);

/** Seconds until the surface refused; null when it was still open at the end. */
async function refusedAfter(held: Held, surface: Surface, started: number): Promise<number | null> {
  for (;;) {
    const isOpen = await SERVED[surface](held);
    const endedAt = (surface === "stream" ? held.stream.endedAt() : undefined) ?? performance.now();
    const seconds = Math.max(0, endedAt - started) / 1_000;
    if (!isOpen) return seconds;
    if (seconds > GIVE_UP_S) return null;
    if (surface === "stream") await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
