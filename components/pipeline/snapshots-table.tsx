"use client";

import type { ReactNode } from "react";
import { runPath } from "@/components/project/paths";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import { CellLink } from "@/components/table/row-link";
import { NotRecorded, Tally } from "@/components/ui/evidence";
import { Icon } from "@/components/ui/icon";
import { Time } from "@/components/ui/time";
import { WhoChip } from "@/components/ui/who";
import type { SnapshotTableRow } from "@/lib/pipelines/schema";
import { ROWS_PER_PAGE, SNAPSHOT_LIST } from "./lists";
import { LastRun, type TableProps } from "./pipelines-table";

const NO_RUN = <span className="text-ink-3">none</span>;

/** The snapshots of one pipeline. `workspace` is the workspace's path. */
export function SnapshotsTable({ base, workspace, end, ...table }: Omit<TableProps<SnapshotTableRow>, "bulk"> & { workspace: string; end: ReactNode }) {
  const columns: DataColumn<SnapshotTableRow>[] = [
    {
      id: "created",
      label: "Compiled",
      sortKey: "created",
      startsDescending: true,
      minWidth: 150,
      cell: (row) => (
        <span className="text-ink">
          <Time at={row.createdAt} /> {row.name && <b>{row.name}</b>} {row.isDynamic && <span className="text-ink-3">dynamic</span>}
        </span>
      ),
    },
    { id: "code", label: "Code", width: 116, cell: (row) => <Digest digest={row.codeDigest} what="Code" /> },
    { id: "packages", label: "Packages", width: 116, cell: (row) => <Digest digest={row.packagesDigest} what="Package list" /> },
    {
      id: "stack",
      label: "Stack",
      width: 132,
      cell: (row) =>
        row.stack ? (
          <CellLink href={`${workspace}/stacks/${row.stack.id}`} className="link text-ink">
            {row.stack.name}
          </CellLink>
        ) : (
          <NotRecorded isPlain />
        ),
    },
    { id: "steps", label: "Steps", width: 64, align: "right", cell: (row) => row.steps },
    { id: "by", label: "Made by", width: 150, cell: (row) => <WhoChip person={row.by} isTight /> },
    { id: "client", label: "Client", width: 80, cell: (row) => (row.clientVersion ? <code>{row.clientVersion}</code> : <NotRecorded isPlain />) },
    { id: "last", label: "Last run", width: 120, cell: (row) => (row.lastRun ? <LastRun base={base} run={row.lastRun} /> : NO_RUN) },
    { id: "when", label: "When", width: 100, cell: (row) => row.lastRun && <Time at={row.lastRun.at} /> },
  ];
  return (
    <DataTable
      {...table}
      barEnd={end}
      noun={{ one: "snapshot", many: "snapshots" }}
      columns={columns}
      definition={SNAPSHOT_LIST}
      pageSize={ROWS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={(row) => (row.lastRun ? runPath(base, row.lastRun.id, { tab: "snapshot" }) : table.path)}
      phoneRow={(row) => (
        <>
          <Icon name="file-code-2" size={18} className="text-ink-3" />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.name ?? row.codeDigest?.slice(0, 12) ?? "code not recorded"}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">
              {row.steps} steps, {row.by?.name ?? "unknown"}
            </span>
          </span>
          <span className="text-meta text-ink-3">
            <Time at={row.createdAt} />
          </span>
        </>
      )}
    />
  );
}

/** A digest in a row: tally and first letters; equal content is equal at a glance. */
export function Digest({ digest, what }: { digest: string | null; what: string }) {
  if (!digest) return <NotRecorded isPlain />;
  return (
    <span className="inline-flex items-center gap-1.5 align-middle" title={`${what} ${digest}`}>
      <Tally digest={digest} className="text-ink-3" />
      <code>{digest.slice(0, 7)}</code>
    </span>
  );
}
