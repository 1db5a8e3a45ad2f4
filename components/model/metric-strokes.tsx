import { counted } from "@/components/ui/time-words";
import type { MetricHistory } from "@/lib/models/schema";

const STEP = 7;
const HEIGHT = 26;
const MIN = 3;

/** A number over the versions, oldest left: this version in ink, the others grey, those without it left out of the row of strokes. */
export function MetricStrokes({ metric, version }: { metric: MetricHistory; version: string }) {
  const values = metric.history.flatMap(({ value }) => (value === null ? [] : [value]));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const words = `${metric.key} over ${counted(values.length, "version")}, from ${low} to ${high}`;
  return (
    <svg
      width={metric.history.length * STEP}
      height={HEIGHT + 1}
      viewBox={`0 0 ${metric.history.length * STEP} ${HEIGHT + 1}`}
      role="img"
      aria-label={words}
      className="max-w-full"
    >
      {metric.history.map(({ version: of, value }, index) => {
        if (value === null) return null;
        const height = high === low ? HEIGHT / 2 : MIN + ((value - low) / (high - low)) * (HEIGHT - MIN);
        return (
          <rect key={of} x={index * STEP} y={HEIGHT - height} width={4} height={height} className={of === version ? "fill-ink" : "fill-control"}>
            <title>{`${of}: ${value}`}</title>
          </rect>
        );
      })}
      <path d={`M0 ${HEIGHT + 0.5}H${metric.history.length * STEP}`} className="stroke-rule-strong" />
    </svg>
  );
}
