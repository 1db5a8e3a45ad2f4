"use client";

import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import type { ListProps } from "@/components/table/list-props";
import { RowLink } from "@/components/table/row-link";
import { ownerColumn } from "@/components/table/usual-columns";
import { Badge } from "@/components/ui/badge";
import { Icon } from "@/components/ui/icon";
import { Time } from "@/components/ui/time";
import { counted } from "@/components/ui/time-words";
import { storeTitle } from "@/lib/secret-stores/schema";
import { KIND_TITLES, type SecretTableRow } from "@/lib/secrets/row-schema";
import { ROWS_PER_PAGE, SECRET_LIST } from "./lists";
import { countColumns, timeColumns } from "./secret-columns";
import { Visibility } from "./visibility";

const LeakedBadge = () => (
  <span className="ml-2 inline-block align-middle">
    <Badge tone="fail" icon="siren">
      leaked
    </Badge>
  </span>
);

/** The secrets of a workspace that the reader may know of. */
export function SecretsTable(table: ListProps<SecretTableRow>) {
  const columns: DataColumn<SecretTableRow>[] = [
    {
      id: "name",
      label: "Name",
      sortKey: "name",
      minWidth: 224,
      cell: (row) => (
        <RowLink href={`${table.path}/${row.id}`} className="truncate">
          {row.name}
          {row.isLeaked && <LeakedBadge />}
        </RowLink>
      ),
    },
    { id: "kind", label: "Kind", width: 112, sortKey: "kind", cell: (row) => KIND_TITLES[row.kind] ?? row.kind },
    { id: "scope", label: "Scope", width: 116, sortKey: "scope", cell: (row) => <Visibility scope={row.scope} project={row.project} /> },
    ...countColumns<SecretTableRow>(),
    {
      id: "store",
      label: "Store",
      width: 152,
      sortKey: "store",
      cell: (row) => (row.store === "built-in" ? <span className="text-ink-3">{storeTitle(null)}</span> : storeTitle(row.store)),
    },
    ownerColumn(132),
    ...timeColumns<SecretTableRow>(),
  ];
  return (
    <DataTable
      {...table}
      noun={{ one: "secret", many: "secrets" }}
      columns={columns}
      definition={SECRET_LIST}
      pageSize={ROWS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={(row) => `${table.path}/${row.id}`}
      phoneRow={(row) => (
        <>
          <Icon name={row.scope === "private" ? "lock" : "key-round"} size={18} className="text-ink-3" />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">
              {row.name}
              {row.isLeaked && <LeakedBadge />}
            </b>
            <span className="block truncate text-meta leading-5 text-ink-3">
              {row.kind !== "generic" && `${KIND_TITLES[row.kind] ?? row.kind}, `}
              {counted(row.keys, "key")}, v{row.version}
              {row.scope === "private" && ", private"}
              {row.project && `, ${row.project}`}
              {row.owner && `, ${row.owner.name}`}
            </span>
          </span>
          <span className="text-meta text-ink-3">{row.lastUsedAt ? <Time at={row.lastUsedAt} /> : "never used"}</span>
        </>
      )}
    />
  );
}
