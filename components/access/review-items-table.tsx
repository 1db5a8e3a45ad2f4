"use client";

import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import type { ListProps } from "@/components/table/list-props";
import { useRows } from "@/components/table/packed-rows";
import { RowLink } from "@/components/table/row-link";
import { timeColumn, NONE } from "@/components/table/usual-columns";
import { Badge } from "@/components/ui/badge";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { Avatar } from "@/components/ui/who";
import { isGivenDirectly, throughWords } from "@/lib/access/schema";
import { directoryWords, MEANWHILE, RISKS, type ReviewItemRow } from "@/lib/access-reviews/schema";
import { type Choice, roleTitle } from "./grant-list";
import { RoleWord, scopeWords } from "./grant-words";
import { BulkDecide, ItemActs } from "./review-acts";
import { ITEMS_PER_PAGE, reviewItemList } from "./review-list";

const DECIDED = { keep: "kept", revoke: "revoked", ended: "ended_meanwhile" } as const;

/** What makes a row worth a second look, and what became of it since. */
function Marks({ row }: { row: ReviewItemRow }) {
  const notes = [
    ...row.risks.map((risk) => <Badge key={risk}>{RISKS[risk]}</Badge>),
    ...(row.meanwhile
      ? [
          <Badge key="meanwhile" tone="warn">
            {MEANWHILE[row.meanwhile]}
            {row.nowRole ? `: ${roleTitle(row.nowRole)} now` : ""}
          </Badge>,
        ]
      : []),
  ];
  return notes.length > 0 ? <span className="inline-flex gap-1">{notes}</span> : NONE;
}

/** The decision, or why there is none to make here. */
function Decision({ row }: { row: ReviewItemRow }) {
  if (row.decision)
    return (
      <span
        className="inline-flex max-w-full items-center gap-1.5"
        title={row.decidedBy ? `${row.decidedBy}${row.reason ? `: ${row.reason}` : ""}` : undefined}
      >
        <Status state={DECIDED[row.decision]} />
        {row.reason && <span className="truncate text-ink-3">{row.reason}</span>}
      </span>
    );
  if (row.meanwhile === "ended" || row.meanwhile === "changed") return <span className="text-ink-3">nothing left to decide</span>;
  if (row.delegatedTo)
    return (
      <span className="text-ink-3" title={`Given by ${row.delegatedBy}`}>
        {row.delegatedTo}’s to decide
      </span>
    );
  return <span className="text-ink-3">{row.isMine ? "your own: somebody else decides" : "–"}</span>;
}

const Through = ({ row }: { row: ReviewItemRow }) => {
  const words = row.subjectKind === "team" ? "A team" : throughWords(row);
  return isGivenDirectly(row.source) || row.subjectKind === "team" ? words : <span title={directoryWords(row)}>{words}, ends there</span>;
};

type Props = ListProps<ReviewItemRow> & {
  ownRoles: Choice[];
  review: { reviewId: string; workspace: string | null; reviewers: { id: string; name: string }[] };
  /** Where people are found. */
  peoplePath: string;
  canDecide: boolean;
};

/** The rows of a review, each to be kept or revoked. */
export function ReviewItemsTable({ ownRoles, review, peoplePath, canDecide, ...list }: Props) {
  const rows = useRows(list.rows);
  const hrefOf = (row: ReviewItemRow) => (row.subjectKind === "team" ? `/settings/teams/${row.subjectId}` : `${peoplePath}/${row.subjectId}`);
  const columns: DataColumn<ReviewItemRow>[] = [
    {
      id: "who",
      label: "Who",
      minWidth: 150,
      sortKey: "who",
      cell: (row) => (
        <span className="inline-flex max-w-full items-center gap-1.5 align-middle">
          <Avatar name={row.who} kind={row.subjectKind} size={18} />
          <RowLink href={hrefOf(row)} className="truncate">
            {row.who}
          </RowLink>
          {row.subjectKind === "team" && (
            <span className="truncate text-ink-3" title={row.members.join(", ")}>
              team of {row.members.length}
            </span>
          )}
        </span>
      ),
    },
    { id: "role", label: "Role", width: 152, sortKey: "role", cell: (row) => <RoleWord grant={{ role: row.role, effect: "allow" }} /> },
    { id: "scope", label: "Where", width: 112, cell: (row) => <span title={scopeWords(row)}>{scopeWords(row)}</span> },
    { id: "source", label: "Through", width: 104, cell: (row) => <Through row={row} /> },
    timeColumn({ id: "since", label: "Since", width: 80, at: (row) => row.since }),
    {
      id: "used",
      label: "Last used",
      width: 84,
      sortKey: "used",
      startsDescending: true,
      cell: (row) => (row.lastUsedAt ? <Time at={row.lastUsedAt} /> : NONE),
    },
    { id: "marks", label: "Notes", width: 148, cell: (row) => <Marks row={row} /> },
    { id: "decision", label: "Decision", width: 136, cell: (row) => <Decision row={row} /> },
    { id: "by", label: "Decided by", width: 140, cell: (row) => row.decidedBy ?? NONE },
    { id: "until", label: "Ends", width: 96, cell: (row) => (row.until ? <Time at={row.until} /> : <span className="text-ink-3">no end</span>) },
    { id: "actions", label: "Actions", width: 172, cell: (row) => <ItemActs review={review} row={row} /> },
  ];
  return (
    <DataTable
      {...list}
      noun={{ one: "grant", many: "grants" }}
      columns={columns}
      definition={reviewItemList(ownRoles)}
      pageSize={ITEMS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={hrefOf}
      bulk={canDecide ? (selection) => <BulkDecide review={review} rows={rows} selection={selection} /> : undefined}
      phoneActs={(row) => <ItemActs review={review} row={row} />}
      phoneRow={(row) => (
        <>
          <Avatar name={row.who} kind={row.subjectKind} size={26} />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.who}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">
              {roleTitle(row.role)}, {scopeWords(row)}
            </span>
          </span>
          {row.decision ? <Status state={DECIDED[row.decision]} /> : row.meanwhile && <Badge tone="warn">{MEANWHILE[row.meanwhile]}</Badge>}
        </>
      )}
    />
  );
}
