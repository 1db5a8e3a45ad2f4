"use client";

import { useMemo } from "react";
import { BulkBar, type BulkPlace } from "@/components/bulk/bulk-bar";
import { runPath } from "@/components/project/paths";
import { DataTable } from "@/components/table/data-table";
import { metadataColumns } from "@/components/table/list-params";
import type { ListProps } from "@/components/table/list-props";
import { useRows } from "@/components/table/packed-rows";
import type { Preset } from "@/components/table/saved-views";
import { statusWord } from "@/components/ui/status-words";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { Origin } from "@/components/ui/who";
import type { RunRow } from "@/lib/runs/schema";
import { metadataColumn, runColumns } from "./columns";
import { RUN_LIST, RUNS_PER_PAGE } from "./run-list";

type Props = ListProps<RunRow> & {
  /** The path of the project's runs, where the list is a part of another page. */
  runsPath?: string;
  presets: readonly Preset[];
  /** Where the rows are, and what may be done with several. */
  bulk?: BulkPlace;
};

/** The runs of a project. */
export function RunsTable({ path, runsPath = path, rows, view, total, next, countsWithout, empty, presets, bulk }: Props) {
  const base = runsPath.replace(/\/runs$/, "");
  const runs = useRows(rows);
  const columns = useMemo(() => {
    const lengths = runs.map((run) => run.durationS ?? 0).sort((a, b) => a - b);
    const numbers = runs.map((run) => run.number);
    return [...runColumns(base, lengths[Math.floor(lengths.length * 0.9)] || 1, numbers), ...metadataColumns(view).map(metadataColumn)];
  }, [base, runs, view]);
  return (
    <DataTable
      noun={{ one: "run", many: "runs" }}
      rows={rows}
      columns={columns}
      definition={RUN_LIST}
      view={view}
      path={path}
      total={total}
      next={next}
      pageSize={RUNS_PER_PAGE}
      rowKey={(run) => run.id}
      rowHref={(run) => runPath(base, run.id)}
      phoneRow={(run) => <PhoneRow run={run} />}
      empty={empty}
      countsWithout={countsWithout}
      presets={presets}
      bulk={bulk && ((selection) => <BulkBar list="runs" place={bulk} definition={RUN_LIST} selection={selection} />)}
    />
  );
}

const TONES: Record<string, string> = { run: "text-run", wait: "text-wait", warn: "text-warn", fail: "text-fail" };

function PhoneRow({ run }: { run: RunRow }) {
  const { word, tone } = statusWord(run.status);
  return (
    <>
      <Status state={run.status} iconOnly size={18} />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-form">
          <b>{run.pipeline ?? run.name}</b> <span className="text-ink-3">№ {run.number}</span>
        </span>
        <span className="flex items-center gap-1 text-meta leading-5 text-ink-3">
          {run.status !== "completed" && <span className={TONES[tone]}>{word},</span>}
          <span className="truncate">{run.startedBy?.name ?? "unknown"}</span>
          <Origin origin={run.origin} />
        </span>
      </span>
      <span className="text-meta text-ink-3">{run.startedAt ? <Time at={run.startedAt} /> : "not started"}</span>
    </>
  );
}
