"use client";

import Link from "next/link";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import type { ListProps } from "@/components/table/list-props";
import { timeColumn } from "@/components/table/usual-columns";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { WhoChip } from "@/components/ui/who";
import { type JobRow, jobWords } from "@/lib/bulk/schema";
import { JOB_LIST, JOBS_PER_PAGE } from "./job-lists";
import { hasEnded, jobStatus, ProgressBar, resultWords } from "./job-progress";

type Props = ListProps<JobRow>;

/** The acts on many things that were asked for in a workspace. */
export function JobsTable(props: Props) {
  const columns: DataColumn<JobRow>[] = [
    { id: "state", label: "Status", width: 132, sortKey: "state", cell: (row) => <Status state={jobStatus(row)} /> },
    {
      id: "job",
      label: "Job",
      minWidth: 200,
      cell: (row) => (
        <Link
          href={`${props.path}/${row.id}`}
          data-row-link=""
          tabIndex={-1}
          className="font-medium text-ink hover:underline hover:decoration-rule-strong hover:underline-offset-3"
        >
          {jobWords(row)}
        </Link>
      ),
    },
    {
      id: "result",
      label: "Result",
      width: 220,
      cell: (row) => (hasEnded(row.state) ? resultWords(row.counts) : <ProgressBar counts={row.counts} total={row.total} />),
    },
    { id: "project", label: "Project", width: 120, sortKey: "project", cell: (row) => row.project.name },
    { id: "by", label: "Asked for by", width: 170, sortKey: "by", cell: (row) => row.by && <WhoChip person={row.by} /> },
    timeColumn({ id: "created", label: "Asked for", width: 104, at: (row) => row.createdAt }),
    { id: "ended", label: "Ended", width: 104, sortKey: "ended", startsDescending: true, cell: (row) => row.endedAt && <Time at={row.endedAt} /> },
  ];
  return (
    <DataTable
      {...props}
      noun={{ one: "job", many: "jobs" }}
      columns={columns}
      definition={JOB_LIST}
      pageSize={JOBS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={(row) => `${props.path}/${row.id}`}
      phoneRow={(row) => (
        <>
          <Status state={jobStatus(row)} iconOnly size={18} />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{jobWords(row)}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">{resultWords(row.counts)}</span>
          </span>
          <span className="text-meta text-ink-3">
            <Time at={row.createdAt} />
          </span>
        </>
      )}
    />
  );
}
