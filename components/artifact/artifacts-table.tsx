"use client";

import { CellLink, RowLink } from "@/components/table/row-link";
import { BulkBar, type BulkPlace } from "@/components/bulk/bulk-bar";
import { artifactPath, artifactVersionPath, filterOf, listPath } from "@/components/project/paths";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import type { ListProps } from "@/components/table/list-props";
import { timeColumn, NONE } from "@/components/table/usual-columns";
import { NotRecorded } from "@/components/ui/evidence";
import { Icon } from "@/components/ui/icon";
import { sizeWords } from "@/components/ui/size-words";
import { TagList } from "@/components/ui/tag";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import type { ArtifactTableRow } from "@/lib/artifacts/row-schema";
import { ARTIFACT_LIST, ROWS_PER_PAGE } from "./lists";
import { ProducerLink } from "./producer-link";
import { UsedBy } from "./used-by";
import { artifactIcon, kindWord, versionWord } from "./words";

export type TableProps<Row> = ListProps<Row> & {
  /** The project's path, for links to other things. */
  project: string;
  /** Where acts on many of them happen, and which. */
  bulk: BulkPlace;
};

/** The artifacts of a project. */
export function ArtifactsTable({ project, bulk, ...table }: TableProps<ArtifactTableRow>) {
  const columns: DataColumn<ArtifactTableRow>[] = [
    {
      id: "name",
      label: "Artifact",
      sortKey: "name",
      minWidth: 168,
      cell: (row) => (
        <span className="flex min-w-0 items-center gap-2">
          <Icon name={artifactIcon(row.latest?.type ?? "")} size={15} className="text-ink-3" />
          <RowLink href={artifactPath(project, row.name)} className="truncate">
            {row.name}
          </RowLink>
        </span>
      ),
    },
    {
      id: "type",
      label: "Type",
      width: 140,
      cell: (row) =>
        row.latest ? (
          <span title={row.latest.dataType}>
            {kindWord(row.latest.type)} <span className="text-ink-3">{shortType(row.latest.dataType)}</span>
          </span>
        ) : (
          NONE
        ),
    },
    {
      id: "versions",
      label: "Versions",
      width: 64,
      align: "right",
      cell: (row) => (
        <CellLink className="link" href={listPath(project, "artifact-versions", filterOf("artifact", "is", row.name))}>
          {countWords(row.versions)}
        </CellLink>
      ),
    },
    {
      id: "latest",
      label: "Latest",
      width: 76,
      cell: (row) =>
        row.latest ? (
          <CellLink className="link" href={artifactVersionPath(project, row.name, row.latest.version)} title={row.latest.version}>
            {versionWord(row.latest.version)}
          </CellLink>
        ) : (
          NONE
        ),
    },
    { id: "producer", label: "Producer", width: 176, cell: (row) => (row.latest ? <ProducerLink project={project} producer={row.producer} /> : NONE) },
    {
      id: "used",
      label: "Used by",
      width: 116,
      cell: (row) => (
        <UsedBy
          isPlain
          noun="run"
          reads={row.readBy}
          models={row.models}
          readsHref={listPath(project, "steps", filterOf("reads", "is", row.name))}
          modelsHref={listPath(project, "artifact-versions", filterOf("artifact", "is", row.name), filterOf("used", "is", "models"))}
        />
      ),
    },
    {
      id: "items",
      label: "Items",
      width: 84,
      align: "right",
      cell: (row) => (row.latest?.items == null ? <NotRecorded isPlain /> : countWords(row.latest.items)),
    },
    {
      id: "size",
      label: "Size",
      width: 104,
      align: "right",
      cell: (row) => (row.latest?.sizeBytes == null ? <NotRecorded isPlain /> : sizeWords(row.latest.sizeBytes)),
    },
    {
      id: "store",
      label: "Store",
      width: 116,
      cell: (row) => row.latest?.store ?? <NotRecorded isPlain />,
    },
    { id: "tags", label: "Tags", width: 84, cell: (row) => <TagList names={row.tags} /> },
    timeColumn({ id: "updated", label: "Updated", width: 96, at: (row) => row.updatedAt }),
  ];
  return (
    <DataTable
      {...table}
      noun={{ one: "artifact", many: "artifacts" }}
      columns={columns}
      definition={ARTIFACT_LIST}
      pageSize={ROWS_PER_PAGE}
      bulk={(selection) => <BulkBar list="artifacts" place={bulk} definition={ARTIFACT_LIST} selection={selection} />}
      rowKey={(row) => row.id}
      rowHref={(row) => artifactPath(project, row.name)}
      phoneRow={(row) => (
        <>
          <Icon name={artifactIcon(row.latest?.type ?? "")} size={18} className="text-ink-3" />
          <span className="min-w-0 flex-1">
            <span className="block truncate text-form">
              <b>{row.name}</b> <span className="text-ink-3">{row.latest && versionWord(row.latest.version)}</span>
            </span>
            <span className="block truncate text-meta leading-5 text-ink-3">
              {row.producer?.step ? `${row.producer.step}, ` : ""}
              {counted(row.versions, "version")}
            </span>
          </span>
          <span className="text-meta text-ink-3">
            <Time at={row.updatedAt} />
          </span>
        </>
      )}
    />
  );
}

/** "pandas.core.frame.DataFrame" → "DataFrame". */
export const shortType = (dataType: string): string => dataType.slice(dataType.lastIndexOf(".") + 1);
