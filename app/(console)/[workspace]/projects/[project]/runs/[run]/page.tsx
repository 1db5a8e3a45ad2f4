import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ThingEntries } from "@/components/audit/thing-entries";
import { versionWord } from "@/components/run/columns";
import { RunLogs } from "./run-logs";
import { RunName } from "@/components/run/run-name";
import { ArtifactsTab, EnvironmentTab, MetadataTab, OverviewTab, ParametersTab, StepsTab } from "@/components/run/run-tabs";
import { listPath, projectPath } from "@/components/project/paths";
import { ConsolePage } from "@/components/shell/console-page";
import { Live } from "@/components/table/live";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { EvidenceChip, NotRecorded } from "@/components/ui/evidence";
import { FactsStrip } from "@/components/ui/facts";
import { PageHead } from "@/components/ui/page-head";
import { RetryButton } from "@/components/ui/retry-button";
import { ErrorState } from "@/components/ui/states";
import { StatusBadge } from "@/components/ui/status";
import { LinkTabs } from "@/components/ui/tabs";
import { TagList } from "@/components/ui/tag";
import { Duration, ExactTime } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import { listEntries } from "@/lib/audit/list-entries";
import { can } from "@/lib/authz/can";
import { isUuid } from "@/lib/kernel/id";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getRunPage } from "@/lib/runs/get-run-page";
import { attempt } from "../../../../../attempt";

export const metadata: Metadata = { title: "Run" };

const TABS = ["overview", "steps", "logs", "parameters", "environment", "artifacts", "metadata", "audit"] as const;
const SETTLED = new Set(["completed", "failed", "cached", "skipped", "stopped", "cancelled", "retried"]);

export default page("run:read", async ({ context, place, params, searchParams }) => {
  const { workspace, project } = place;
  const runId = params.run?.toLowerCase();
  if (!workspace || !project || !isUuid(runId)) notFound();
  const readAt = new Date().toISOString();
  const mayReadAudit = can(context.actor, "audit-entry:read", { workspaceId: workspace.id, ownerId: context.actor.id }).allowed;
  const { data, failure } = await attempt(context, () =>
    Promise.all([
      ask(getRunPage, context, { projectId: project.id, runId }),
      mayReadAudit ? ask(listEntries, context, { conditions: [{ field: "thing", op: "equals", value: runId }], limit: 200 }) : null,
    ]),
  );
  const runsPath = listPath(projectPath(workspace.slug, project.name), "runs");
  const crumbs = [
    { label: workspace.slug, href: `/${workspace.slug}` },
    { label: "Runs", href: runsPath },
  ];
  if (failure)
    return (
      <ConsolePage crumbs={[...crumbs, { label: "Run" }]}>
        <ErrorState title={failure.title} fix={failure.fix} requestId={failure.requestId}>
          <RetryButton />
        </ErrorState>
      </ConsolePage>
    );

  const [run, entries] = data;
  const tab = TABS.find((known) => known === searchParams.tab) ?? "overview";
  const logs = tab === "logs" && (await RunLogs({ context: { ...context, workspace }, projectId: project.id, runId, searchParams }));
  const counts: Partial<Record<(typeof TABS)[number], number>> = {
    steps: run.steps.length,
    parameters: run.parameters.length + run.steps.reduce((sum, step) => sum + step.parameters.length, 0),
    artifacts: run.artifacts.length,
    metadata: run.metadata.length,
    audit: entries?.total.count,
  };
  const { packages } = run.environment;
  return (
    <ConsolePage crumbs={[...crumbs, { label: `№ ${run.number}` }]}>
      <PageHead
        title={<RunName name={run.name} />}
        beside={
          <>
            <StatusBadge state={run.status} />
            <span className="text-ink-3">№ {run.number}</span>
          </>
        }
        actions={
          <>
            {!SETTLED.has(run.status) && <Live workspace={workspace.slug} project={project.name} runId={run.id} since={readAt} />}
            <CopyAsCli command={`python -c "from zenml.client import Client; print(Client().get_pipeline_run('${run.id}'))"`} />
          </>
        }
      />
      <FactsStrip
        facts={[
          { label: "Started by", value: <WhoChip person={run.startedBy} origin={run.origin} onBehalfOf={run.onBehalfOf} /> },
          { label: "Code", value: <EvidenceChip digest={run.codeDigest} seal="claimed" algorithm="As the client computed it" what="Code of the run" /> },
          {
            label: "Packages",
            value: packages ? (
              <a className="link" href="?tab=environment">
                {countWords(packages.length)}
              </a>
            ) : (
              <NotRecorded />
            ),
          },
          { label: "Stack", value: run.stack ?? <NotRecorded /> },
          { label: "Model", value: run.model ? `${run.model.name} ${versionWord(run.model.version)}` : <span className="text-ink-3">–</span> },
          { label: "Duration", value: <Duration start={run.startedAt} end={run.endedAt} seconds={run.durationS} /> },
          { label: "Tags", value: <TagList names={run.tags} shown={3} /> },
        ]}
      />
      <LinkTabs
        label="Parts of the run"
        tabs={TABS.map((id) => ({
          href: `${runsPath}/${run.id}${id === "overview" ? "" : `?tab=${id}`}`,
          label: id.charAt(0).toUpperCase() + id.slice(1),
          count: counts[id],
          isCurrent: tab === id,
        }))}
        end={run.startedAt ? <ExactTime at={run.startedAt} /> : undefined}
      />
      <div className="pad-x py-5">
        {tab === "overview" && <OverviewTab run={run} />}
        {tab === "steps" && <StepsTab run={run} />}
        {tab === "logs" && logs}
        {tab === "parameters" && <ParametersTab run={run} />}
        {tab === "environment" && <EnvironmentTab run={run} />}
        {tab === "artifacts" && <ArtifactsTab run={run} />}
        {tab === "metadata" && <MetadataTab run={run} />}
        {tab === "audit" && <ThingEntries noun="run" entries={entries?.rows ?? null} auditPath={`/${workspace.slug}/audit`} thingId={run.id} />}
      </div>
    </ConsolePage>
  );
});
