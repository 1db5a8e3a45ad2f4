"use client";

import { countColumns, timeColumns } from "@/components/secret/secret-columns";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import type { ListProps } from "@/components/table/list-props";
import { RowLink } from "@/components/table/row-link";
import { Icon } from "@/components/ui/icon";
import { Time } from "@/components/ui/time";
import type { IntegrationTableRow } from "@/lib/integrations/schema";
import { KIND_TITLES } from "@/lib/secrets/row-schema";
import { INTEGRATION_LIST, INTEGRATIONS, reachWords, ROWS_PER_PAGE } from "./lists";

const kindWords = (kind: string) => KIND_TITLES[kind] ?? kind;

/** The secrets of the organization. */
export function IntegrationsTable(table: Omit<ListProps<IntegrationTableRow>, "path">) {
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
    ...countColumns<IntegrationTableRow>(),
    ...timeColumns<IntegrationTableRow>(),
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
