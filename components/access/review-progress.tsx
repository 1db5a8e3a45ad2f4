import { countWords } from "@/components/ui/time-words";

/** How many rows of a review are settled: a bar and its words. */
export function ReviewProgress({ settled, total }: { settled: number; total: number }) {
  return (
    <span className="inline-flex items-center gap-2 tabular">
      <span
        role="progressbar"
        aria-label="Decided"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={settled}
        className="h-1.5 w-16 overflow-hidden rounded-1 bg-select"
      >
        <span className="block h-full bg-ink" style={{ width: `${total === 0 ? 100 : (settled / total) * 100}%` }} />
      </span>
      {countWords(settled)} of {countWords(total)}
    </span>
  );
}
