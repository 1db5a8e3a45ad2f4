import type { Metadata } from "next";
import { listPath, projectPath } from "@/components/project/paths";
import { ConsolePage } from "@/components/shell/console-page";
import { requestPreferences } from "@/components/shell/request-preferences";
import { STEP_LIST, STEPS_PER_PAGE } from "@/components/step/step-list";
import { StepsTable } from "@/components/step/steps-table";
import { InView } from "@/components/table/in-view";
import { ListFailure } from "@/components/table/list-failure";
import { pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { Live } from "@/components/table/live";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { ExportLink } from "@/components/ui/export-link";
import { PageHead } from "@/components/ui/page-head";
import { EmptyState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { environment } from "@/lib/kernel/env";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listStepRows } from "@/lib/runs/list-step-rows";
import { attempt } from "../../../../attempt";
import { runTabs } from "../run-tabs";

export const metadata: Metadata = { title: "Steps" };

export default page("run:read", async ({ context, place, searchParams }) => {
  const { workspace, project } = place;
  if (!workspace || !project) throw new Error("The path of this page names a workspace and a project.");
  const base = projectPath(workspace.slug, project.name);
  const path = listPath(base, "steps");
  const view = readListView(STEP_LIST, searchParams);
  const { zone } = await requestPreferences();
  const now = Date.now();
  const { data: list, failure } = await attempt(context, () =>
    ask(listStepRows, context, { projectId: project.id, ...pageInput(STEP_LIST, view, STEPS_PER_PAGE, now, zone) }),
  );
  const server = `${environment().url}/${workspace.slug}`;
  return (
    <ConsolePage fills crumbs={[{ label: workspace.slug, href: `/${workspace.slug}` }, { label: "Runs", href: listPath(base, "runs") }, { label: "Steps" }]}>
      <PageHead
        isInBar
        title="Runs"
        beside={list && <InView total={list.total} />}
        actions={
          <>
            <Live workspace={workspace.slug} project={project.name} since={new Date(now).toISOString()} />
            <CopyAsCli
              command={`python -c "from zenml.client import Client; print(Client().list_run_steps(sort_by='desc:start_time', size=50))"`}
              rest={`curl -H "Authorization: Bearer $REEVE_TOKEN" '${server}/api/v1/steps?project=${encodeURIComponent(project.name)}&sort_by=desc:start_time&size=50'`}
              note={view.filters.length > 0 ? "The filters of this view are left out." : undefined}
            />
            <ExportLink href={`${path}/export${viewSearch(STEP_LIST, { ...view, after: undefined })}`} />
          </>
        }
      />
      <LinkTabs label="Runs and their steps" tabs={runTabs(base, "steps")} />
      {failure ? (
        <ListFailure failure={failure} path={path} />
      ) : (
        <StepsTable
          path={path}
          project={base}
          rows={list.rows}
          view={view}
          total={list.total}
          next={list.next}
          countsWithout={list.countsWithout}
          empty={
            <EmptyState title="No step has run in this project yet.">
              <p>Point a client at this workspace and run a pipeline. Its steps appear here by themselves.</p>
              <CliBox command={`zenml login ${server} --api-key`} />
              <CliBox command={project.name === "default" ? "python run.py" : `zenml project set ${project.name} && python run.py`} />
            </EmptyState>
          }
        />
      )}
    </ConsolePage>
  );
});
