"use client";

import { BulkBar, type BulkPlace } from "@/components/bulk/bulk-bar";
import { filterOf, listPath, modelPath, pipelinePath, runPath } from "@/components/project/paths";
import type { DataColumn } from "@/components/table/data-column";
import { CellLink, RowLink } from "@/components/table/row-link";
import { DataTable } from "@/components/table/data-table";
import type { ListProps } from "@/components/table/list-props";
import { timeColumn, NONE } from "@/components/table/usual-columns";
import { Status } from "@/components/ui/status";
import { TagList } from "@/components/ui/tag";
import { Time } from "@/components/ui/time";
import { durationWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import { Strokes } from "@/components/workspace/strokes";
import { type PipelineSchedule, type PipelineTableRow, STROKES_OF } from "@/lib/pipelines/schema";
import { shareTitle, snapshotsWord } from "./figure-words";
import { PIPELINE_LIST, ROWS_PER_PAGE } from "./lists";

export type TableProps<Row> = ListProps<Row> & {
  /** The project's path. */
  base: string;
  /** Where acts on many of them happen, and which; left out where the list is a part of another page. */
  bulk?: BulkPlace;
};

const NOT_RUN = <span className="text-ink-3">not run yet</span>;

/** The pipelines of a project. */
export function PipelinesTable({ base, bulk, ...table }: TableProps<PipelineTableRow>) {
  const columns: DataColumn<PipelineTableRow>[] = [
    {
      id: "name",
      label: "Pipeline",
      sortKey: "name",
      minWidth: 160,
      cell: (row) => <RowLink href={pipelinePath(base, row.name)}>{row.name}</RowLink>,
    },
    { id: "status", label: "Last run", width: 120, cell: (row) => (row.lastRun ? <LastRun base={base} run={row.lastRun} /> : NOT_RUN) },
    {
      id: "last",
      label: "When",
      width: 96,
      sortKey: "last",
      startsDescending: true,
      cell: (row) => (row.lastRun ? <Time at={row.lastRun.at} /> : NONE),
    },
    {
      id: "strokes",
      label: "Last 20 runs",
      width: 148,
      cell: (row) => (row.strokes.length > 0 ? <Strokes strokes={row.strokes} slots={STROKES_OF} className="block w-[132px]" /> : NONE),
    },
    {
      id: "success",
      label: "Success, 30 d",
      width: 96,
      align: "right",
      cell: (row) =>
        row.ended > 0 ? (
          <CellLink
            href={listPath(base, "runs", filterOf("pipeline", "is", row.name), filterOf("started", "last", "30d"))}
            className="link"
            title={shareTitle(row)}
          >
            {Math.round((row.succeeded / row.ended) * 100)} %
          </CellLink>
        ) : (
          NONE
        ),
    },
    { id: "duration", label: "Median", width: 88, align: "right", cell: (row) => (row.medianS === null ? NONE : durationWords(row.medianS)) },
    { id: "schedule", label: "Schedule", width: 152, cell: (row) => <Schedules of={row.schedules} /> },
    {
      id: "snapshots",
      label: "Snapshots",
      width: 80,
      align: "right",
      cell: (row) => (
        <CellLink href={`${pipelinePath(base, row.name)}/snapshots`} className="link">
          {snapshotsWord(row.snapshots)}
        </CellLink>
      ),
    },
    {
      id: "models",
      label: "Models made",
      width: 140,
      cell: (row) => <ModelLinks base={base} names={row.models} />,
    },
    {
      id: "tags",
      label: "Tags",
      width: 96,
      cell: (row) => <TagList isPlain names={row.tags} href={(name) => listPath(base, "pipelines", filterOf("tag", "is", name))} />,
    },
    { id: "by", label: "Made by", width: 144, cell: (row) => <WhoChip person={row.by} isTight /> },
    timeColumn({ id: "created", label: "Created", width: 100, at: (row) => row.createdAt }),
  ];
  return (
    <DataTable
      {...table}
      noun={{ one: "pipeline", many: "pipelines" }}
      columns={columns}
      definition={PIPELINE_LIST}
      pageSize={ROWS_PER_PAGE}
      bulk={bulk && ((selection) => <BulkBar list="pipelines" place={bulk} definition={PIPELINE_LIST} selection={selection} />)}
      rowKey={(row) => row.id}
      rowHref={(row) => pipelinePath(base, row.name)}
      phoneRow={(row) => (
        <>
          {row.lastRun && <Status state={row.lastRun.status} iconOnly size={18} />}
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.name}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">
              {row.ended > 0 ? `${Math.round((row.succeeded / row.ended) * 100)} % of ${row.ended} in 30 days` : "no run ended in 30 days"}
            </span>
          </span>
          <span className="text-meta text-ink-3">{row.lastRun ? <Time at={row.lastRun.at} /> : "not run yet"}</span>
        </>
      )}
    />
  );
}

/** A run's status as the link to it. */
export function LastRun({ base, run }: { base: string; run: { id: string; number: number; status: string } }) {
  return (
    <CellLink href={runPath(base, run.id)} className="entity" title={`№ ${run.number}`}>
      <Status state={run.status} />
    </CellLink>
  );
}

/** The first schedule's plan; the others in the title. */
function Schedules({ of }: { of: PipelineSchedule[] }) {
  const [first, ...rest] = of;
  if (!first) return NONE;
  const words = ({ name, plan, isActive }: PipelineSchedule) => `${name}: ${plan}${isActive ? "" : ", paused"}`;
  return (
    <span className="flex min-w-0 items-center gap-1" title={of.map(words).join("\n")}>
      <span className={first.isActive ? "truncate" : "truncate text-ink-3"}>{first.isActive ? first.plan : `paused: ${first.plan}`}</span>
      {rest.length > 0 && <span className="shrink-0 text-meta text-ink-3">+{rest.length}</span>}
    </span>
  );
}

const SHOWN_MODELS = 1;

function ModelLinks({ base, names }: { base: string; names: string[] }) {
  if (names.length === 0) return NONE;
  const rest = names.slice(SHOWN_MODELS);
  return (
    <span className="flex min-w-0 items-center gap-1">
      {names.slice(0, SHOWN_MODELS).map((name) => (
        <CellLink key={name} href={modelPath(base, name)} className="link truncate text-ink">
          {name}
        </CellLink>
      ))}
      {rest.length > 0 && (
        <span className="shrink-0 text-meta text-ink-3" title={rest.join(", ")}>
          +{rest.length}
        </span>
      )}
    </span>
  );
}
