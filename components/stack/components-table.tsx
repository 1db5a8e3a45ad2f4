"use client";

import { RowLink } from "@/components/table/row-link";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import { timeColumn, ownerColumn } from "@/components/table/usual-columns";
import { Icon } from "@/components/ui/icon";
import { countWords } from "@/components/ui/time-words";
import { type ComponentRow, kindTitle } from "@/lib/components/schema";
import { LocalChip } from "./chips";
import { COMPONENT_LIST, ROWS_PER_PAGE } from "./lists";
import { FromWorkspace, type TableProps } from "./stacks-table";

/** The components of a workspace. */
export function ComponentsTable({ base, ...table }: TableProps<ComponentRow>) {
  const columns: DataColumn<ComponentRow>[] = [
    {
      id: "name",
      label: "Name",
      sortKey: "name",
      minWidth: 180,
      cell: (row) => (
        <span className="inline-flex max-w-full items-center gap-1.5">
          <RowLink href={`${table.path}/${row.id}`} className="truncate">
            {row.name}
          </RowLink>
          {row.local && <LocalChip meaning={row.local} />}
        </span>
      ),
    },
    { id: "type", label: "Kind", width: 160, sortKey: "type", cell: (row) => kindTitle(row.type) },
    {
      id: "flavor",
      label: "Flavor",
      width: 200,
      sortKey: "flavor",
      cell: (row) => (
        <>
          {row.flavorTitle} {row.isCustom && <span className="text-meta text-ink-3">custom</span>}
        </>
      ),
    },
    {
      id: "stacks",
      label: "In stacks",
      width: 88,
      align: "right",
      sortKey: "stacks",
      startsDescending: true,
      cell: (row) => (row.stacks > 0 ? countWords(row.stacks) : <span className="text-ink-3">none</span>),
    },
    ownerColumn(184, <FromWorkspace />),
    timeColumn({ id: "updated", label: "Changed", width: 104, at: (row) => row.updatedAt }),
    timeColumn({ id: "created", label: "Created", width: 104, at: (row) => row.createdAt }),
  ];
  return (
    <DataTable
      {...table}
      noun={{ one: "component", many: "components" }}
      columns={columns}
      definition={COMPONENT_LIST}
      pageSize={ROWS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={(row) => `${table.path}/${row.id}`}
      phoneRow={(row) => (
        <>
          <Icon name="blocks" size={18} className="text-ink-3" />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.name}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">
              {kindTitle(row.type)}, {row.flavorTitle}
              {row.local && ", local"}
            </span>
          </span>
          <span className="text-meta text-ink-3">{row.stacks > 0 ? `in ${countWords(row.stacks)}` : "unused"}</span>
        </>
      )}
    />
  );
}
