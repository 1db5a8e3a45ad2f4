import Link from "next/link";
import { PlainTable } from "@/components/ui/plain-table";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import type { LedgerRun } from "@/lib/secrets/ledger-schema";

/** Runs that could use a secret, with those that did named so: exactly, or by inference. */
export function LedgerRuns({ base, runs, total, label }: { base: string; runs: LedgerRun[]; total: number; label: string }) {
  if (runs.length === 0) return <p className="text-ink-3">No run that you may see.</p>;
  return (
    <>
      <PlainTable
        label={label}
        columns={[{ label: "Run", className: "min-w-56" }, { label: "Status" }, { label: "By" }, { label: "Started" }, { label: "Used" }]}
        rows={runs.map((run) => ({
          key: run.id,
          cells: [
            <Link key="run" className="link" href={`${base}/projects/${encodeURIComponent(run.project)}/runs/${run.id}?tab=credentials`}>
              <b className="font-medium">{run.name}</b> <span className="text-ink-3">№ {run.number}</span>
            </Link>,
            <Status key="status" state={run.status} />,
            <WhoChip key="who" person={run.who} />,
            run.startedAt ? <Time key="at" at={run.startedAt} /> : "–",
            run.uses > 0 ? (
              `${counted(run.uses, "time")}, ${run.exactness}`
            ) : (
              <span key="used" className="text-ink-3">
                could
              </span>
            ),
          ],
        }))}
      />
      {total > runs.length && (
        <p className="mt-2 text-meta text-ink-3">
          The {countWords(runs.length)} newest of {countWords(total)}.
        </p>
      )}
    </>
  );
}
