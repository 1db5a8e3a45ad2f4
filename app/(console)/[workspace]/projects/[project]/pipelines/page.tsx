import type { Metadata } from "next";
import { PIPELINE_LIST, ROWS_PER_PAGE } from "@/components/pipeline/lists";
import { PipelinesTable } from "@/components/pipeline/pipelines-table";
import { listPath, projectPath } from "@/components/project/paths";
import { ConsolePage } from "@/components/shell/console-page";
import { requestPreferences } from "@/components/shell/request-preferences";
import { listCommand } from "@/components/stack/stack-cli";
import { InView } from "@/components/table/in-view";
import { ListFailure } from "@/components/table/list-failure";
import { pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { ExportLink } from "@/components/ui/export-link";
import { PageHead } from "@/components/ui/page-head";
import { EmptyState } from "@/components/ui/states";
import { environment } from "@/lib/kernel/env";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listPipelineRows } from "@/lib/pipelines/list-pipeline-rows";
import { attempt } from "../../../../attempt";
import { bulkPlace } from "../acts/bulk-place";

export const metadata: Metadata = { title: "Pipelines" };

const OPTIONS = { name: "name", status: "latest_run_status", last: "latest_run", tag: "tag", by: "user", created: "created" };

const FIRST_PIPELINE = `from zenml import pipeline, step

@step
def load() -> int:
    return 42

@pipeline
def hello():
    load()

hello()`;

export default page("pipeline:read", async ({ context, place, searchParams }) => {
  const { workspace, project } = place;
  if (!workspace || !project) throw new Error("The path of this page names a workspace and a project.");
  const base = projectPath(workspace.slug, project.name);
  const path = listPath(base, "pipelines");
  const view = readListView(PIPELINE_LIST, searchParams);
  const { zone } = await requestPreferences();
  const now = Date.now();
  const { data: list, failure } = await attempt(context, () =>
    ask(listPipelineRows, context, { projectId: project.id, ...pageInput(PIPELINE_LIST, view, ROWS_PER_PAGE, now, zone) }),
  );
  const cli = listCommand("zenml pipeline list", PIPELINE_LIST, view, OPTIONS, now, zone);
  return (
    <ConsolePage fills crumbs={[{ label: workspace.slug, href: `/${workspace.slug}` }, { label: "Pipelines" }]}>
      <PageHead
        isInBar
        title="Pipelines"
        beside={list && <InView total={list.total} />}
        actions={
          <>
            <CopyAsCli command={cli.command} note={cli.left.length > 0 ? `The client can’t filter by ${cli.left.join(", ")} this way: left out.` : undefined} />
            <ExportLink href={`${path}.csv${viewSearch(PIPELINE_LIST, { ...view, after: undefined })}`} />
          </>
        }
      />
      {failure ? (
        <ListFailure failure={failure} path={path} />
      ) : (
        <PipelinesTable
          base={base}
          path={path}
          rows={list.rows}
          view={view}
          total={list.total}
          next={list.next}
          countsWithout={list.countsWithout}
          bulk={bulkPlace("pipelines", { context, place })}
          empty={
            <EmptyState title="There is no pipeline in this project yet.">
              <p>A pipeline appears here by itself when it runs for the first time. Point a client at this workspace, save this as hello.py and run it.</p>
              <CliBox command={`zenml login ${environment().url}/${workspace.slug} --api-key`} />
              <pre className="w-full overflow-auto rounded-1 bg-sunk px-3 py-2 text-left font-mono text-mono text-ink">{FIRST_PIPELINE}</pre>
              <CliBox command={project.name === "default" ? "python hello.py" : `zenml project set ${project.name} && python hello.py`} />
            </EmptyState>
          }
        />
      )}
    </ConsolePage>
  );
});
