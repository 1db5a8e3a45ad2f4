import { GIVE_UP_S, LIMIT_S } from "@/lib/canaries/schema";

const STEP = 4;
const WIDTH = 3;
const HEIGHT = 18;
const LINE = 6;
const SLOTS = 24;

/** Up to the 1 s line for what is in time, above it for what is late; the square root keeps milliseconds visible. */
const heightOf = (seconds: number | null): number =>
  seconds !== null && seconds <= LIMIT_S
    ? Math.max(1, Math.sqrt(seconds / LIMIT_S) * (HEIGHT - LINE))
    : HEIGHT - LINE + ((seconds ?? GIVE_UP_S) / GIVE_UP_S) * LINE;

/** The last trials of one cause and surface, oldest left, with the line of one second. What was not over in time is red. */
export function TrialStrokes({ recent }: { recent: (number | null)[] }) {
  const first = SLOTS - recent.length;
  const bars = recent.map((seconds, index) => ({ x: (first + index) * STEP, height: heightOf(seconds), isLate: seconds === null || seconds > LIMIT_S }));
  const path = (isLate: boolean) =>
    bars
      .filter((bar) => bar.isLate === isLate)
      .map(({ x, height }) => `M${x} ${HEIGHT - height}h${WIDTH}V${HEIGHT}h-${WIDTH}z`)
      .join("");
  return (
    <svg width={SLOTS * STEP} height={HEIGHT + 1} viewBox={`0 0 ${SLOTS * STEP} ${HEIGHT + 1}`} aria-hidden="true" className="block">
      <path d={`M0 ${LINE + 0.5}H${SLOTS * STEP}`} className="stroke-rule-strong" strokeDasharray="2 2" />
      <path d={path(false)} className="fill-control" />
      <path d={path(true)} className="fill-fail" />
      <path d={`M0 ${HEIGHT + 0.5}H${SLOTS * STEP}`} className="stroke-rule-strong" />
    </svg>
  );
}
