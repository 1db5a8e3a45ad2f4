"use client";

import Link from "next/link";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { PlainTable } from "@/components/ui/plain-table";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import type { LedgerRun } from "@/lib/secrets/ledger-schema";

const FIRST = 10;

/** Runs that could use a secret, with those that did named so: exactly, or by inference. The newest first, the others when they are asked for. */
export function LedgerRuns({ base, runs, total, label }: { base: string; runs: LedgerRun[]; total: number; label: string }) {
  const [isAll, setAll] = useState(false);
  if (runs.length === 0) return <p className="text-ink-3">No run that you may see.</p>;
  return (
    <>
      <PlainTable
        label={label}
        columns={[{ label: "Run", className: "min-w-56" }, { label: "Status" }, { label: "By" }, { label: "Started" }, { label: "Used" }]}
        rows={(isAll ? runs : runs.slice(0, FIRST)).map((run) => ({
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
      {!isAll && runs.length > FIRST && (
        <p className="mt-2">
          <Button onClick={() => setAll(true)}>
            Show {total > runs.length ? "the newest" : "all"} {countWords(runs.length)}
          </Button>
        </p>
      )}
      {isAll && total > runs.length && (
        <p className="mt-2 text-meta text-ink-3">
          The {countWords(runs.length)} newest of {countWords(total)}.
        </p>
      )}
    </>
  );
}
