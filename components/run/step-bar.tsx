"use client";

import { useClock } from "@/components/ui/clock";

const WIDTH_PX = 120;
const LEAST_PX = 2;

type Props = { status: string; start: string; end: string | null; runStart: string; runEnd: string | null };

/** When in the run a step ran, as a bar on the run's own length. The words beside it say how long. */
export function StepBar({ status, start, end, runStart, runEnd }: Props) {
  const { now } = useClock();
  const from = Date.parse(runStart);
  const length = Math.max(1, (runEnd ? Date.parse(runEnd) : now) - from);
  const at = (time: number) => Math.min(WIDTH_PX, Math.max(0, ((time - from) / length) * WIDTH_PX));
  const left = Math.min(WIDTH_PX - LEAST_PX, at(Date.parse(start)));
  const width = Math.max(LEAST_PX, at(end ? Date.parse(end) : now) - left);
  const tone = status === "failed" ? "text-fail" : end ? "text-ink-3" : "text-run";
  return (
    <svg width={WIDTH_PX} height="6" aria-hidden="true" className={`${tone} max-md:hidden`} suppressHydrationWarning>
      <rect width={WIDTH_PX} height="6" className="text-rule" fill="currentColor" opacity="0.5" />
      <rect x={Math.round(left * 10) / 10} width={Math.round(width * 10) / 10} height="6" fill="currentColor" suppressHydrationWarning />
    </svg>
  );
}
