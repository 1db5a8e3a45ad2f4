"use client";

import { BulkBar } from "@/components/bulk/bulk-bar";
import { filterOf, listPath, modelPath, modelVersionPath, pipelinePath, runPath } from "@/components/project/paths";
import type { TableProps } from "@/components/pipeline/pipelines-table";
import { versionWord } from "@/components/artifact/words";
import type { DataColumn } from "@/components/table/data-column";
import { CellLink, RowLink } from "@/components/table/row-link";
import { DataTable } from "@/components/table/data-table";
import { timeColumn } from "@/components/table/usual-columns";
import { Icon } from "@/components/ui/icon";
import { NotRecorded, NotYours } from "@/components/ui/evidence";
import { TagList } from "@/components/ui/tag";
import { Time } from "@/components/ui/time";
import { WhoChip } from "@/components/ui/who";
import type { Metric, ModelVersionTableRow } from "@/lib/models/schema";
import { MODEL_VERSION_LIST, ROWS_PER_PAGE, VERSIONS_OF_MODEL } from "./lists";
import { numberWords } from "./number-words";
import { StageBadge } from "./stage-badge";

/** The model versions of a project, or of one model. */
export function ModelVersionsTable({ base, isOfOneModel = false, bulk, ...table }: TableProps<ModelVersionTableRow> & { isOfOneModel?: boolean }) {
  const hrefOf = (row: ModelVersionTableRow) => modelVersionPath(base, row.model, row.version);
  const columns: DataColumn<ModelVersionTableRow>[] = [
    {
      id: "version",
      label: "Version",
      sortKey: "number",
      startsDescending: true,
      width: 112,
      cell: (row) => (
        <RowLink href={hrefOf(row)} title={row.version}>
          {versionWord(row.version)}
        </RowLink>
      ),
    },
    ...(isOfOneModel
      ? []
      : [
          {
            id: "model",
            label: "Model",
            minWidth: 140,
            cell: (row: ModelVersionTableRow) => (
              <CellLink href={modelPath(base, row.model)} className="link text-ink">
                {row.model}
              </CellLink>
            ),
          },
        ]),
    { id: "stage", label: "Stage", width: 100, cell: (row) => <StageBadge stage={row.stage} /> },
    {
      id: "run",
      label: "Run",
      width: 112,
      cell: (row) =>
        row.run ? (
          <CellLink href={runPath(base, row.run.id)} className="link text-ink" title={row.run.name}>
            № {row.run.number}
          </CellLink>
        ) : row.isRunHidden ? (
          <NotYours what="a run" />
        ) : (
          <NotRecorded isPlain />
        ),
    },
    {
      id: "pipeline",
      label: "Pipeline",
      width: 132,
      cell: (row) =>
        row.run?.pipeline ? (
          <CellLink href={pipelinePath(base, row.run.pipeline)} className="link text-ink">
            {row.run.pipeline}
          </CellLink>
        ) : row.isRunHidden ? (
          <NotYours what="of a run" />
        ) : (
          <NotRecorded isPlain />
        ),
    },
    { id: "metrics", label: "Metrics", minWidth: 200, cell: (row) => <Metrics metrics={row.metrics} /> },
    {
      id: "tags",
      label: "Tags",
      width: 112,
      cell: (row) => <TagList isPlain names={row.tags} href={(name) => listPath(base, "model-versions", filterOf("tag", "is", name))} />,
    },
    { id: "by", label: "Made by", width: 150, cell: (row) => <WhoChip person={row.by} isTight /> },
    timeColumn({ id: "created", label: "Made", width: 116, at: (row) => row.createdAt }),
  ];
  return (
    <DataTable
      {...table}
      noun={{ one: "version", many: "versions" }}
      columns={columns}
      definition={isOfOneModel ? VERSIONS_OF_MODEL : MODEL_VERSION_LIST}
      pageSize={ROWS_PER_PAGE}
      bulk={bulk && ((selection) => <BulkBar list="model-versions" place={bulk} definition={MODEL_VERSION_LIST} selection={selection} />)}
      rowKey={(row) => row.id}
      rowHref={hrefOf}
      phoneRow={(row) => (
        <>
          <Icon name="box" size={18} className="text-ink-3" />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">
              {isOfOneModel ? "" : `${row.model} `}
              {versionWord(row.version)}
            </b>
            <span className="block truncate text-meta leading-5 text-ink-3">
              {[row.stage, ...row.metrics.slice(0, 2).map(({ key, value }) => `${key} ${numberWords(value)}`)].filter(Boolean).join(", ") || "no stage"}
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

function Metrics({ metrics }: { metrics: Metric[] }) {
  if (metrics.length === 0) return <NotRecorded isPlain />;
  return (
    <span title={metrics.map(({ key, value }) => `${key} ${value}`).join("\n")}>
      {metrics.map(({ key, value }) => (
        <span key={key} className="mr-3">
          <span className="text-ink-3">{key}</span> <span className="tabular text-ink">{numberWords(value)}</span>
        </span>
      ))}
    </span>
  );
}
