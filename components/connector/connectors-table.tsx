"use client";

import { Expiry } from "@/components/service-account/accounts-table";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import type { ListProps } from "@/components/table/list-props";
import { RowLink } from "@/components/table/row-link";
import { timeColumn, ownerColumn, NONE } from "@/components/table/usual-columns";
import { Icon } from "@/components/ui/icon";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { type ConnectorTableRow, typeTitle } from "@/lib/connectors/schema";
import { CONNECTOR_LIST, ROWS_PER_PAGE } from "./lists";

/** When it was last accepted, or why not. */
export function Verified({ row }: { row: Pick<ConnectorTableRow, "verifiedAt" | "lastError"> }) {
  if (row.lastError)
    return (
      <span className="text-fail" title={row.lastError}>
        failed
      </span>
    );
  return row.verifiedAt ? <Time at={row.verifiedAt} /> : <span className="text-warn">not verified</span>;
}

/** The connectors of a workspace. */
export function ConnectorsTable(table: ListProps<ConnectorTableRow>) {
  const columns: DataColumn<ConnectorTableRow>[] = [
    {
      id: "name",
      label: "Name",
      sortKey: "name",
      minWidth: 168,
      cell: (row) => (
        <RowLink href={`${table.path}/${row.id}`} className="truncate">
          {row.name}
        </RowLink>
      ),
    },
    { id: "type", label: "Type", width: 104, sortKey: "type", cell: (row) => typeTitle(row.type) },
    { id: "method", label: "Method", width: 148, sortKey: "method", cell: (row) => row.methodTitle },
    {
      id: "resource",
      label: "Reaches",
      minWidth: 176,
      cell: (row) => {
        const text = row.resourceId ?? row.resourceTypes.join(", ");
        return <span title={text}>{row.resourceId ? <code>{text}</code> : text}</span>;
      },
    },
    { id: "short", label: "Short-lived", width: 92, cell: (row) => (row.isShort ? "yes" : <span className="text-ink-3">no</span>) },
    { id: "issued", label: "Issued, 24 h", width: 100, align: "right", sortKey: "issued", startsDescending: true, cell: (row) => countWords(row.issued) },
    { id: "verified", label: "Verified", width: 116, sortKey: "verified", startsDescending: true, cell: (row) => <Verified row={row} /> },
    { id: "expires", label: "Keys expire", width: 132, sortKey: "expires", cell: (row) => (row.expiresAt ? <Expiry at={row.expiresAt} /> : NONE) },
    ownerColumn(168),
    timeColumn({ id: "created", label: "Created", width: 104, at: (row) => row.createdAt }),
  ];
  return (
    <DataTable
      {...table}
      noun={{ one: "connector", many: "connectors" }}
      columns={columns}
      definition={CONNECTOR_LIST}
      pageSize={ROWS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={(row) => `${table.path}/${row.id}`}
      phoneRow={(row) => (
        <>
          <Icon name="plug" size={18} className="text-ink-3" />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.name}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">
              {typeTitle(row.type)}, {row.methodTitle}
              {row.resourceId && `, ${row.resourceId}`}
            </span>
          </span>
          <span className="text-right text-meta text-ink-3">
            <Verified row={row} />
            {row.expiresAt && (
              <span className="block">
                keys end <Expiry at={row.expiresAt} />
              </span>
            )}
          </span>
        </>
      )}
    />
  );
}
