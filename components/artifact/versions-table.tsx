"use client";

import { CellLink, RowLink } from "@/components/table/row-link";
import { BulkBar } from "@/components/bulk/bulk-bar";
import { artifactPath, artifactVersionPath, filterOf, listPath } from "@/components/project/paths";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import { timeColumn } from "@/components/table/usual-columns";
import { EvidenceChip, NotRecorded } from "@/components/ui/evidence";
import { Icon } from "@/components/ui/icon";
import { sizeWords } from "@/components/ui/size-words";
import { TagList } from "@/components/ui/tag";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import type { VersionTableRow } from "@/lib/artifacts/row-schema";
import { shortType, type TableProps } from "./artifacts-table";
import { ROWS_PER_PAGE, VERSION_LIST, VERSION_PRESETS } from "./lists";
import { ProducerLink } from "./producer-link";
import { UsedBy } from "./used-by";
import { artifactIcon, kindWord, versionWord } from "./words";

const PRESETS = VERSION_PRESETS.map(({ label, filters }) => ({ label, filters: filters.map((filter) => ({ ...filter, values: [...filter.values] })) }));

/** The artifact versions of a project. */
export function VersionsTable({ project, bulk, ...table }: TableProps<VersionTableRow>) {
  const versionHref = (row: VersionTableRow, tab?: string) => artifactVersionPath(project, row.artifact, row.version, { tab });
  const columns: DataColumn<VersionTableRow>[] = [
    {
      id: "artifact",
      label: "Artifact",
      minWidth: 152,
      cell: (row) => (
        <span className="flex min-w-0 items-center gap-2">
          <Icon name={artifactIcon(row.type)} size={15} className="text-ink-3" />
          <CellLink href={artifactPath(project, row.artifact)} className="truncate font-medium text-ink hover:underline">
            {row.artifact}
          </CellLink>
        </span>
      ),
    },
    {
      id: "version",
      label: "Version",
      width: 76,
      cell: (row) => (
        <RowLink href={versionHref(row)} title={row.version}>
          {versionWord(row.version)}
        </RowLink>
      ),
    },
    {
      id: "type",
      label: "Type",
      width: 132,
      cell: (row) => (
        <span title={row.dataType}>
          {kindWord(row.type)} <span className="text-ink-3">{shortType(row.dataType)}</span>
        </span>
      ),
    },
    {
      id: "data_type",
      label: "Data type",
      width: 196,
      cell: (row) => <code className="text-ink-2">{row.dataType}</code>,
    },
    { id: "producer", label: "Producer", width: 172, cell: (row) => <ProducerLink project={project} producer={row.producer} /> },
    {
      id: "used",
      label: "Used by",
      width: 108,
      cell: (row) => (
        <UsedBy isPlain noun="step" reads={row.readBy} models={row.models} readsHref={versionHref(row, "uses")} modelsHref={versionHref(row, "uses")} />
      ),
    },
    {
      id: "content",
      label: "Content",
      width: 140,
      cell: (row) =>
        row.contentHash ? (
          <EvidenceChip digest={row.contentHash} seal="claimed" algorithm="As the client computed it" what={`${row.artifact} ${versionWord(row.version)}`} />
        ) : (
          <NotRecorded isPlain />
        ),
    },
    {
      id: "items",
      label: "Items",
      width: 88,
      align: "right",
      sortKey: "items",
      startsDescending: true,
      cell: (row) => (row.items === null ? <NotRecorded isPlain /> : countWords(row.items)),
    },
    { id: "size", label: "Size", width: 104, align: "right", cell: (row) => (row.sizeBytes === null ? <NotRecorded isPlain /> : sizeWords(row.sizeBytes)) },
    { id: "store", label: "Store", width: 100, cell: (row) => row.store ?? <NotRecorded isPlain /> },
    {
      id: "uri",
      label: "URI",
      width: 220,
      cell: (row) => <code className="text-ink-3">{row.uri}</code>,
    },
    {
      id: "tags",
      label: "Tags",
      width: 80,
      cell: (row) => <TagList isPlain names={row.tags} href={(tag) => listPath(project, "artifact-versions", filterOf("tag", "is", tag))} />,
    },
    { id: "by", label: "Made by", width: 144, cell: (row) => <WhoChip person={row.by} /> },
    timeColumn({ id: "created", label: "Made", width: 92, at: (row) => row.createdAt }),
  ];
  return (
    <DataTable
      {...table}
      noun={{ one: "version", many: "versions" }}
      columns={columns}
      definition={VERSION_LIST}
      pageSize={ROWS_PER_PAGE}
      presets={PRESETS}
      bulk={(selection) => <BulkBar list="artifact-versions" place={bulk} definition={VERSION_LIST} selection={selection} />}
      rowKey={(row) => row.id}
      rowHref={(row) => versionHref(row)}
      phoneRow={(row) => (
        <>
          <Icon name={artifactIcon(row.type)} size={18} className="text-ink-3" />
          <span className="min-w-0 flex-1">
            <span className="block truncate text-form">
              <b>{row.artifact}</b> <span className="text-ink-3">{versionWord(row.version)}</span>
            </span>
            <span className="block truncate text-meta leading-5 text-ink-3">
              {row.producer?.runNumber ? `${row.producer.step ?? "run"}, № ${row.producer.runNumber}` : "no producer"}
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
