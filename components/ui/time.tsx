"use client";

import { useClock, useNow } from "./clock";
import { durationWords, exactTime, relativeTime, stampTime } from "./time-words";

/** A moment: relative for reading, exact with its zone on hover (ClockProvider), or everywhere after `t`. A stamp has day and second. */
export function Time({ at, isStamp }: { at: string; isStamp?: boolean }) {
  const { now, zone, exact } = useClock();
  return (
    <time dateTime={at} suppressHydrationWarning>
      {exact ? exactTime(at, zone) : isStamp ? stampTime(at, now, zone) : relativeTime(at, now, zone)}
    </time>
  );
}

/** A moment that is always exact, for heads and facts of record. */
export function ExactTime({ at }: { at: string }) {
  const { zone } = useClock();
  return (
    <time dateTime={at} className="max-md:whitespace-normal" suppressHydrationWarning>
      {exactTime(at, zone)}
    </time>
  );
}

const BAR_PX = 22;

/** How long something took, or takes so far when `end` is missing. Times are ISO; the scale of the bar is `longestS`. */
export function Duration({ start, end, seconds, longestS }: { start: string | null; end: string | null; seconds: number | null; longestS?: number }) {
  const now = useNow(start !== null && end === null && seconds === null);
  if (!start) return <span className="text-ink-3">not started</span>;
  const length = seconds ?? ((end ? Date.parse(end) : now) - Date.parse(start)) / 1000;
  const width = longestS ? Math.max(2, Math.min(BAR_PX, (length / longestS) * BAR_PX)) : 0;
  return (
    <span className="long" suppressHydrationWarning>
      {longestS !== undefined && (
        <svg width={Math.round(width * 10) / 10} aria-hidden="true">
          <rect />
        </svg>
      )}
      {durationWords(length)}
    </span>
  );
}
