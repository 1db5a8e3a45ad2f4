"use client";

import Link from "next/link";
import { runPath } from "@/components/project/paths";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import type { ListProps } from "@/components/table/list-props";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { BULK_LISTS, type BulkList, type JobItem } from "@/lib/bulk/schema";
import { JOB_ITEM_LIST, JOBS_PER_PAGE } from "./job-lists";

type Props = ListProps<JobItem> & {
  list: BulkList;
  /** The path of the job's project, for links to what is still there. */
  project: string;
  /** Whether what is done is gone. */
  isDeletion: boolean;
};

const state = (row: JobItem) => (row.outcome === "waiting" ? "queued" : row.outcome);

/** The things of a job and what came of each. */
export function JobItemsTable({ list, project, isDeletion, ...table }: Props) {
  const hrefOf = (row: JobItem) =>
    list === "runs" && !(isDeletion && row.outcome === "done") && !(row.outcome === "refused" && row.reason === "It is not there any more.")
      ? runPath(project, row.thingId)
      : null;
  const columns: DataColumn<JobItem>[] = [
    { id: "outcome", label: "Outcome", width: 132, sortKey: "outcome", cell: (row) => <Status state={state(row)} /> },
    {
      id: "name",
      label: BULK_LISTS[list].one.replace(/^./, (first) => first.toUpperCase()),
      minWidth: 200,
      sortKey: "name",
      cell: (row) => {
        const href = hrefOf(row);
        return href ? (
          <Link
            href={href}
            data-row-link=""
            tabIndex={-1}
            className="font-medium text-ink hover:underline hover:decoration-rule-strong hover:underline-offset-3"
          >
            {row.name}
          </Link>
        ) : (
          <span className="text-ink">{row.name}</span>
        );
      },
    },
    {
      id: "reason",
      label: "Reason",
      minWidth: 240,
      cell: (row) => (row.reason ? row.reason : <span className="text-ink-3">–</span>),
    },
    { id: "done", label: "At", width: 104, sortKey: "done", cell: (row) => row.doneAt && <Time at={row.doneAt} /> },
  ];
  return (
    <DataTable
      {...table}
      noun={BULK_LISTS[list]}
      columns={columns}
      definition={JOB_ITEM_LIST}
      pageSize={JOBS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={(row) => hrefOf(row) ?? table.path}
      phoneRow={(row) => (
        <>
          <Status state={state(row)} iconOnly size={18} />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.name}</b>
            {row.reason && <span className="block text-meta leading-5 text-ink-3">{row.reason}</span>}
          </span>
        </>
      )}
    />
  );
}
