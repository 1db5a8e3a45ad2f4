"use client";

import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import type { ListProps } from "@/components/table/list-props";
import { RowLink } from "@/components/table/row-link";
import { timeColumn } from "@/components/table/usual-columns";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { type ReviewRow, reviewOf } from "@/lib/access-reviews/schema";
import { type Choice, roleTitle } from "./grant-list";
import { reviewList, REVIEWS_PER_PAGE, reviewPath } from "./review-list";
import { ReviewProgress } from "./review-progress";

const ofWords = (row: ReviewRow) => reviewOf(row, row.role && roleTitle(row.role));

const COLUMNS: DataColumn<ReviewRow>[] = [
  {
    id: "name",
    label: "Name",
    minWidth: 200,
    sortKey: "name",
    cell: (row) => <RowLink href={reviewPath(row)}>{row.name}</RowLink>,
  },
  { id: "of", label: "Of", width: 240, cell: ofWords },
  { id: "state", label: "State", width: 116, cell: (row) => <Status state={row.state} /> },
  { id: "progress", label: "Decided", width: 168, cell: (row) => <ReviewProgress {...row} /> },
  { id: "due", label: "Due", width: 104, sortKey: "due", cell: (row) => <Time at={row.dueAt} /> },
  timeColumn({ id: "created", label: "Opened", width: 104, at: (row) => row.createdAt }),
  { id: "by", label: "Opened by", width: 140, cell: (row) => row.createdBy },
  {
    id: "closed",
    label: "Closed by",
    width: 140,
    cell: (row) => row.closedBy ?? <span className="text-ink-3">–</span>,
  },
];

type Props = ListProps<ReviewRow> & {
  ownRoles: Choice[];
};

/** Access reviews, one row each. */
export function ReviewsTable({ ownRoles, ...props }: Props) {
  return (
    <DataTable
      {...props}
      noun={{ one: "review", many: "reviews" }}
      columns={COLUMNS}
      definition={reviewList(ownRoles)}
      pageSize={REVIEWS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={reviewPath}
      phoneRow={(row) => (
        <>
          <Status state={row.state} iconOnly size={18} />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.name}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">{ofWords(row)}</span>
          </span>
          <span className="text-meta text-ink-3 tabular">
            {row.settled} of {row.total}
          </span>
        </>
      )}
    />
  );
}
