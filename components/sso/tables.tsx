"use client";

import type { DataColumn } from "@/components/table/data-column";
import { DataTable, type Total } from "@/components/table/data-table";
import type { ListView } from "@/components/table/list-params";
import type { PackedRows } from "@/components/table/packed-rows";
import { RowLink } from "@/components/table/row-link";
import { timeColumn, NONE } from "@/components/table/usual-columns";
import { Status } from "@/components/ui/status";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { type AttemptRow, type IdentityRow, REFUSALS } from "@/lib/sso/schema";
import { ATTEMPTS, MODES, PEOPLE, ROWS_PER_PAGE } from "./lists";
import { ssoPath } from "./steps";

// Who is linked to a connection, and each attempt at signing in through it.

type Props<Row> = { slug: string; rows: PackedRows<Row>; view: ListView; total: Total; next: string | null; countsWithout: number[] | null };
const personPath = (row: IdentityRow): string => `/access/people/${row.principalId}`;

const people: DataColumn<IdentityRow>[] = [
  { id: "who", label: "Account", sortKey: "who", minWidth: 160, cell: (row) => <RowLink href={personPath(row)}>{row.who}</RowLink> },
  { id: "email", label: "E-mail address", sortKey: "email", minWidth: 200, cell: (row) => row.email ?? NONE },
  { id: "subject", label: "Subject there", sortKey: "subject", minWidth: 180, cell: (row) => <code title={row.subject}>{row.subject}</code> },
  { id: "state", label: "State", width: 128, sortKey: "state", cell: (row) => <Status state={row.state} /> },
  timeColumn({ id: "linked", label: "Linked", width: 116, at: (row) => row.linkedAt }),
  {
    id: "last",
    label: "Last sign-in",
    width: 116,
    sortKey: "last",
    startsDescending: true,
    cell: (row) => (row.lastAt ? <Time at={row.lastAt} /> : <span className="text-ink-3">never</span>),
  },
];

export function SsoPeopleTable({ slug, ...list }: Props<IdentityRow>) {
  return (
    <DataTable
      {...list}
      noun={{ one: "person", many: "people" }}
      columns={people}
      definition={PEOPLE}
      path={ssoPath(slug, "people")}
      pageSize={ROWS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={personPath}
      phoneRow={(row) => (
        <>
          <Status state={row.state} iconOnly size={18} />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.who}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">{row.email ?? row.subject}</span>
          </span>
          <span className="text-meta text-ink-3">{row.lastAt ? <Time at={row.lastAt} /> : "never"}</span>
        </>
      )}
      empty={<EmptyState title="Nobody has signed in through this connection yet.">Who does stands here, with the account that it leads to.</EmptyState>}
    />
  );
}

const attempts: DataColumn<AttemptRow>[] = [
  timeColumn({ id: "at", label: "Time", width: 116, at: (row) => row.at }),
  { id: "mode", label: "Kind", width: 104, sortKey: "mode", cell: (row) => MODES[row.mode] },
  { id: "who", label: "Who", sortKey: "who", minWidth: 140, cell: (row) => row.who ?? NONE },
  { id: "email", label: "E-mail address", sortKey: "email", minWidth: 180, cell: (row) => row.email ?? NONE },
  { id: "outcome", label: "Outcome", width: 128, sortKey: "outcome", cell: (row) => <Status state={row.outcome} /> },
  { id: "refusal", label: "Refused because", sortKey: "refusal", minWidth: 240, cell: (row) => (row.refusal ? (REFUSALS[row.refusal] ?? row.refusal) : NONE) },
  { id: "address", label: "From", width: 128, sortKey: "address", cell: (row) => row.address ?? NONE },
];

export function AttemptsTable({ slug, ...list }: Props<AttemptRow>) {
  return (
    <DataTable
      {...list}
      noun={{ one: "attempt", many: "attempts" }}
      columns={attempts}
      definition={ATTEMPTS}
      path={ssoPath(slug, "attempts")}
      pageSize={ROWS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={(row) => `${ssoPath(slug, "attempts")}/${row.id}`}
      phoneRow={(row) => (
        <>
          <Status state={row.outcome} iconOnly size={18} />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.email ?? row.who ?? MODES[row.mode]}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">{row.refusal ? (REFUSALS[row.refusal] ?? row.refusal) : MODES[row.mode]}</span>
          </span>
          <span className="text-meta text-ink-3">
            <Time at={row.at} />
          </span>
        </>
      )}
      empty={
        <EmptyState title="No attempt in the last 30 days.">Each sign-in and test login stands here with its steps, also those that were refused.</EmptyState>
      }
    />
  );
}
