import type { ReactNode } from "react";
import { Time } from "@/components/ui/time";
import { WhoChip } from "@/components/ui/who";
import type { DataColumn } from "./data-column";

// Columns that many lists have.

/** In place of what does not apply. */
export const NONE = <span className="text-ink-3">–</span>;

type Moment<Row> = { id: string; label: string; width: number; at: (row: Row) => string | null; none?: ReactNode };

/** A moment that lies behind: sorted by itself, the newest first. */
export const timeColumn = <Row,>({ id, label, width, at, none = NONE }: Moment<Row>): DataColumn<Row> => ({
  id,
  label,
  width,
  sortKey: id,
  startsDescending: true,
  cell: (row) => {
    const moment = at(row);
    return moment === null ? none : <Time at={moment} />;
  },
});

/** Whose it is; what the workspace came with belongs to nobody. */
export const ownerColumn = <Row extends { owner: Parameters<typeof WhoChip>[0]["person"] }>(width: number, nobody?: ReactNode): DataColumn<Row> => ({
  id: "owner",
  label: "Owner",
  width,
  sortKey: "owner",
  cell: (row) => (row.owner || nobody === undefined ? <WhoChip person={row.owner} /> : nobody),
});
