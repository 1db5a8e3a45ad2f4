import type { Metadata } from "next";
import { listPath } from "@/components/project/paths";
import { STEP_LIST, STEPS_PER_PAGE } from "@/components/step/step-list";
import { StepsTable } from "@/components/step/steps-table";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { EmptyState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { environment } from "@/lib/kernel/env";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listStepRows } from "@/lib/runs/list-step-rows";
import { runTabs } from "../run-tabs";
import { ListPage, projectOf } from "../../../../list-page";

export const metadata: Metadata = { title: "Steps" };

export default page("run:read", async (args) => {
  const { workspace, project, base } = projectOf(args);
  const server = `${environment().url}/${workspace.slug}`;
  return (
    <ListPage
      args={args}
      title="Runs"
      crumbs={[{ label: "Runs", href: listPath(base, "runs") }, { label: "Steps" }]}
      path={listPath(base, "steps")}
      definition={STEP_LIST}
      perPage={STEPS_PER_PAGE}
      read={(input) => ask(listStepRows, args.context, { projectId: project.id, ...input })}
      tabs={<LinkTabs label="Runs and their steps" tabs={runTabs(base, "steps")} />}
      cli={({ view }) => (
        <CopyAsCli
          command={`python -c "from zenml.client import Client; print(Client().list_run_steps(sort_by='desc:start_time', size=50))"`}
          rest={`curl -H "Authorization: Bearer $REEVE_TOKEN" '${server}/api/v1/steps?project=${encodeURIComponent(project.name)}&sort_by=desc:start_time&size=50'`}
          note={view.filters.length > 0 ? "The filters of this view are left out." : undefined}
        />
      )}
      isLive
      empty={
        <EmptyState title="No step has run in this project yet.">
          <p>Point a client at this workspace and run a pipeline. Its steps appear here by themselves.</p>
          <CliBox command={`zenml login ${server} --api-key`} />
          <CliBox command={project.name === "default" ? "python run.py" : `zenml project set ${project.name} && python run.py`} />
        </EmptyState>
      }
      draw={(list) => <StepsTable {...list} project={base} />}
    />
  );
});
