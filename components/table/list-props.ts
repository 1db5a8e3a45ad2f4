import type { ReactNode } from "react";
import type { Total } from "./data-table";
import type { ListView } from "./list-params";
import type { PackedRows } from "./packed-rows";

/** What a page hands the table of its list: where the list is, the page of it that the address asks for, and what stands in place of rows. */
export type ListProps<Row> = {
  path: string;
  rows: PackedRows<Row>;
  view: ListView;
  total: Total;
  next: string | null;
  countsWithout: number[] | null;
  empty: ReactNode;
  barEnd?: ReactNode;
};
