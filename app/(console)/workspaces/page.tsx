import type { Metadata } from "next";
import { ConsolePage } from "@/components/shell/console-page";
import { requestPreferences } from "@/components/shell/request-preferences";
import { listConditions, readListView } from "@/components/table/list-params";
import { buttonClass } from "@/components/ui/button";
import { CliBox } from "@/components/ui/cli-box";
import { PageHead } from "@/components/ui/page-head";
import { RetryButton } from "@/components/ui/retry-button";
import { EmptyState, ErrorState } from "@/components/ui/states";
import { countWords } from "@/components/ui/time-words";
import { WORKSPACE_LIST, WORKSPACES_PER_PAGE } from "@/components/workspace/workspace-list";
import { WorkspacesTable } from "@/components/workspace/workspaces-table";
import { can } from "@/lib/authz/can";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listWorkspaces } from "@/lib/workspaces/list-workspaces";
import { attempt } from "../attempt";

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
  const mayCreate = can(context.actor, "workspace:create").allowed;
  return (
    <ConsolePage fills crumbs={[{ label: place.organization.name, href: "/" }, { label: "Workspaces" }]}>
      <PageHead isInBar title="Workspaces" beside={list && <span className="text-ink-3">{countWords(list.total)} in this view</span>} />
      {failure ? (
        <ErrorState title={failure.title} fix={failure.fix} requestId={failure.requestId}>
          <RetryButton />
          <a href="/workspaces" className={buttonClass("ghost")}>
            First page, no filters
          </a>
        </ErrorState>
      ) : (
        <WorkspacesTable
          rows={list.rows}
          view={view}
          total={list.total}
          next={list.next}
          countsWithout={list.countsWithout}
          empty={
            mayCreate ? (
              <EmptyState title="There is no workspace yet.">
                <p>Write one into a set-up file and apply it on the host.</p>
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
