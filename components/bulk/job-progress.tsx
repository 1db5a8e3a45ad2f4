import { Progress } from "@/components/ui/progress";
import { countWords } from "@/components/ui/time-words";
import type { JobCounts, JobState } from "@/lib/bulk/schema";

/** The state of a job as a word of the product: one that ended says so only when nothing was refused or failed. */
export function jobStatus({ state, counts }: { state: JobState; counts: JobCounts }): string {
  if (state === "halted") return "stopped";
  if (state === "completed") return counts.refused + counts.failed > 0 ? "partly" : "done";
  return state;
}

export const hasEnded = (state: JobState): boolean => state !== "queued" && state !== "running";

/** How much of a job is behind it. */
export const ProgressBar = ({ counts, total, className }: { counts: JobCounts; total: number; className?: string }) => (
  <Progress label="Progress" done={total - counts.waiting} total={total} className={className} />
);

/** "12 done, 2 refused". */
export function resultWords(counts: JobCounts): string {
  const parts = (
    [
      [counts.done, "done"],
      [counts.unchanged, "unchanged"],
      [counts.refused, "refused"],
      [counts.failed, "failed"],
      [counts.waiting, "left as they were"],
    ] as const
  ).flatMap(([count, word]) => (count > 0 ? [`${countWords(count)} ${word}`] : []));
  return parts.join(", ") || "nothing yet";
}
