import type { ReactNode } from "react";
import type { Filter } from "./list-params";

/** One column of a DataTable. Width in px; the one column without a width takes the rest. */
export type DataColumn<Row> = {
  id: string;
  label: string;
  width?: number;
  /** What the column without a width keeps at least, in px. */
  minWidth?: number;
  align?: "right";
  /** More classes for the cells and the head of the column. */
  className?: string;
  /** The sort key, when the list can be sorted by this column. */
  sortKey?: string;
  /** Sorting starts downwards (times, durations, numbers). */
  startsDescending?: boolean;
  /** The filter that keeps the rows with this cell's value (⇧F); null where the cell holds none. */
  filterBy?: (row: Row) => Filter | null;
  cell: (row: Row) => ReactNode;
};
