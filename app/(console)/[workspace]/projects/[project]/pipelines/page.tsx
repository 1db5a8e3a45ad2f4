import type { Metadata } from "next";
import { PIPELINE_LIST, ROWS_PER_PAGE } from "@/components/pipeline/lists";
import { PipelinesTable } from "@/components/pipeline/pipelines-table";
import { listPath } from "@/components/project/paths";
import { leftOutWords, listCommand } from "@/components/stack/stack-cli";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { EmptyState } from "@/components/ui/states";
import { environment } from "@/lib/kernel/env";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listPipelineRows } from "@/lib/pipelines/list-pipeline-rows";
import { bulkPlace } from "../acts/bulk-place";
import { ListPage, projectOf } from "../../../../list-page";

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

export default page("pipeline:read", async (args) => {
  const { workspace, project, base } = projectOf(args);
  return (
    <ListPage
      args={args}
      title="Pipelines"
      crumbs={[{ label: "Pipelines" }]}
      path={listPath(base, "pipelines")}
      definition={PIPELINE_LIST}
      perPage={ROWS_PER_PAGE}
      read={(input) => ask(listPipelineRows, args.context, { projectId: project.id, ...input })}
      cli={({ view, now, zone }) => {
        const { command, left } = listCommand("zenml pipeline list", PIPELINE_LIST, view, OPTIONS, now, zone);
        return <CopyAsCli command={command} note={leftOutWords(left)} />;
      }}
      exportPath={`${listPath(base, "pipelines")}.csv`}
      empty={
        <EmptyState title="There is no pipeline in this project yet.">
          <p>A pipeline appears here by itself when it runs for the first time. Point a client at this workspace, save this as hello.py and run it.</p>
          <CliBox command={`zenml login ${environment().url}/${workspace.slug} --api-key`} />
          <pre className="w-full overflow-auto rounded-1 bg-sunk px-3 py-2 text-left font-mono text-mono text-ink">{FIRST_PIPELINE}</pre>
          <CliBox command={project.name === "default" ? "python hello.py" : `zenml project set ${project.name} && python hello.py`} />
        </EmptyState>
      }
      draw={(list) => <PipelinesTable {...list} base={base} bulk={bulkPlace("pipelines", args)} />}
    />
  );
});
