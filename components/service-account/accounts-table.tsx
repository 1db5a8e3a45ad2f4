"use client";

import { RowLink } from "@/components/table/row-link";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import type { ListProps } from "@/components/table/list-props";
import { timeColumn, NONE } from "@/components/table/usual-columns";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import type { AccountRow } from "@/lib/service-accounts/schema";
import { ACCOUNTS_PER_PAGE, ORGANIZATION_ACCOUNTS, WORKSPACE_ACCOUNTS } from "./account-list";

/** Where an account's page lies: in its workspace's settings, or in the organization's. */
export const accountPath = (row: Pick<AccountRow, "id" | "workspace">): string =>
  `${row.workspace ? `/${row.workspace}` : ""}/settings/service-accounts/${row.id}`;

const columns: DataColumn<AccountRow>[] = [
  {
    id: "name",
    label: "Name",
    sortKey: "name",
    minWidth: 180,
    cell: (row) => (
      <>
        <RowLink href={accountPath(row)}>{row.name}</RowLink>
        {row.description && <span className="text-ink-3"> {row.description}</span>}
      </>
    ),
  },
  { id: "state", label: "State", width: 124, sortKey: "state", cell: (row) => <Status state={row.active ? "active" : "deactivated"} /> },
  { id: "workspace", label: "Workspace", width: 148, sortKey: "workspace", cell: (row) => row.workspace ?? <span className="text-ink-3">organization</span> },
  { id: "role", label: "Role", width: 136, cell: (row) => (row.roles.length > 0 ? row.roles.join(", ") : <span className="text-ink-3">none</span>) },
  { id: "keys", label: "Keys", width: 64, align: "right", sortKey: "keys", startsDescending: true, cell: (row) => countWords(row.keys) },
  {
    id: "used",
    label: "Last used",
    width: 108,
    sortKey: "used",
    startsDescending: true,
    cell: (row) => (row.lastUsedAt ? <Time at={row.lastUsedAt} /> : <span className="text-ink-3">never</span>),
  },
  { id: "expires", label: "Next expiry", width: 112, sortKey: "expires", cell: (row) => (row.nextExpiry ? <Expiry at={row.nextExpiry} /> : NONE) },
  {
    id: "owner",
    label: "Made by",
    width: 148,
    sortKey: "owner",
    cell: (row) =>
      row.owner ? (
        <span title={row.owner}>
          {row.owner}
          {row.ownerActive === false && <span className="text-warn"> left</span>}
        </span>
      ) : (
        NONE
      ),
  },
  timeColumn({ id: "created", label: "Created", width: 104, at: (row) => row.createdAt }),
];

const SOON_MS = 14 * 86_400_000;

/** An end: amber in its last fourteen days. */
export function Expiry({ at }: { at: string }) {
  return (
    <span className={Date.parse(at) - Date.now() < SOON_MS ? "text-warn" : undefined} suppressHydrationWarning>
      <Time at={at} />
    </span>
  );
}

type Props = ListProps<AccountRow> & {
  isOrganization: boolean;
};

/** The service accounts of a place. */
export function AccountsTable({ path, isOrganization, rows, view, total, next, countsWithout, empty }: Props) {
  return (
    <DataTable
      noun={{ one: "service account", many: "service accounts" }}
      rows={rows}
      columns={isOrganization ? columns : columns.filter((column) => column.id !== "workspace")}
      definition={isOrganization ? ORGANIZATION_ACCOUNTS : WORKSPACE_ACCOUNTS}
      view={view}
      path={path}
      total={total}
      next={next}
      pageSize={ACCOUNTS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={accountPath}
      phoneRow={(row) => (
        <>
          <Status state={row.active ? "active" : "deactivated"} iconOnly size={18} />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.name}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">
              {[row.workspace, row.roles.join(", ") || "no role", counted(row.keys, "key")].filter(Boolean).join(", ")}
            </span>
          </span>
          <span className="text-meta text-ink-3">{row.lastUsedAt ? <Time at={row.lastUsedAt} /> : "never used"}</span>
        </>
      )}
      empty={empty}
      countsWithout={countsWithout}
    />
  );
}
