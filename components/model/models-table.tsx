"use client";

import { BulkBar } from "@/components/bulk/bulk-bar";
import { filterOf, listPath, modelPath, modelVersionPath } from "@/components/project/paths";
import type { TableProps } from "@/components/pipeline/pipelines-table";
import { versionWord } from "@/components/artifact/words";
import type { DataColumn } from "@/components/table/data-column";
import { CellLink, RowLink } from "@/components/table/row-link";
import { DataTable } from "@/components/table/data-table";
import { timeColumn, NONE } from "@/components/table/usual-columns";
import { Icon } from "@/components/ui/icon";
import { TagList } from "@/components/ui/tag";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import type { ModelTableRow } from "@/lib/models/schema";
import { MODEL_LIST, ROWS_PER_PAGE } from "./lists";

/** The models of a project. */
export function ModelsTable({ base, bulk, ...table }: TableProps<ModelTableRow>) {
  const version = (row: ModelTableRow, name: string | null) =>
    name ? (
      <CellLink href={modelVersionPath(base, row.name, name)} className="link inline-block min-w-6 leading-6 text-ink">
        {versionWord(name)}
      </CellLink>
    ) : (
      NONE
    );
  const columns: DataColumn<ModelTableRow>[] = [
    {
      id: "name",
      label: "Model",
      sortKey: "name",
      minWidth: 200,
      cell: (row) => (
        <>
          <RowLink href={modelPath(base, row.name)}>{row.name}</RowLink>
          {row.description && <span className="text-ink-3"> {row.description}</span>}
        </>
      ),
    },
    { id: "latest", label: "Newest", width: 100, cell: (row) => version(row, row.latest?.name ?? null) },
    { id: "production", label: "In production", width: 110, cell: (row) => version(row, row.production) },
    { id: "staging", label: "In staging", width: 100, cell: (row) => version(row, row.staging) },
    {
      id: "versions",
      label: "Versions",
      width: 80,
      align: "right",
      cell: (row) => (
        <CellLink href={modelPath(base, row.name)} className="link">
          {countWords(row.versions)}
        </CellLink>
      ),
    },
    {
      id: "tags",
      label: "Tags",
      width: 120,
      cell: (row) => <TagList isPlain names={row.tags} href={(name) => listPath(base, "models", filterOf("tag", "is", name))} />,
    },
    { id: "by", label: "Made by", width: 160, cell: (row) => <WhoChip person={row.by} isTight /> },
    {
      id: "updated",
      label: "New version",
      width: 108,
      sortKey: "latest",
      startsDescending: true,
      cell: (row) => (row.latest ? <Time at={row.latest.at} /> : NONE),
    },
    timeColumn({ id: "created", label: "Created", width: 104, at: (row) => row.createdAt }),
  ];
  return (
    <DataTable
      {...table}
      noun={{ one: "model", many: "models" }}
      columns={columns}
      definition={MODEL_LIST}
      pageSize={ROWS_PER_PAGE}
      bulk={bulk && ((selection) => <BulkBar list="models" place={bulk} definition={MODEL_LIST} selection={selection} />)}
      rowKey={(row) => row.id}
      rowHref={(row) => modelPath(base, row.name)}
      phoneRow={(row) => (
        <>
          <Icon name="box" size={18} className="text-ink-3" />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.name}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">
              {row.production ? `${versionWord(row.production)} in production` : "none in production"}, {counted(row.versions, "version")}
            </span>
          </span>
          <span className="text-meta text-ink-3">{row.latest ? <Time at={row.latest.at} /> : "no version"}</span>
        </>
      )}
    />
  );
}
