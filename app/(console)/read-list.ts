import { requestPreferences } from "@/components/shell/request-preferences";
import { type ListDefinition, type ListView, pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { type PackedRows, packRows } from "@/components/table/packed-rows";
import type { KeysetPage } from "@/lib/kernel/keyset-page";
import type { PageArguments } from "@/lib/kernel/page";
import { attempt } from "./attempt";

/** What the address asks of a list, and when it was asked. */
export type AskedList = { view: ListView; now: number; zone: string };

type RowOf<L> = L extends KeysetPage<infer Row> ? Row : never;

/** A list as its table takes it. */
export type DrawnList<L> = Omit<L, "rows"> & { rows: PackedRows<RowOf<L>>; view: ListView };

/**
 * Reads what the address asks of a list. `read` may read more in the same round; `search` is the address's search without the page, as
 * exports take it.
 */
export async function readList<T>(
  { context, searchParams }: Pick<PageArguments, "context" | "searchParams">,
  definition: ListDefinition,
  perPage: number,
  read: (input: ReturnType<typeof pageInput>, view: ListView) => Promise<T>,
) {
  const view = readListView(definition, searchParams);
  const { zone } = await requestPreferences();
  const now = Date.now();
  const asked: AskedList = { view, now, zone };
  const result = await attempt(context, () => read(pageInput(definition, view, perPage, now, zone), view));
  return { ...result, asked, view, search: viewSearch(definition, { ...view, after: undefined }) };
}

/** A page of rows, packed for the browser, with the view that asked for it. */
export const drawnList = <L extends KeysetPage<unknown>>(list: L, view: ListView): DrawnList<L> => ({
  ...list,
  rows: packRows(list.rows as RowOf<L>[]),
  view,
});
