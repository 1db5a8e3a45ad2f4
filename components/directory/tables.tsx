"use client";

import { filterOf } from "@/components/project/paths";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable, type Total } from "@/components/table/data-table";
import type { ListView } from "@/components/table/list-params";
import type { PackedRows } from "@/components/table/packed-rows";
import { RowLink } from "@/components/table/row-link";
import { timeColumn, NONE } from "@/components/table/usual-columns";
import { Status } from "@/components/ui/status";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import type { GroupRow, PersonRow, RequestRow } from "@/lib/directories/schema";
import { directoryPath, GROUPS, PEOPLE, REQUESTS, ROWS_PER_PAGE } from "./lists";

// The tables of a directory's page: what it last said of people and groups, and what it asked.

type Props<Row> = { directoryId: string; rows: PackedRows<Row>; view: ListView; total: Total; next: string | null; countsWithout: number[] | null };

const people: DataColumn<PersonRow>[] = [
  { id: "user", label: "User name", sortKey: "user", minWidth: 200, cell: (row) => row.userName },
  { id: "name", label: "Account", sortKey: "name", minWidth: 140, cell: (row) => <RowLink href={personPath(row)}>{row.name}</RowLink> },
  { id: "said", label: "The directory says", width: 150, sortKey: "said", cell: (row) => <Status state={row.said} /> },
  {
    id: "held",
    label: "Here",
    width: 168,
    sortKey: "held",
    cell: (row) => (
      <span className="flex items-center gap-2">
        <Status state={row.held} />
        {row.drift && <span className="text-warn">differs</span>}
      </span>
    ),
  },
  { id: "groups", label: "Groups", sortKey: "groups", minWidth: 160, cell: (row) => row.groups || NONE },
  timeColumn({ id: "updated", label: "Last change", width: 116, at: (row) => row.updatedAt }),
];

const personPath = (row: PersonRow): string => `/access/people/${row.principalId}`;

export function PeopleTable({ directoryId, ...list }: Props<PersonRow>) {
  return (
    <DataTable
      {...list}
      noun={{ one: "person", many: "people" }}
      columns={people}
      definition={PEOPLE}
      path={directoryPath(directoryId, "people")}
      pageSize={ROWS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={personPath}
      phoneRow={(row) => (
        <>
          <Status state={row.held} iconOnly size={18} />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.userName}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">{[row.name, row.groups || "no group"].join(", ")}</span>
          </span>
          <span className="text-meta text-ink-3">{row.drift ? "differs" : <Time at={row.updatedAt} />}</span>
        </>
      )}
      empty={<EmptyState title="The directory has sent nobody yet.">Assign people to the application there: they appear here as they come.</EmptyState>}
    />
  );
}

const groups: DataColumn<GroupRow>[] = [
  { id: "name", label: "Group", sortKey: "name", minWidth: 200, cell: (row) => row.name },
  { id: "members", label: "Members", width: 96, align: "right", sortKey: "members", startsDescending: true, cell: (row) => countWords(row.members) },
  {
    id: "rules",
    label: "Rules",
    width: 80,
    align: "right",
    sortKey: "rules",
    startsDescending: true,
    cell: (row) => (row.rules ? countWords(row.rules) : NONE),
  },
  timeColumn({ id: "updated", label: "Last change", width: 116, at: (row) => row.updatedAt }),
];

export function GroupsTable({ directoryId, ...list }: Props<GroupRow>) {
  const membersPath = (row: GroupRow) => `${directoryPath(directoryId, "people")}?f=${encodeURIComponent(filterOf("groups", "is", row.name))}`;
  return (
    <DataTable
      {...list}
      noun={{ one: "group", many: "groups" }}
      columns={groups.map((column) =>
        column.id === "name" ? { ...column, cell: (row: GroupRow) => <RowLink href={membersPath(row)}>{row.name}</RowLink> } : column,
      )}
      definition={GROUPS}
      path={directoryPath(directoryId, "groups")}
      pageSize={ROWS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={membersPath}
      phoneRow={(row) => (
        <>
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.name}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">
              {counted(row.members, "member")}, {counted(row.rules, "rule")}
            </span>
          </span>
          <span className="text-meta text-ink-3">
            <Time at={row.updatedAt} />
          </span>
        </>
      )}
      empty={<EmptyState title="The directory has sent no group yet.">Push groups there, then make rules from them here.</EmptyState>}
    />
  );
}

const Result = ({ status }: { status: number }) => <span className={status >= 400 ? "text-fail" : undefined}>{status}</span>;

const requests: DataColumn<RequestRow>[] = [
  timeColumn({ id: "at", label: "Time", width: 116, at: (row) => row.at }),
  { id: "method", label: "Method", width: 84, sortKey: "method", cell: (row) => <code>{row.method}</code> },
  { id: "subject", label: "Asked for", sortKey: "subject", minWidth: 220, cell: (row) => <code>{row.subject}</code> },
  { id: "status", label: "Result", width: 76, align: "right", sortKey: "status", cell: (row) => <Result status={row.status} /> },
  { id: "duration", label: "Took (ms)", width: 96, align: "right", sortKey: "duration", startsDescending: true, cell: (row) => row.durationMs.toFixed(0) },
  { id: "detail", label: "Refused because", sortKey: "detail", minWidth: 180, cell: (row) => row.detail ?? NONE },
];

export function RequestsTable({ directoryId, ...list }: Props<RequestRow>) {
  return (
    <DataTable
      {...list}
      noun={{ one: "request", many: "requests" }}
      columns={requests}
      definition={REQUESTS}
      path={directoryPath(directoryId, "requests")}
      pageSize={ROWS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={(row) => `${directoryPath(directoryId, "requests")}/${row.id}`}
      phoneRow={(row) => (
        <>
          <Result status={row.status} />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">
              {row.method} {row.subject}
            </b>
            <span className="block truncate text-meta leading-5 text-ink-3">{row.detail ?? `${row.durationMs.toFixed(0)} ms`}</span>
          </span>
          <span className="text-meta text-ink-3">
            <Time at={row.at} />
          </span>
        </>
      )}
      empty={<EmptyState title="The directory has asked nothing yet.">Press its test button: the first request stands here a moment later.</EmptyState>}
    />
  );
}
