"use client";

import { RowLink } from "@/components/table/row-link";
import { useMemo } from "react";
import { credentialWords, viewedAs } from "@/components/audit/credential-words";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import { viewSearch } from "@/components/table/list-params";
import type { ListProps } from "@/components/table/list-props";
import { numberWidth } from "@/components/table/number-width";
import { useRows } from "@/components/table/packed-rows";
import { NONE } from "@/components/table/usual-columns";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { Avatar, Origin } from "@/components/ui/who";
import type { EntryRow } from "@/lib/audit/schema";
import { ENTRIES_PER_PAGE, ORGANIZATION_ENTRIES, WORKSPACE_ENTRIES } from "./entry-list";
import { reasonWords } from "./entry-words";

type Props = ListProps<EntryRow> & {
  isOrganization: boolean;
};

/** The audit trail: № as the ruled left margin, one line an entry, the panel beside it. */
export function EntriesTable({ path, isOrganization, rows, view, total, next, countsWithout, empty }: Props) {
  const definition = useMemo(() => {
    const list = isOrganization ? ORGANIZATION_ENTRIES : WORKSPACE_ENTRIES;
    // Beside an open entry there is room for the first columns only; the entry says the rest.
    return view.open ? { ...list, hiddenAtFirst: [...(list.hiddenAtFirst ?? []), "workspace"] } : list;
  }, [isOrganization, view.open]);
  const entries = useRows(rows);
  const columns = useMemo(() => {
    const hrefOf = (seq: number) => `${path}${viewSearch(definition, { ...view, open: String(seq) })}`;
    const numbers = entries.map((entry) => countWords(entry.seq));
    return entryColumns(hrefOf, numbers).filter((column) => definition.columns.includes(column.id));
  }, [path, definition, view, entries]);
  return (
    <DataTable
      noun={{ one: "entry", many: "entries" }}
      rows={rows}
      columns={columns}
      definition={definition}
      view={view}
      path={path}
      total={total}
      next={next}
      pageSize={ENTRIES_PER_PAGE}
      rowKey={(entry) => String(entry.seq)}
      rowHref={(entry) => `${path}${viewSearch(definition, { ...view, open: String(entry.seq) })}`}
      phoneHref={(entry) => `${path}/${entry.seq}`}
      isSelected={(entry) => String(entry.seq) === view.open}
      phoneRow={(entry) => (
        <>
          <Status state={entry.outcome} iconOnly size={18} />
          <span className="min-w-0 flex-1">
            <span className="block truncate">
              <code className="text-[13px] text-ink">{entry.action}</code> {entry.targetName}
            </span>
            <span className="flex items-center gap-1 text-meta leading-5 text-ink-3">
              <span>№ {countWords(entry.seq)},</span>
              {entry.outcome !== "allowed" && <span className="text-fail">{entry.outcome === "denied" ? "Denied" : "Failed"},</span>}
              <span className="truncate">{entry.actor.name}</span>
              <Origin origin={entry.origin} />
            </span>
          </span>
          <span className="text-meta text-ink-3">
            <Time at={entry.at} />
          </span>
        </>
      )}
      empty={empty}
      countsWithout={countsWithout}
    />
  );
}

function entryColumns(hrefOf: (seq: number) => string, numbers: readonly string[]): DataColumn<EntryRow>[] {
  return [
    {
      id: "seq",
      label: "№",
      width: numberWidth(64, numbers),
      align: "right",
      sortKey: "seq",
      startsDescending: true,
      className: "border-r border-r-rule-strong",
      cell: (entry) => (
        <RowLink href={hrefOf(entry.seq)} className="font-mono text-mono font-normal text-ink-3 hover:text-ink">
          {countWords(entry.seq)}
        </RowLink>
      ),
    },
    {
      id: "at",
      label: "Time",
      width: 148,
      className: "pl-3",
      cell: (entry) => (
        <span className="text-ink-3">
          <Time at={entry.at} isStamp />
        </span>
      ),
    },
    {
      id: "actor",
      label: "Actor",
      width: 144,
      cell: (entry) => (
        <span className="inline-flex max-w-full items-center gap-1.5 align-middle">
          <Avatar {...entry.actor} size={18} />
          <span className="truncate text-ink">
            {entry.actor.name}
            {viewedAs(entry) && <span className="text-ink-3"> as {viewedAs(entry)}</span>}
          </span>
        </span>
      ),
    },
    { id: "origin", label: "From", width: 44, cell: (entry) => <Origin origin={entry.origin} iconOnly /> },
    {
      id: "action",
      label: "Action",
      width: 172,
      cell: (entry) => (
        <>
          <code className="text-ink">{entry.action}</code>
          {entry.count > 1 && <span className="text-ink-3"> × {countWords(entry.count)}</span>}
        </>
      ),
    },
    { id: "target", label: "Target", minWidth: 112, cell: (entry) => <Target entry={entry} /> },
    { id: "workspace", label: "Workspace", width: 148, cell: (entry) => entry.workspace ?? NONE },
    { id: "outcome", label: "Outcome", width: 80, cell: (entry) => <Status state={entry.outcome} iconOnly={entry.outcome === "allowed"} /> },
    { id: "behalf", label: "On behalf of", width: 140, cell: (entry) => entry.onBehalfOf ?? NONE },
    { id: "credential", label: "Credential", width: 168, cell: (entry) => credentialWords(entry) },
    { id: "address", label: "Address", width: 124, cell: (entry) => (entry.address ? <code>{entry.address}</code> : NONE) },
    { id: "request", label: "Request id", width: 290, cell: (entry) => <code>{entry.requestId}</code> },
    { id: "reason", label: "Reason", width: 180, cell: (entry) => (entry.reason ? reasonWords(entry.reason) : NONE) },
  ];
}

function Target({ entry }: { entry: Pick<EntryRow, "targetName" | "targetId" | "targetType"> }) {
  if (entry.targetName) return <span title={`${entry.targetType} ${entry.targetName}`}>{entry.targetName}</span>;
  return (
    <span className="text-ink-3" title={entry.targetId ?? undefined}>
      {entry.targetType}
      {entry.targetId && <code> {entry.targetId.slice(0, 8)}</code>}
    </span>
  );
}
