import { cx } from "@/components/ui/class-names";
import { durationWords } from "@/components/ui/time-words";
import type { Bar, Lane } from "./timeline-model";

const BAR = 12;
const FITS_RIGHT_UNTIL = 86;

/** One step's lane: where it waited, then a bar per try. Places are percentages, so that it needs no measuring. */
export function TimelineLane({ lane, percent, end, height }: { lane: Lane; percent: (at: number) => number; end: number; height: number }) {
  const { step, bars, waitedFrom, isCritical } = lane;
  const top = (height - BAR) / 2;
  const first = bars[0] as Bar;
  const last = bars.at(-1) as Bar;
  const lastEnd = percent(last.to ?? end);
  const begin = percent(waitedFrom ?? first.from);
  const note = step.isCached
    ? "cached"
    : `${last.to === null ? "" : durationWords((last.to - last.from) / 1000)}${bars.length > 1 ? ` try ${last.version}` : ""}`.trim();
  const isRight = lastEnd <= FITS_RIGHT_UNTIL;
  if (lastEnd < 0 || begin > 100) return null;
  return (
    <span className="relative mr-3 block overflow-hidden">
      <svg width="100%" height={height} aria-hidden="true" className="block text-label">
        {waitedFrom !== null && <Span from={begin} to={percent(first.from)} y={top + 3} height={BAR - 6} className="fill-rule-strong" />}
        {bars.map((bar) => {
          const isLast = bar === last;
          return (
            <Span
              key={bar.version}
              from={percent(bar.from)}
              to={percent(bar.to ?? end)}
              y={top}
              height={BAR}
              className={cx(!isLast ? "fill-paper stroke-control" : isCritical ? "fill-ink" : "fill-ink-3", step.isCached && "fill-paper stroke-control")}
            />
          );
        })}
        {last.to === null && (
          <svg x={`${lastEnd}%`} overflow="visible" aria-hidden="true">
            <path d={`M-1 ${top}l7 ${BAR / 2}l-7 ${BAR / 2}z`} className={isCritical ? "fill-ink" : "fill-ink-3"} />
          </svg>
        )}
        {step.status === "failed" && (
          <svg x={`${lastEnd}%`} overflow="visible" aria-hidden="true">
            <path d={octagon(0, height / 2, 7)} className="fill-fail stroke-paper" strokeWidth="1" />
            <path d={`M-2.5 ${height / 2 - 2.5}l5 5m0 -5l-5 5`} className="stroke-paper" strokeWidth="1.5" />
          </svg>
        )}
        {note && (
          <text
            x={`${isRight ? Math.max(0, lastEnd) : Math.max(0, begin)}%`}
            dx={isRight ? (step.status === "failed" ? 12 : 7) : -6}
            y={height / 2 + 4}
            textAnchor={isRight ? "start" : "end"}
            className="tabular fill-ink-3"
          >
            {note}
          </text>
        )}
      </svg>
    </span>
  );
}

/** A bar that is never thinner than a stroke. */
function Span({ from, to, y, height, className }: { from: number; to: number; y: number; height: number; className: string }) {
  if (to < 0 || from > 100) return null;
  const left = Math.max(-1, from);
  return <rect x={`${left}%`} y={y} height={height} className={className} style={{ width: `max(2px, ${Math.max(0, Math.min(101, to) - left)}%)` }} />;
}

function octagon(x: number, y: number, radius: number): string {
  const corner = (at: number) => {
    const angle = Math.PI / 8 + (at * Math.PI) / 4;
    return `${(x + radius * Math.cos(angle)).toFixed(2)} ${(y + radius * Math.sin(angle)).toFixed(2)}`;
  };
  return `M${Array.from({ length: 8 }, (_, at) => corner(at)).join("L")}z`;
}
