import type { Metadata } from "next";
import { ListFailure } from "@/components/table/list-failure";
import { InView } from "@/components/table/in-view";
import { ExportLink } from "@/components/ui/export-link";
import { runsCommand } from "@/components/run/cli-lines";
import { RUN_LIST, RUNS_PER_PAGE, runExtras } from "@/components/run/run-list";
import { RunsTable } from "@/components/run/runs-table";
import { listPath, projectPath } from "@/components/project/paths";
import { ConsolePage } from "@/components/shell/console-page";
import { requestPreferences } from "@/components/shell/request-preferences";
import { type Filter, pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { Live } from "@/components/table/live";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { PageHead } from "@/components/ui/page-head";
import { EmptyState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { environment } from "@/lib/kernel/env";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { countRuns } from "@/lib/runs/count-runs";
import { listRuns } from "@/lib/runs/list-runs";
import { attempt } from "../../../../attempt";
import { runTabs } from "../run-tabs";
import { bulkPlace } from "../acts/bulk-place";

export const metadata: Metadata = { title: "Runs" };

const MINE: Filter[] = [{ field: "by", op: "is", values: ["me"] }];
const FAILED_THIS_WEEK: Filter[] = [
  { field: "status", op: "is", values: ["failed"] },
  { field: "started", op: "last", values: ["7d"] },
];
const WAITING: Filter[] = [{ field: "status", op: "is", values: ["waiting"] }];

export default page("run:read", async ({ context, place, searchParams }) => {
  const { workspace, project } = place;
  if (!workspace || !project) throw new Error("The path of this page names a workspace and a project.");
  const path = listPath(projectPath(workspace.slug, project.name), "runs");
  const view = readListView(RUN_LIST, searchParams);
  const { zone } = await requestPreferences();
  const now = Date.now();
  const { data, failure } = await attempt(context, () =>
    Promise.all([
      ask(listRuns, context, {
        projectId: project.id,
        ...pageInput(RUN_LIST, view, RUNS_PER_PAGE, now, zone),
        ...runExtras(view),
      }),
      ask(countRuns, context, { projectId: project.id }),
    ]),
  );

  const server = `${environment().url}/${workspace.slug}`;
  const cli = runsCommand(view, now, zone, { server, project: project.name });
  const [list, counts] = data ?? [];
  return (
    <ConsolePage fills crumbs={[{ label: workspace.slug, href: `/${workspace.slug}` }, { label: "Runs" }]}>
      <PageHead
        isInBar
        title="Runs"
        beside={list && <InView total={list.total} />}
        actions={
          <>
            <Live workspace={workspace.slug} project={project.name} since={new Date(now).toISOString()} />
            <CopyAsCli
              command={cli.command}
              rest={cli.rest}
              python={cli.python}
              note={cli.left.length > 0 ? `The client can’t filter by ${cli.left.join(", ")} this way: left out.` : undefined}
            />
            <ExportLink href={`${path}/export${viewSearch(RUN_LIST, { ...view, after: undefined })}`} />
          </>
        }
      />
      <LinkTabs label="Runs and their steps" tabs={runTabs(projectPath(workspace.slug, project.name), "runs")} />
      {failure ? (
        <ListFailure failure={failure} path={path} />
      ) : (
        list && (
          <RunsTable
            path={path}
            rows={list.rows}
            view={view}
            total={list.total}
            next={list.next}
            countsWithout={list.countsWithout}
            presets={[
              { label: "Mine", filters: MINE, count: counts?.mine },
              { label: "Failed this week", filters: FAILED_THIS_WEEK, count: counts?.failedThisWeek },
              { label: "Waiting for a person", filters: WAITING, count: counts?.waiting },
            ]}
            bulk={bulkPlace("runs", { context, place })}
            empty={
              <EmptyState title="No pipeline has run in this project yet.">
                <p>Point a client at this workspace and run a pipeline. The first run appears here by itself.</p>
                <CliBox command={`zenml login ${server} --api-key`} />
                <CliBox command={project.name === "default" ? "python run.py" : `zenml project set ${project.name} && python run.py`} />
              </EmptyState>
            }
          />
        )
      )}
    </ConsolePage>
  );
});
