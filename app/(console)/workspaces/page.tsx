import type { Metadata } from "next";
import { ListFailure } from "@/components/table/list-failure";
import { ConsolePage } from "@/components/shell/console-page";
import { requestPreferences } from "@/components/shell/request-preferences";
import { listConditions, readListView } from "@/components/table/list-params";
import { packRows } from "@/components/table/packed-rows";
import { CliBox } from "@/components/ui/cli-box";
import { PageHead } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { countWords } from "@/components/ui/time-words";
import { NewWorkspace } from "@/components/workspace/new-workspace";
import { WORKSPACE_LIST, WORKSPACES_PER_PAGE } from "@/components/workspace/workspace-list";
import { WorkspacesTable } from "@/components/workspace/workspaces-table";
import { environment } from "@/lib/kernel/env";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listWorkspaces } from "@/lib/workspaces/list-workspaces";
import { attempt } from "../attempt";
import { refusalOf } from "../refusal";

export const metadata: Metadata = { title: "Workspaces" };

// Everyone who is signed in has this list; its rows are the workspaces that the person may read.
export default page("session:read", async ({ context, place, searchParams }) => {
  const view = readListView(WORKSPACE_LIST, searchParams);
  const { zone } = await requestPreferences();
  const { data: list, failure } = await attempt(context, () =>
    ask(listWorkspaces, context, {
      conditions: listConditions(WORKSPACE_LIST, view.filters, Date.now(), zone),
      matchesAny: view.matchesAny,
      sort: view.sort,
      after: view.after,
      limit: WORKSPACES_PER_PAGE,
    }),
  );
  const creating = refusalOf(context.actor, "workspace:create", {}, "Making workspaces is not in your role");
  return (
    <ConsolePage fills crumbs={[{ label: place.organization.name, href: "/" }, { label: "Workspaces" }]}>
      <PageHead
        isInBar
        title="Workspaces"
        beside={list && <span className="text-ink-3">{countWords(list.total)} in this view</span>}
        actions={creating ? <RefusedControl label="New workspace" refusal={creating} /> : <NewWorkspace server={environment().url} />}
      />
      {failure ? (
        <ListFailure failure={failure} path="/workspaces" />
      ) : (
        <WorkspacesTable
          rows={packRows(list.rows)}
          view={view}
          total={list.total}
          next={list.next}
          countsWithout={list.countsWithout}
          empty={
            !creating ? (
              <EmptyState title="There is no workspace yet.">
                <p>Make one here, or write one into a set-up file and apply it on the host.</p>
                <CliBox command="npm exec reeve -- apply setup.json" />
              </EmptyState>
            ) : (
              <EmptyState title="You have no workspace yet.">
                <p className="max-w-[72ch]">A Workspace Admin or System Admin can give you a role in one; it then appears here.</p>
              </EmptyState>
            )
          }
        />
      )}
    </ConsolePage>
  );
});
