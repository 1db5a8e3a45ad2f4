import type { Metadata } from "next";
import { ListFailure } from "@/components/table/list-failure";
import { InView } from "@/components/table/in-view";
import { NewProject } from "@/components/project/project-acts";
import { PROJECT_LIST, PROJECTS_PER_PAGE } from "@/components/project/project-list";
import { ProjectsTable } from "@/components/project/projects-table";
import { ConsolePage } from "@/components/shell/console-page";
import { requestPreferences } from "@/components/shell/request-preferences";
import { pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { packRows } from "@/components/table/packed-rows";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { ExportLink } from "@/components/ui/export-link";
import { PageHead } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
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
      ...pageInput(PROJECT_LIST, view, PROJECTS_PER_PAGE, Date.now(), zone),
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
        beside={list && <InView total={list.total} />}
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
        <ListFailure failure={failure} path={`/${workspace.slug}/settings/projects`} />
      ) : (
        <ProjectsTable
          workspace={workspace.slug}
          rows={packRows(list.rows)}
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
