"use client";

import { RowLink } from "@/components/table/row-link";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import { Icon } from "@/components/ui/icon";
import { countWords } from "@/components/ui/time-words";
import { kindTitle } from "@/lib/components/schema";
import type { FlavorRow } from "@/lib/flavors/schema";
import { FLAVOR_LIST, ROWS_PER_PAGE } from "./lists";
import type { TableProps } from "./stacks-table";

/** The flavors that components of a workspace can be of. */
export function FlavorsTable({ base: _, ...table }: TableProps<FlavorRow>) {
  const columns: DataColumn<FlavorRow>[] = [
    {
      id: "title",
      label: "Flavor",
      sortKey: "title",
      minWidth: 160,
      cell: (row) => <RowLink href={`${table.path}/${row.id}`}>{row.title}</RowLink>,
    },
    { id: "type", label: "Kind", width: 168, sortKey: "type", cell: (row) => kindTitle(row.type) },
    { id: "name", label: "Name for clients", width: 200, sortKey: "name", cell: (row) => <code className="text-ink">{row.name}</code> },
    { id: "integration", label: "Integration", width: 160, sortKey: "integration", cell: (row) => row.integration ?? <span className="text-ink-3">–</span> },
    { id: "origin", label: "Came with", width: 120, cell: (row) => (row.isCustom ? "the workspace" : "Reeve") },
    {
      id: "components",
      label: "Components",
      width: 104,
      align: "right",
      sortKey: "components",
      startsDescending: true,
      cell: (row) => countWords(row.components),
    },
  ];
  return (
    <DataTable
      {...table}
      noun={{ one: "flavor", many: "flavors" }}
      columns={columns}
      definition={FLAVOR_LIST}
      pageSize={ROWS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={(row) => `${table.path}/${row.id}`}
      phoneRow={(row) => (
        <>
          <Icon name="blocks" size={18} className="text-ink-3" />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.title}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">
              {kindTitle(row.type)}, {row.name}
            </span>
          </span>
          <span className="text-meta text-ink-3">{countWords(row.components)} used</span>
        </>
      )}
    />
  );
}
