import { requestPreferences } from "@/components/shell/request-preferences";
import { type ListDefinition, listConditions, readListView } from "@/components/table/list-params";
import { csvLine } from "@/lib/exports/csv";
import { downloadResponse } from "@/lib/exports/download";

// A console list as CSV: what the filter shows, page by page, in the list's order.

const CHUNK = 1000;
const MAX_ROWS = 100_000;

type Cell = string | number | null | readonly string[];
type Asked = {
  conditions: ReturnType<typeof listConditions>;
  matchesAny: boolean;
  sort: { field: string; direction: "asc" | "desc" };
  after?: string;
  limit: number;
};

/** Answers with the file. `read` asks the list's query, `columns` names the cells of a row. */
export async function exportList<Row>(
  url: URL,
  name: string,
  definition: ListDefinition,
  read: (input: Asked) => Promise<{ rows: Row[]; next: string | null }>,
  columns: readonly (readonly [string, (row: Row) => Cell])[],
): Promise<Response> {
  const view = readListView(definition, {
    f: url.searchParams.getAll("f"),
    match: url.searchParams.get("match") ?? undefined,
    sort: url.searchParams.get("sort") ?? undefined,
  });
  const { zone } = await requestPreferences();
  const conditions = listConditions(definition, view.filters, Date.now(), zone);
  const chunk = (after?: string) => read({ conditions, matchesAny: view.matchesAny, sort: view.sort, after, limit: CHUNK });
  const first = await chunk();
  async function* pages() {
    yield csvLine(columns.map(([title]) => title));
    let list = first;
    for (let written = 0; written < MAX_ROWS; ) {
      yield list.rows.map((row) => csvLine(columns.map(([, cell]) => cell(row)))).join("");
      written += list.rows.length;
      if (!list.next) return;
      list = await chunk(list.next);
    }
  }
  return downloadResponse(name, "csv", pages());
}
