"use client";

import { RowLink } from "@/components/table/row-link";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import type { ListProps } from "@/components/table/list-props";
import { timeColumn, NONE } from "@/components/table/usual-columns";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { Avatar } from "@/components/ui/who";
import { type GrantRow, throughWords } from "@/lib/access/schema";
import { GrantActions } from "./grant-actions";
import { type Choice, GRANTS_PER_PAGE, grantsList } from "./grant-list";
import { RoleWord, scopeWords } from "./grant-words";

type Props = ListProps<GrantRow> & {
  isOrganization: boolean;
  /** The organization's own roles, to filter by. */
  ownRoles: Choice[];
  /** The path of a person's page, without the id. */
  peoplePath: string;
};

/** Who holds which role where, one row a grant. */
export function GrantsTable({ path, isOrganization, ownRoles, peoplePath, ...list }: Props) {
  const hrefOf = (row: GrantRow) => `${peoplePath}/${row.principalId}`;
  const columns: DataColumn<GrantRow>[] = [
    {
      id: "who",
      label: "Who",
      minWidth: 250,
      sortKey: "who",
      cell: (row) => (
        <span className="inline-flex max-w-full items-center gap-1.5 align-middle">
          <Avatar name={row.who} kind={row.kind} size={18} />
          <RowLink href={hrefOf(row)} className="truncate">
            {row.who}
          </RowLink>
          {row.email && row.email !== row.who && <span className="truncate text-ink-3">{row.email}</span>}
        </span>
      ),
    },
    { id: "role", label: "Role", width: 132, sortKey: "role", cell: (row) => <RoleWord grant={row} /> },
    { id: "scope", label: "Where", width: 132, cell: (row) => <span title={scopeWords(row)}>{scopeWords(row)}</span> },
    { id: "source", label: "Through", width: 120, cell: (row) => throughWords(row) },
    timeColumn({ id: "since", label: "Since", width: 88, at: (row) => row.since }),
    {
      id: "until",
      label: "Ends",
      width: 104,
      sortKey: "until",
      cell: (row) => (row.until ? <Time at={row.until} /> : <span className="text-ink-3">no end</span>),
    },
    {
      id: "lastSeen",
      label: "Last seen",
      width: 88,
      sortKey: "lastSeen",
      startsDescending: true,
      cell: (row) => (row.lastSeenAt ? <Time at={row.lastSeenAt} /> : NONE),
    },
    { id: "state", label: "State", width: 96, cell: (row) => <Status state={row.state} /> },
    { id: "by", label: "Given by", width: 140, cell: (row) => row.grantedBy ?? NONE },
    { id: "reason", label: "Reason", width: 180, cell: (row) => row.reason ?? NONE },
    { id: "actions", label: "Actions", width: 156, cell: (row) => <GrantActions grant={row} /> },
  ];
  return (
    <DataTable
      {...list}
      noun={{ one: "grant", many: "grants" }}
      columns={columns}
      definition={grantsList(isOrganization, ownRoles)}
      path={path}
      pageSize={GRANTS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={hrefOf}
      phoneRow={(row) => (
        <>
          <Avatar name={row.who} kind={row.kind} size={26} />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.who}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">
              <RoleWord grant={row} />, {scopeWords(row)}
            </span>
          </span>
          <span className="text-meta text-ink-3">{row.until ? <Time at={row.until} /> : "no end"}</span>
        </>
      )}
    />
  );
}
