"use client";

import type { DataColumn } from "@/components/table/data-column";
import { DataTable, type Total } from "@/components/table/data-table";
import type { ListView } from "@/components/table/list-params";
import type { PackedRows } from "@/components/table/packed-rows";
import { RowLink } from "@/components/table/row-link";
import { timeColumn } from "@/components/table/usual-columns";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { CAUSES, SURFACES, type TrialRow } from "@/lib/canaries/schema";
import { entriesPath, secondsText, TABS, TRIALS, TRIALS_PER_PAGE } from "./lists";
import { Verdict } from "./verdict";

type Props = { rows: PackedRows<TrialRow>; view: ListView; total: Total; next: string | null; countsWithout: number[] | null };

const found = (row: TrialRow) => row.failure ?? (row.seconds === null ? "open to the end" : secondsText(row.seconds));

const COLUMNS: DataColumn<TrialRow>[] = [
  timeColumn({ id: "at", label: "Time", width: 116, at: (row) => row.at }),
  { id: "cause", label: "What ended it", minWidth: 220, sortKey: "cause", cell: (row) => CAUSES[row.cause].label },
  { id: "surface", label: "Surface", width: 136, sortKey: "surface", cell: (row) => SURFACES[row.surface] },
  { id: "seconds", label: "Until refused", width: 150, align: "right", sortKey: "seconds", startsDescending: true, cell: found },
  { id: "verdict", label: "Verdict", width: 136, sortKey: "verdict", cell: (row) => <Verdict trial={row} /> },
  { id: "canary", label: "Canary", minWidth: 190, sortKey: "canary", cell: (row) => <RowLink href={entriesPath(row.canary)}>{row.canary}</RowLink> },
];

/** Every trial that is kept; its canary leads to what the trail says of it. */
export function TrialsTable(list: Props) {
  return (
    <DataTable
      {...list}
      noun={{ one: "trial", many: "trials" }}
      columns={COLUMNS}
      definition={TRIALS}
      path={TABS[1].href}
      pageSize={TRIALS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={(row) => entriesPath(row.canary)}
      phoneRow={(row) => (
        <>
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{CAUSES[row.cause].label}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">{[SURFACES[row.surface], found(row)].join(", ")}</span>
          </span>
          <span className="flex flex-col items-end gap-1 text-meta text-ink-3">
            <Verdict trial={row} />
            <Time at={row.at} />
          </span>
        </>
      )}
      empty={<EmptyState title="Nothing was measured yet.">The first round begins within an hour of the first project; or run one now.</EmptyState>}
    />
  );
}
