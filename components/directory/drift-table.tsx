"use client";

import type { DataColumn } from "@/components/table/data-column";
import { DataTable, type Total } from "@/components/table/data-table";
import type { ListView } from "@/components/table/list-params";
import type { PackedRows } from "@/components/table/packed-rows";
import { RowLink } from "@/components/table/row-link";
import { timeColumn } from "@/components/table/usual-columns";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import type { DriftRow } from "@/lib/directories/schema";
import { directoryPath, DRIFT, driftKind, ROWS_PER_PAGE } from "./lists";

type Props = { directoryId: string; rows: PackedRows<DriftRow>; view: ListView; total: Total; next: string | null; countsWithout: number[] | null };

/** Where the directory's last word and what we hold differ. */
export function DriftTable({ directoryId, ...list }: Props) {
  const pathOf = (row: DriftRow) => (row.principalId ? `/access/people/${row.principalId}` : directoryPath(directoryId, "rules"));
  const columns: DataColumn<DriftRow>[] = [
    { id: "kind", label: "Of", width: 108, sortKey: "kind", cell: (row) => driftKind(row.kind) },
    { id: "what", label: "Who or what", sortKey: "what", minWidth: 200, cell: (row) => <RowLink href={pathOf(row)}>{row.what}</RowLink> },
    { id: "said", label: "The directory says", sortKey: "said", minWidth: 150, cell: (row) => row.said },
    { id: "held", label: "Here", sortKey: "held", minWidth: 150, cell: (row) => <span className="text-warn">{row.held}</span> },
    { id: "why", label: "Because", sortKey: "why", minWidth: 180, cell: (row) => row.why },
    timeColumn({ id: "since", label: "Since", width: 116, at: (row) => row.since }),
  ];
  return (
    <DataTable
      {...list}
      noun={{ one: "difference", many: "differences" }}
      columns={columns}
      definition={DRIFT}
      path={directoryPath(directoryId, "drift")}
      pageSize={ROWS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={pathOf}
      phoneRow={(row) => (
        <>
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.what}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">
              says {row.said}, here {row.held}: {row.why}
            </span>
          </span>
          <span className="text-meta text-ink-3">
            <Time at={row.since} />
          </span>
        </>
      )}
      empty={<EmptyState title="Nothing differs.">All that the directory last said of accounts, groups and memberships is what holds here.</EmptyState>}
    />
  );
}
