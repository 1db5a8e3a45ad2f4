import { cx } from "@/components/ui/class-names";
import { statusWord } from "@/components/ui/status-words";
import type { Stroke } from "@/lib/workspaces/schema";

const STEP = 6.6;
const BASE = 20;
const MAX = 17;
const MIN = 4;

/** The last runs as strokes, 48 or `slots`: height is duration, failed ones are red and marked below the line. Oldest left. */
export function Strokes({ strokes, isDim = false, slots = 48 }: { strokes: Stroke[]; isDim?: boolean; slots?: number }) {
  const width = slots * STEP - 2.6;
  const longest = Math.max(1, ...strokes.map((stroke) => stroke.durationS ?? 0));
  const failed = strokes.filter((stroke) => statusWord(stroke.status).tone === "fail").length;
  const label = strokes.length === 0 ? "No runs yet" : `Last ${strokes.length === 1 ? "run" : `${strokes.length} runs`}, ${failed} failed`;
  const first = slots - strokes.length;
  return (
    <svg
      width="100%"
      height="24"
      viewBox={`0 0 ${width} 24`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className={cx("block", isDim && "opacity-50")}
    >
      {strokes.map((stroke, index) => {
        const { tone } = statusWord(stroke.status);
        // The square root keeps short runs visible beside one long one.
        const height = stroke.durationS === null ? MIN + 3 : Math.max(MIN, Math.sqrt(stroke.durationS / longest) * MAX);
        const x = Math.round((first + index) * STEP * 10) / 10;
        const colour =
          tone === "fail" ? "text-fail" : tone === "run" ? "text-run" : tone === "wait" ? "text-wait" : tone === "warn" ? "text-warn" : "text-control";
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a stroke is its place in the row
          <g key={index} className={colour} fill="currentColor">
            <rect x={x} y={Math.round((BASE - height) * 10) / 10} width="4" height={Math.round(height * 10) / 10} />
            {tone === "fail" && <rect x={x} y="21.75" width="4" height="1.5" />}
          </g>
        );
      })}
      <path d={`M0 20.5H${width}`} stroke="currentColor" className="text-rule-strong" />
    </svg>
  );
}
