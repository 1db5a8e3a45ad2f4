import type { Metadata } from "next";
import { runsCommand } from "@/components/run/cli-lines";
import { RUN_LIST, RUNS_PER_PAGE, runExtras } from "@/components/run/run-list";
import { RunsTable } from "@/components/run/runs-table";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { EmptyState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { environment } from "@/lib/kernel/env";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { countRuns } from "@/lib/runs/count-runs";
import { listRuns } from "@/lib/runs/list-runs";
import { runTabs } from "../run-tabs";
import { bulkPlace } from "../acts/bulk-place";
import { listPath } from "@/components/project/paths";
import { leftOutWords } from "@/components/stack/stack-cli";
import type { Filter } from "@/components/table/list-params";
import { ListPage, projectOf } from "../../../../list-page";

export const metadata: Metadata = { title: "Runs" };

const MINE: Filter[] = [{ field: "by", op: "is", values: ["me"] }];
const FAILED_THIS_WEEK: Filter[] = [
  { field: "status", op: "is", values: ["failed"] },
  { field: "started", op: "last", values: ["7d"] },
];
const WAITING: Filter[] = [{ field: "status", op: "is", values: ["waiting"] }];

export default page("run:read", async (args) => {
  const { workspace, project, base } = projectOf(args);
  const server = `${environment().url}/${workspace.slug}`;
  return (
    <ListPage
      args={args}
      title="Runs"
      crumbs={[{ label: "Runs" }]}
      path={listPath(base, "runs")}
      definition={RUN_LIST}
      perPage={RUNS_PER_PAGE}
      read={async (input, view) => {
        const [list, counts] = await Promise.all([
          ask(listRuns, args.context, { projectId: project.id, ...input, ...runExtras(view) }),
          ask(countRuns, args.context, { projectId: project.id }),
        ]);
        return { ...list, counts };
      }}
      tabs={<LinkTabs label="Runs and their steps" tabs={runTabs(base, "runs")} />}
      cli={({ view, now, zone }) => {
        const { left, ...lines } = runsCommand(view, now, zone, { server, project: project.name });
        return <CopyAsCli {...lines} note={leftOutWords(left)} />;
      }}
      isLive
      empty={
        <EmptyState title="No pipeline has run in this project yet.">
          <p>Point a client at this workspace and run a pipeline. The first run appears here by itself.</p>
          <CliBox command={`zenml login ${server} --api-key`} />
          <CliBox command={project.name === "default" ? "python run.py" : `zenml project set ${project.name} && python run.py`} />
        </EmptyState>
      }
      draw={({ counts, ...list }) => (
        <RunsTable
          {...list}
          presets={[
            { label: "Mine", filters: MINE, count: counts.mine },
            { label: "Failed this week", filters: FAILED_THIS_WEEK, count: counts.failedThisWeek },
            { label: "Waiting for a person", filters: WAITING, count: counts.waiting },
          ]}
          bulk={bulkPlace("runs", args)}
        />
      )}
    />
  );
});
