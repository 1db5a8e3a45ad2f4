import { ORGANIZATION_ENTRIES, WORKSPACE_ENTRIES } from "@/components/audit/entry-list";
import { requestPreferences } from "@/components/shell/request-preferences";
import { listConditions, readListView } from "@/components/table/list-params";
import { exportEntries } from "@/lib/audit/export-entries";
import { type EntryList, listEntries } from "@/lib/audit/list-entries";
import { csvLine } from "@/lib/exports/csv";
import { downloadResponse } from "@/lib/exports/download";
import { type CallContext, execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";

const CHUNK = 1000;
const MAX_ENTRIES = 1_000_000;
const HEAD = [
  "number",
  "time",
  "actor",
  "actor kind",
  "on behalf of",
  "origin",
  "action",
  "target type",
  "target",
  "target id",
  "outcome",
  "reason",
  "workspace",
  "credential",
  "address",
  "request id",
  "count",
];

/** The entries that the filters of the URL show, as CSV or JSONL. Taking them is itself an entry. */
export async function exportResponse(context: CallContext, url: URL): Promise<Response> {
  const definition = context.workspace ? WORKSPACE_ENTRIES : ORGANIZATION_ENTRIES;
  const view = readListView(definition, {
    f: url.searchParams.getAll("f"),
    match: url.searchParams.get("match") ?? undefined,
    sort: url.searchParams.get("sort") ?? undefined,
  });
  const format = url.searchParams.get("format") === "jsonl" ? "jsonl" : "csv";
  const { zone } = await requestPreferences();
  const conditions = listConditions(definition, view.filters, Date.now(), zone);
  await execute(exportEntries, context, { format, filters: url.searchParams.getAll("f") });
  const chunk = (after?: string) =>
    ask(listEntries, context, { conditions, matchesAny: view.matchesAny, direction: view.sort.direction, after, limit: CHUNK, counts: false });
  const first = await chunk();
  async function* pages() {
    if (format === "csv") yield csvLine(HEAD);
    let list: EntryList = first;
    for (let written = 0; written < MAX_ENTRIES; ) {
      yield list.rows.map((entry) => (format === "jsonl" ? `${JSON.stringify(entry)}\n` : line(entry))).join("");
      written += list.rows.length;
      if (!list.next) return;
      list = await chunk(list.next);
    }
  }
  return downloadResponse(`audit-${context.workspace?.slug ?? "organization"}`, format, pages());
}

const line = (entry: EntryList["rows"][number]): string =>
  csvLine([
    entry.seq,
    entry.at,
    entry.actor.name,
    entry.actor.kind,
    entry.onBehalfOf,
    entry.origin,
    entry.action,
    entry.targetType,
    entry.targetName,
    entry.targetId,
    entry.outcome,
    entry.reason,
    entry.workspace,
    entry.credentialLabel ?? entry.credentialKind,
    entry.address,
    entry.requestId,
    entry.count,
  ]);
