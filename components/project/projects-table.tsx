"use client";

import { RowLink } from "@/components/table/row-link";
import type { ReactNode } from "react";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable, type Total } from "@/components/table/data-table";
import type { ListView } from "@/components/table/list-params";
import { type PackedRows, useRows } from "@/components/table/packed-rows";
import { timeColumn } from "@/components/table/usual-columns";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import type { ProjectRow } from "@/lib/projects/schema";
import { ProjectActs } from "./project-acts";
import { listPath, projectPath } from "./paths";
import { PROJECT_LIST, PROJECTS_PER_PAGE } from "./project-list";

type Props = {
  workspace: string;
  rows: PackedRows<ProjectRow>;
  view: ListView;
  total: Total;
  next: string | null;
  countsWithout: number[] | null;
  may: { update: boolean; remove: boolean };
  empty: ReactNode;
};

/** The projects of a workspace, with what they hold. */
export function ProjectsTable({ workspace, rows, view, total, next, countsWithout, may, empty }: Props) {
  const ids = useRows(rows).map((row) => row.id);
  const runsOf = (row: ProjectRow) => listPath(projectPath(workspace, row.name), "runs");
  const number = (id: string, label: string, value: (row: ProjectRow) => number, sortKey?: string): DataColumn<ProjectRow> => ({
    id,
    label,
    width: 88,
    align: "right",
    sortKey,
    startsDescending: true,
    cell: (row) => countWords(value(row)),
  });
  const columns: DataColumn<ProjectRow>[] = [
    {
      id: "name",
      label: "Name",
      sortKey: "name",
      minWidth: 180,
      cell: (row) => (
        <>
          <RowLink href={runsOf(row)}>{row.name}</RowLink>
          {row.displayName !== row.name && <span className="text-ink-3"> {row.displayName}</span>}
        </>
      ),
    },
    {
      id: "description",
      label: "Description",
      width: 220,
      cell: (row) => <span title={row.description}>{row.description || <span className="text-ink-3">–</span>}</span>,
    },
    number("runs", "Runs", (row) => row.runs, "runs"),
    number("models", "Models", (row) => row.models, "models"),
    number("artifacts", "Artifacts", (row) => row.artifacts),
    number("grants", "Grants", (row) => row.grants),
    {
      id: "lastRun",
      label: "Last run",
      width: 108,
      sortKey: "lastRun",
      startsDescending: true,
      cell: (row) => (row.lastRunAt ? <Time at={row.lastRunAt} /> : <span className="text-ink-3">none yet</span>),
    },
    timeColumn({ id: "created", label: "Created", width: 108, at: (row) => row.createdAt }),
    ...(may.update || may.remove
      ? [
          {
            id: "acts",
            label: "Actions",
            width: 72,
            align: "right" as const,
            cell: (row: ProjectRow) => <ProjectActs row={row} workspace={workspace} may={may} />,
          },
        ]
      : []),
  ];
  return (
    <DataTable
      key={ids.join()} // what one makes or deletes here shows at once
      noun={{ one: "project", many: "projects" }}
      rows={rows}
      columns={columns}
      definition={PROJECT_LIST}
      view={view}
      path={`/${workspace}/settings/projects`}
      total={total}
      next={next}
      pageSize={PROJECTS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={runsOf}
      phoneRow={(row) => (
        <>
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.name}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">
              {counted(row.runs, "run")}, {counted(row.models, "model")}
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
