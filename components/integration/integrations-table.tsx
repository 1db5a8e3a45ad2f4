"use client";

import { Expiry } from "@/components/service-account/accounts-table";
import type { TableProps } from "@/components/stack/stacks-table";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import { RowLink } from "@/components/table/row-link";
import { timeColumn, NONE } from "@/components/table/usual-columns";
import { Icon } from "@/components/ui/icon";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import type { IntegrationTableRow } from "@/lib/integrations/schema";
import { KIND_TITLES } from "@/lib/secrets/row-schema";
import { INTEGRATION_LIST, INTEGRATIONS, reachWords, ROWS_PER_PAGE } from "./lists";

const kindWords = (kind: string) => KIND_TITLES[kind] ?? kind;

/** The secrets of the organization. */
export function IntegrationsTable(table: Omit<TableProps<IntegrationTableRow>, "base" | "path">) {
  const columns: DataColumn<IntegrationTableRow>[] = [
    {
      id: "name",
      label: "Name",
      sortKey: "name",
      minWidth: 224,
      cell: (row) => (
        <RowLink href={`${INTEGRATIONS}/${row.id}`} className="truncate">
          {row.name}
        </RowLink>
      ),
    },
    { id: "kind", label: "Kind", width: 128, sortKey: "kind", cell: (row) => kindWords(row.kind) },
    { id: "reach", label: "For", width: 148, sortKey: "workspaces", startsDescending: true, cell: reachWords },
    { id: "keys", label: "Keys", width: 64, align: "right", sortKey: "keys", startsDescending: true, cell: (row) => countWords(row.keys) },
    { id: "version", label: "Version", width: 76, sortKey: "version", startsDescending: true, cell: (row) => `v${row.version}` },
    {
      id: "bound",
      label: "Bound to",
      width: 84,
      align: "right",
      sortKey: "bound",
      startsDescending: true,
      cell: (row) => (row.bound > 0 ? countWords(row.bound) : <span className="text-ink-3">nothing</span>),
    },
    {
      id: "used",
      label: "Last used",
      width: 108,
      sortKey: "used",
      startsDescending: true,
      cell: (row) => (row.lastUsedAt ? <Time at={row.lastUsedAt} /> : <span className="text-ink-3">never</span>),
    },
    timeColumn({ id: "rotated", label: "Last rotated", width: 112, at: (row) => row.rotatedAt }),
    { id: "expires", label: "Expires", width: 144, sortKey: "expires", cell: (row) => (row.expiresAt ? <Expiry at={row.expiresAt} /> : NONE) },
    timeColumn({ id: "created", label: "Created", width: 104, at: (row) => row.createdAt }),
  ];
  return (
    <DataTable
      {...table}
      path={INTEGRATIONS}
      noun={{ one: "secret", many: "secrets" }}
      columns={columns}
      definition={INTEGRATION_LIST}
      pageSize={ROWS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={(row) => `${INTEGRATIONS}/${row.id}`}
      phoneRow={(row) => (
        <>
          <Icon name="key-round" size={18} className="text-ink-3" />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.name}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">
              {row.kind !== "generic" && `${kindWords(row.kind)}, `}
              {reachWords(row)}, v{row.version}
            </span>
          </span>
          <span className="text-meta text-ink-3">{row.lastUsedAt ? <Time at={row.lastUsedAt} /> : "never used"}</span>
        </>
      )}
    />
  );
}
