import type { Metadata } from "next";
import { ThingEntries } from "@/components/audit/thing-entries";
import { CodeChanges } from "@/components/pipeline/code-changes";
import { listPath, pipelinePath } from "@/components/project/paths";
import { RUN_LIST, RUNS_PER_PAGE, runExtras } from "@/components/run/run-list";
import { RunsTable } from "@/components/run/runs-table";
import { requestPreferences } from "@/components/shell/request-preferences";
import { pageInput, readListView } from "@/components/table/list-params";
import { packRows } from "@/components/table/packed-rows";
import { EmptyState } from "@/components/ui/states";
import { can } from "@/lib/authz/can";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getPipelinePage, listCodeChanges } from "@/lib/pipelines/get-pipeline-page";
import { listRuns } from "@/lib/runs/list-runs";
import { attempt } from "../../../../../attempt";
import { ThingAccess } from "../../../../thing-access";
import { openPipeline } from "./open-pipeline";
import { PipelineFrame } from "./pipeline-frame";
import { FailurePage } from "../../../../../failure-page";
import { bulkPlace } from "../../acts/bulk-place";
import { entriesOf } from "../../../../read-thing";

export const metadata: Metadata = { title: "Pipeline" };

const TABS = ["runs", "changes", "access", "audit"] as const;

export default page("pipeline:read", async ({ context, place, params, searchParams }) => {
  const { workspace, project, name, base } = openPipeline({ place, params });
  const { actor } = context;
  const tab = TABS.find((known) => known === searchParams.tab) ?? "runs";
  const view = readListView(RUN_LIST, searchParams);
  const { zone } = await requestPreferences();
  const mayReadAudit = can(actor, "audit-entry:read", { workspaceId: workspace.id, ownerId: actor.id }).allowed;
  const mayReadRuns = can(actor, "run:read", { workspaceId: workspace.id, projectId: project.id, ownerId: actor.id }).allowed;
  const { data, failure } = await attempt(context, async () => {
    const pipeline = await ask(getPipelinePage, context, { projectId: project.id, name });
    const runs =
      tab === "runs" && mayReadRuns
        ? await ask(listRuns, context, {
            projectId: project.id,
            pipelineId: pipeline.id,
            ...pageInput(RUN_LIST, view, RUNS_PER_PAGE, Date.now(), zone),
            ...runExtras(view),
          })
        : null;
    const changes = tab === "changes" ? await ask(listCodeChanges, context, { projectId: project.id, name }) : [];
    const entries = tab === "audit" && mayReadAudit ? await entriesOf(context, pipeline.id) : null;
    return { pipeline, runs, changes, entries };
  });
  if (failure)
    return (
      <FailurePage
        crumbs={[{ label: workspace.slug, href: `/${workspace.slug}` }, { label: "Pipelines", href: listPath(base, "pipelines") }, { label: name }]}
        failure={failure}
      />
    );
  const { pipeline, runs, changes, entries } = data;
  return (
    <PipelineFrame actor={actor} workspace={workspace} project={project} base={base} pipeline={pipeline} tab={tab}>
      {runs ? (
        <RunsTable
          path={pipelinePath(base, name)}
          runsPath={listPath(base, "runs")}
          rows={packRows(runs.rows)}
          view={view}
          total={runs.total}
          next={runs.next}
          countsWithout={runs.countsWithout}
          presets={[]}
          bulk={{ ...bulkPlace("runs", { context, place }), within: [{ field: "pipeline", op: "is", values: [pipeline.name] }] }}
          empty={<EmptyState title="No run of this pipeline that you may see." />}
        />
      ) : (
        <div className="pad-x py-5">
          {tab === "changes" && <CodeChanges base={base} pipeline={name} changes={changes} />}
          {tab === "runs" && <p className="text-ink-3">Its runs are not yours to see.</p>}
          {tab === "access" && (
            <ThingAccess
              context={context}
              workspace={workspace}
              project={project}
              thing={{ type: "pipeline", id: pipeline.id, name: pipeline.name }}
              ownerId={pipeline.ownerId}
              owner={pipeline.by?.name ?? null}
            />
          )}
          {tab === "audit" && <ThingEntries noun="pipeline" entries={entries?.rows ?? null} auditPath={`/${workspace.slug}/audit`} thingId={pipeline.id} />}
        </div>
      )}
    </PipelineFrame>
  );
});
