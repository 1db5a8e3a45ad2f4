import type { Metadata } from "next";
import { NewProject } from "@/components/project/project-acts";
import { PROJECT_LIST, PROJECTS_PER_PAGE } from "@/components/project/project-list";
import { ProjectsTable } from "@/components/project/projects-table";
import { ConsolePage } from "@/components/shell/console-page";
import { requestPreferences } from "@/components/shell/request-preferences";
import { listConditions, readListView, viewSearch } from "@/components/table/list-params";
import { buttonClass } from "@/components/ui/button";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { ExportLink } from "@/components/ui/export-link";
import { PageHead } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { RetryButton } from "@/components/ui/retry-button";
import { EmptyState, ErrorState } from "@/components/ui/states";
import { countWords } from "@/components/ui/time-words";
import { can } from "@/lib/authz/can";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { overviewProjects } from "@/lib/projects/list-projects";
import { attempt } from "../../../attempt";
import { refusalOf } from "../../../refusal";
import { SettingsTabs } from "../../../settings/settings-tabs";

export const metadata: Metadata = { title: "Projects" };

export default page("project:read", async ({ context, place, searchParams }) => {
  const { workspace } = place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const view = readListView(PROJECT_LIST, searchParams);
  const { zone } = await requestPreferences();
  const { data: list, failure } = await attempt(context, () =>
    ask(overviewProjects, context, {
      conditions: listConditions(PROJECT_LIST, view.filters, Date.now(), zone),
      matchesAny: view.matchesAny,
      sort: view.sort,
      after: view.after,
      limit: PROJECTS_PER_PAGE,
      countsAll: view.countsAll,
    }),
  );
  const target = { workspaceId: workspace.id };
  const refusal = refusalOf(context.actor, "project:create", target, "Making projects is not in your role");
  return (
    <ConsolePage
      fills
      crumbs={[{ label: workspace.slug, href: `/${workspace.slug}` }, { label: "Settings", href: `/${workspace.slug}/settings` }, { label: "Projects" }]}
    >
      <PageHead
        isInBar
        title="Projects"
        beside={list && <span className="text-ink-3">{countWords(list.total.count)} in this view</span>}
        actions={
          <>
            <CopyAsCli command="zenml project list" />
            <ExportLink href={`/${workspace.slug}/settings/projects/export${viewSearch(PROJECT_LIST, { ...view, after: undefined })}`} />
            {refusal ? <RefusedControl label="New project" refusal={refusal} /> : <NewProject workspace={workspace.slug} />}
          </>
        }
      />
      <SettingsTabs slug={workspace.slug} current="projects" />
      {failure ? (
        <ErrorState title={failure.title} fix={failure.fix} requestId={failure.requestId}>
          <RetryButton />
          <a href={`/${workspace.slug}/settings/projects`} className={buttonClass("ghost")}>
            First page, no filters
          </a>
        </ErrorState>
      ) : (
        <ProjectsTable
          workspace={workspace.slug}
          rows={list.rows}
          view={view}
          total={list.total}
          next={list.next}
          countsWithout={list.countsWithout}
          may={{ update: can(context.actor, "project:update", target).allowed, remove: can(context.actor, "project:delete", target).allowed }}
          empty={
            <EmptyState title="You see no project here.">
              <CliBox command="zenml project register churn --display-name Churn" />
            </EmptyState>
          }
        />
      )}
    </ConsolePage>
  );
});
