"use client";

import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import type { ListProps } from "@/components/table/list-props";
import { timeColumn, NONE } from "@/components/table/usual-columns";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { Avatar } from "@/components/ui/who";
import type { RequestRow } from "@/lib/access/schema";
import { type Choice, roleTitle } from "./grant-list";
import { scopeWords } from "./grant-words";
import { RequestActions } from "./request-actions";
import { PER_PAGE, requestList } from "./request-list";

const COLUMNS: DataColumn<RequestRow>[] = [
  {
    id: "what",
    label: "Role",
    width: 224,
    cell: (row) => (
      <>
        <b className="font-medium text-ink">{roleTitle(row.role)}</b> <span className="text-ink-3">{scopeWords(row)}</span>
      </>
    ),
  },
  {
    id: "who",
    label: "Asked by",
    width: 146,
    sortKey: "who",
    cell: (row) => (
      <span className="inline-flex max-w-full items-center gap-1.5 align-middle">
        <Avatar name={row.who} kind="user" size={18} />
        <span className="truncate text-ink">{row.isMine ? "You" : row.who}</span>
      </span>
    ),
  },
  { id: "reason", label: "For", minWidth: 160, cell: (row) => <span title={row.reason}>{row.reason}</span> },
  { id: "until", label: "Until", width: 136, cell: (row) => (row.until ? <Time at={row.until} /> : <span className="text-ink-3">no end</span>) },
  timeColumn({ id: "created", label: "Asked", width: 96, at: (row) => row.createdAt }),
  { id: "state", label: "State", width: 100, cell: (row) => <Status state={row.state === "open" ? "open_request" : row.state} /> },
  {
    id: "decided",
    label: "Decided by",
    width: 140,
    cell: (row) =>
      row.decidedBy ? (
        <span title={row.comment ?? undefined}>{row.decidedBy}</span>
      ) : row.state === "open" ? (
        <span className="text-ink-3">
          until <Time at={row.expiresAt} />
        </span>
      ) : (
        NONE
      ),
  },
  { id: "actions", label: "Actions", width: 176, cell: (row) => <RequestActions request={row} /> },
];

type Props = ListProps<RequestRow> & {
  ownRoles: Choice[];
};

/** Requests for access. A row leads to nothing more: all there is stands in it. */
export function RequestsTable({ ownRoles, ...props }: Props) {
  return (
    <DataTable
      {...props}
      noun={{ one: "request", many: "requests" }}
      columns={COLUMNS}
      definition={requestList(ownRoles)}
      pageSize={PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={(row) => (row.workspace ? `/${row.workspace}/access/people/${row.principalId}` : `/access/people/${row.principalId}`)}
      phoneActs={(row) => <RequestActions request={row} />}
      phoneRow={(row) => (
        <>
          <Status state={row.state === "open" ? "open_request" : row.state} iconOnly size={18} />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">
              {roleTitle(row.role)} <span className="font-normal text-ink-3">{scopeWords(row)}</span>
            </b>
            <span className="block text-meta leading-5 text-ink-3">
              {row.isMine ? "You" : row.who}: {row.reason}
            </span>
          </span>
          <span className="text-right text-meta text-ink-3">
            {row.until ? (
              <>
                until <Time at={row.until} />
              </>
            ) : (
              "no end"
            )}
          </span>
        </>
      )}
    />
  );
}
