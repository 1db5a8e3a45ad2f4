import Link from "next/link";
import { filterOf, listPath, runPath } from "@/components/project/paths";
import { EvidenceChip } from "@/components/ui/evidence";
import { PlainTable } from "@/components/ui/plain-table";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import { CHANGES_OF, type CodeChange } from "@/lib/pipelines/schema";

/** How the code of a pipeline changed: one row for each stretch of runs with the same code, newest first. */
export function CodeChanges({ base, pipeline, changes }: { base: string; pipeline: string; changes: CodeChange[] }) {
  if (changes.length === 0) return <EmptyState title="No run that you may see recorded its code." />;
  return (
    <>
      <p className="mb-3 max-w-[72ch]">
        As the client computed it for the latest {countWords(CHANGES_OF)} runs. A row is a stretch of runs with the same code; what differs between two of them
        is in their snapshots.
      </p>
      <PlainTable
        label="Changes of the code"
        columns={[
          { label: "From" },
          { label: "Until" },
          { label: "Code" },
          { label: "First run" },
          { label: "Started by" },
          { label: "Runs", align: "right" },
          { label: "Failed", align: "right" },
        ]}
        rows={changes.map((change) => ({
          key: change.firstRun.id,
          cells: [
            <Time key="from" at={change.firstRun.at} />,
            <Time key="until" at={change.lastAt} />,
            <EvidenceChip key="code" digest={change.codeDigest} seal="claimed" algorithm="As the client computed it" what={`Code of ${pipeline}`} />,
            <Link key="run" className="link text-ink" href={runPath(base, change.firstRun.id)}>
              № {change.firstRun.number}
            </Link>,
            <WhoChip key="by" person={change.by} origin={change.origin} />,
            <Link
              key="runs"
              className="link"
              href={listPath(
                base,
                "runs",
                filterOf("pipeline", "is", pipeline),
                change.codeDigest ? filterOf("code", "is", change.codeDigest) : filterOf("code", "missing"),
              )}
            >
              {countWords(change.runs)}
            </Link>,
            <span key="failed" className={change.failed > 0 ? "text-fail" : undefined}>
              {countWords(change.failed)}
            </span>,
          ],
        }))}
      />
    </>
  );
}
