import Link from "next/link";
import { CellLink } from "@/components/table/row-link";
import type { BoundedCount } from "@/lib/artifacts/row-schema";
import { countOf } from "./words";

/** What uses an artifact or a version, each count a link to what it counts; "nothing" is said in words. */
export function UsedBy({
  reads,
  models,
  readsHref,
  modelsHref,
  noun,
  isPlain = false,
}: {
  reads: BoundedCount;
  models: BoundedCount;
  readsHref: string;
  modelsHref: string;
  noun: "run" | "step";
  /** In a table, which follows its links itself. */
  isPlain?: boolean;
}) {
  if (reads.count === 0 && models.count === 0)
    return reads.isExact ? (
      <span className="text-ink-3">nothing</span>
    ) : (
      <span className="text-ink-3" title="Nothing uses one of its newest versions">
        nothing lately
      </span>
    );
  const To = isPlain ? CellLink : Link;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap align-middle">
      {reads.count > 0 && (
        <To className="link" href={readsHref}>
          {countOf(reads, noun, `${noun}s`)}
        </To>
      )}
      {models.count > 0 && (
        <To className="link" href={modelsHref}>
          {countOf(models, "model", "models")}
        </To>
      )}
    </span>
  );
}
