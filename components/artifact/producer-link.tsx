import Link from "next/link";
import { runPath, stepPath } from "@/components/project/paths";
import { CellLink } from "@/components/table/row-link";
import { NotRecorded } from "@/components/ui/evidence";
import type { Producer } from "@/lib/artifacts/row-schema";

/** The step that made a version, or its run; what is gone or was never recorded says so. `project` is the project's path; `isPlain` in a table. */
export function ProducerLink({ project, producer, isPlain = true }: { project: string; producer: Producer | null; isPlain?: boolean }) {
  if (!producer) return <NotRecorded isPlain={isPlain} />;
  if (producer.runNumber === null) return <span className="text-ink-3">a run that was deleted</span>;
  const To = isPlain ? CellLink : Link;
  return (
    <span className="inline-flex max-w-full min-w-0 items-center gap-1.5 align-middle">
      {producer.stepRunId && producer.step && (
        <To
          className="link truncate text-ink"
          href={stepPath(project, producer.stepRunId)}
          title={`${producer.step}${producer.pipeline ? ` of ${producer.pipeline}` : ""}`}
        >
          {producer.step}
        </To>
      )}
      <To className="link shrink-0" href={runPath(project, producer.runId)} title={producer.pipeline ?? undefined}>
        № {producer.runNumber}
      </To>
    </span>
  );
}
