import { EntriesTable } from "@/components/audit/entries-table";
import { ListFailure } from "@/components/table/list-failure";
import { ENTRIES_PER_PAGE, ORGANIZATION_ENTRIES, WORKSPACE_ENTRIES } from "@/components/audit/entry-list";
import { EntryPanel } from "@/components/audit/entry-panel";
import { ConsolePage } from "@/components/shell/console-page";
import { requestPreferences } from "@/components/shell/request-preferences";
import { listConditions, readListView, viewSearch } from "@/components/table/list-params";
import { packRows } from "@/components/table/packed-rows";
import { ExportMenu } from "@/components/ui/export-menu";
import { PageHead } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { countWords } from "@/components/ui/time-words";
import { getEntry, listEntries } from "@/lib/audit/list-entries";
import { can } from "@/lib/authz/can";
import { explain } from "@/lib/authz/explain";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { roleTitle } from "@/lib/organizations/get-shell";
import { attempt } from "../attempt";

/** The audit list of the organization or of one workspace, with the open entry beside it. */
export async function AuditPage({ context, place, searchParams }: PageArguments) {
  const { workspace } = place;
  const definition = workspace ? WORKSPACE_ENTRIES : ORGANIZATION_ENTRIES;
  const path = workspace ? `/${workspace.slug}/audit` : "/audit";
  const view = readListView(definition, searchParams);
  const { zone } = await requestPreferences();
  const opened = view.open && /^\d{1,15}$/.test(view.open) && Number(view.open) > 0 ? Number(view.open) : undefined;
  const { data, failure } = await attempt(context, () =>
    Promise.all([
      ask(listEntries, context, {
        conditions: listConditions(definition, view.filters, Date.now(), zone),
        matchesAny: view.matchesAny,
        direction: view.sort.direction,
        after: view.after,
        limit: ENTRIES_PER_PAGE,
        countsAll: view.countsAll,
      }),
      opened ? ask(getEntry, context, { seq: opened }) : null,
    ]),
  );
  const target = { workspaceId: workspace?.id, ownerId: context.actor.id };
  const reach = can(context.actor, "audit-entry:read", target).reach;
  const mayExport = can(context.actor, "audit-entry:export", target).allowed;
  const exportPath = `${path}/export${viewSearch(definition, { ...view, after: undefined, open: undefined, columns: null, countsAll: false })}`;
  const [list, entry] = data ?? [];
  const hrefOf = (seq: number) => `${path}${viewSearch(definition, { ...view, open: String(seq) })}`;
  const crumbs = [workspace ? { label: workspace.slug, href: `/${workspace.slug}` } : { label: place.organization.name, href: "/" }, { label: "Audit" }];
  return (
    <ConsolePage fills crumbs={crumbs}>
      <PageHead
        isInBar
        title="Audit"
        beside={
          list && (
            <span className="text-ink-3">
              {countWords(list.total.count)}
              {list.total.isExact ? "" : "+"} {list.total.count === 1 ? "entry" : "entries"} in this view
              {reach === "own" && ". You see your own acts."}
            </span>
          )
        }
        actions={
          mayExport ? (
            <ExportMenu path={exportPath} formats={["csv", "jsonl"]} />
          ) : (
            <RefusedControl
              label="Export"
              refusal={{
                title: "Exporting the trail is not in your role",
                yourRole: roleTitle(context.actor, workspace?.id ?? null),
                neededRole: explain(context.actor, "audit-entry:export", target).needed?.title ?? null,
              }}
            />
          )
        }
      />
      {failure ? (
        <ListFailure failure={failure} path={path} />
      ) : (
        list && (
          <div className="relative flex min-h-0 flex-1">
            <div className="flex min-w-0 flex-1 flex-col [--row:31px] max-md:[--row:auto]">
              <EntriesTable
                path={path}
                isOrganization={!workspace}
                rows={packRows(list.rows)}
                view={view}
                total={list.total}
                next={list.next}
                countsWithout={list.countsWithout}
                empty={
                  <EmptyState title={reach === "own" ? "You have done nothing here yet that the trail records." : "Nothing is recorded here yet."}>
                    <p className="max-w-[72ch]">Every change, every refusal and every sign-in becomes an entry with a number, and stays.</p>
                  </EmptyState>
                }
              />
            </div>
            {entry && (
              <EntryPanel
                entry={entry}
                pageHref={`${path}/${entry.seq}`}
                closeHref={`${path}${viewSearch(definition, { ...view, open: undefined })}`}
                hrefOf={hrefOf}
              />
            )}
          </div>
        )
      )}
    </ConsolePage>
  );
}
