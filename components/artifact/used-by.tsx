import Link from "next/link";
import type { BoundedCount } from "@/lib/artifacts/row-schema";
import { countOf } from "./words";

/** What uses an artifact or a version, each count a link to what it counts; "nothing" is said in words. */
export function UsedBy({
  reads,
  models,
  readsHref,
  modelsHref,
  noun,
}: {
  reads: BoundedCount;
  models: BoundedCount;
  readsHref: string;
  modelsHref: string;
  noun: "run" | "step";
}) {
  if (reads.count === 0 && models.count === 0)
    return reads.isExact ? (
      <span className="text-ink-3">nothing</span>
    ) : (
      <span className="text-ink-3" title="Nothing uses one of its newest versions">
        nothing lately
      </span>
    );
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap align-middle">
      {reads.count > 0 && (
        <Link className="link" href={readsHref}>
          {countOf(reads, noun, `${noun}s`)}
        </Link>
      )}
      {models.count > 0 && (
        <Link className="link" href={modelsHref}>
          {countOf(models, "model", "models")}
        </Link>
      )}
    </span>
  );
}
