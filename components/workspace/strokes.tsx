import { cx } from "@/components/ui/class-names";
import type { Tone } from "@/components/ui/badge";
import { statusWord } from "@/components/ui/status-words";
import type { Stroke } from "@/lib/workspaces/schema";

const STEP = 6.6;
const BASE = 20;
const MAX = 17;
const MIN = 4;
const WIDTH = 4;
const COLOURS: Partial<Record<Tone, string>> = { fail: "text-fail", run: "text-run", wait: "text-wait", warn: "text-warn" };
const PLAIN = "text-control";

/** The last runs as strokes, 48 or `slots`: height is duration, failed ones are red and marked below the line. Oldest left. */
export function Strokes({ strokes, isDim = false, slots = 48, className }: { strokes: Stroke[]; isDim?: boolean; slots?: number; className?: string }) {
  const width = slots * STEP - 2.6;
  const longest = Math.max(1, ...strokes.map((stroke) => stroke.durationS ?? 0));
  const failed = strokes.filter((stroke) => statusWord(stroke.status).tone === "fail").length;
  const label = strokes.length === 0 ? "No runs yet" : `Last ${strokes.length === 1 ? "run" : `${strokes.length} runs`}, ${failed} failed`;
  const first = slots - strokes.length;
  // One path per colour: a list shows hundreds of strokes.
  const paths = new Map<string, string>();
  for (const [index, { status, durationS }] of strokes.entries()) {
    const { tone } = statusWord(status);
    // The square root keeps short runs visible beside one long one.
    const height = durationS === null ? MIN + 3 : Math.max(MIN, Math.sqrt(durationS / longest) * MAX);
    const x = tenths((first + index) * STEP);
    const colour = COLOURS[tone] ?? PLAIN;
    const mark = tone === "fail" ? `M${x} 21.75h${WIDTH}v1.5h-${WIDTH}z` : "";
    paths.set(colour, `${paths.get(colour) ?? ""}M${x} ${tenths(BASE - height)}h${WIDTH}V${BASE}h-${WIDTH}z${mark}`);
  }
  return (
    <svg
      width="100%"
      height="24"
      viewBox={`0 0 ${width} 24`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className={cx(className ?? "block", isDim && "opacity-50")}
    >
      {[...paths].map(([colour, d]) => (
        <path key={colour} className={colour} fill="currentColor" d={d} />
      ))}
      <path d={`M0 20.5H${width}`} stroke="currentColor" className="text-rule-strong" />
    </svg>
  );
}

const tenths = (value: number) => Math.round(value * 10) / 10;
