"use client";

import { RowLink } from "@/components/table/row-link";
import Link from "next/link";
import type { ReactNode } from "react";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import type { ListView } from "@/components/table/list-params";
import type { PackedRows } from "@/components/table/packed-rows";
import { timeColumn } from "@/components/table/usual-columns";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import type { WorkspaceRow } from "@/lib/workspaces/schema";
import { WORKSPACE_LIST, WORKSPACES_PER_PAGE } from "./workspace-list";

/** Where a workspace's row leads: a suspended one has no pages but the one that manages it. */
const homeOf = (row: WorkspaceRow) => (row.state === "active" ? `/${row.slug}` : `/workspaces/${row.slug}`);

const COLUMNS: DataColumn<WorkspaceRow>[] = [
  {
    id: "name",
    label: "Name",
    sortKey: "name",
    cell: (row) => (
      <>
        <RowLink href={homeOf(row)}>{row.slug}</RowLink>
        {row.displayName !== row.slug && <span className="text-ink-3"> {row.displayName}</span>}
      </>
    ),
  },
  { id: "state", label: "State", width: 132, cell: (row) => <Status state={row.state} /> },
  { id: "projects", label: "Projects", width: 92, align: "right", sortKey: "projects", startsDescending: true, cell: (row) => countWords(row.projects) },
  { id: "members", label: "Members", width: 92, align: "right", sortKey: "members", startsDescending: true, cell: (row) => countWords(row.members) },
  { id: "runs", label: "Runs in 7 days", width: 116, align: "right", sortKey: "runs", startsDescending: true, cell: (row) => countWords(row.runs7d) },
  {
    id: "failed",
    label: "Failed in 7 days",
    width: 116,
    align: "right",
    sortKey: "failed",
    startsDescending: true,
    cell: (row) => (row.failed7d > 0 ? <span className="text-fail">{countWords(row.failed7d)}</span> : "0"),
  },
  {
    id: "lastRun",
    label: "Last run",
    width: 116,
    sortKey: "lastRun",
    startsDescending: true,
    cell: (row) => (row.lastRunAt ? <Time at={row.lastRunAt} /> : <span className="text-ink-3">none yet</span>),
  },
  {
    id: "manage",
    label: "Manage",
    width: 92,
    cell: (row) => (
      <Link href={`/workspaces/${row.slug}`} className="link" tabIndex={-1}>
        Manage
      </Link>
    ),
  },
  timeColumn({ id: "created", label: "Created", width: 116, at: (row) => row.createdAt }),
];

type Props = { rows: PackedRows<WorkspaceRow>; view: ListView; total: number; next: string | null; countsWithout: number[] | null; empty: ReactNode };

/** The workspaces that the person may read. */
export function WorkspacesTable({ rows, view, total, next, countsWithout, empty }: Props) {
  return (
    <DataTable
      noun={{ one: "workspace", many: "workspaces" }}
      rows={rows}
      columns={COLUMNS}
      definition={WORKSPACE_LIST}
      view={view}
      path="/workspaces"
      total={{ count: total, isExact: true }}
      next={next}
      pageSize={WORKSPACES_PER_PAGE}
      rowKey={(row) => row.slug}
      rowHref={homeOf}
      phoneRow={(row) => (
        <>
          <Status state={row.state} iconOnly size={18} />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.slug}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">
              {counted(row.runs7d, "run")} this week
              {row.failed7d > 0 && <span className="text-fail">, {countWords(row.failed7d)} failed</span>}
            </span>
          </span>
          <span className="text-meta text-ink-3">{row.lastRunAt ? <Time at={row.lastRunAt} /> : "no runs"}</span>
        </>
      )}
      empty={empty}
      countsWithout={countsWithout}
    />
  );
}
