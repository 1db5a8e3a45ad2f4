import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { versionWord } from "@/components/artifact/words";
import { ThingEntries } from "@/components/audit/thing-entries";
import { artifactVersionPath, filterOf, listPath, modelVersionPath, pipelinePath, projectPath, runPath, stepPath } from "@/components/project/paths";
import { StepOverview } from "@/components/run/step-overview";
import { StepCode, StepConfig, StepEnvironment, StepMetadata } from "@/components/run/step-panes";
import { ConsolePage } from "@/components/shell/console-page";
import { Live } from "@/components/table/live";
import { ButtonLink } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { EvidenceChip } from "@/components/ui/evidence";
import { FactsStrip } from "@/components/ui/facts";
import { Icon } from "@/components/ui/icon";
import { PageHead } from "@/components/ui/page-head";
import { StatusBadge } from "@/components/ui/status";
import { LinkTabs } from "@/components/ui/tabs";
import { Duration, Time } from "@/components/ui/time";
import { WhoChip } from "@/components/ui/who";
import { can } from "@/lib/authz/can";
import { isUuid } from "@/lib/kernel/id";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getStepPage } from "@/lib/runs/get-step-page";
import { attempt } from "../../../../../attempt";
import { RunLogs } from "../../runs/[run]/run-logs";
import { FailurePage } from "../../../../../failure-page";
import { entriesOf } from "../../../../read-thing";

export const metadata: Metadata = { title: "Step" };

const TABS = ["overview", "logs", "code", "config", "environment", "metadata", "audit"] as const;
type Tab = (typeof TABS)[number];
const LABELS: Record<Tab, string> = {
  overview: "Overview",
  logs: "Logs",
  code: "Code",
  config: "Config",
  environment: "Environment",
  metadata: "Metadata",
  audit: "Audit",
};
const NONE = <span className="text-ink-3">–</span>;

export default page("run:read", async ({ context, place, params, searchParams }) => {
  const { workspace, project } = place;
  const stepRunId = params.step?.toLowerCase();
  if (!workspace || !project || !isUuid(stepRunId)) notFound();
  const readAt = new Date().toISOString();
  const base = projectPath(workspace.slug, project.name);
  const tab = TABS.find((known) => known === searchParams.tab) ?? "overview";
  const readsTrail = tab === "audit" && can(context.actor, "audit-entry:read", { workspaceId: workspace.id, ownerId: context.actor.id }).allowed;
  const { data, failure } = await attempt(context, () => {
    const asked = ask(getStepPage, context, { projectId: project.id, stepRunId });
    const here = { context: { ...context, workspace }, projectId: project.id, projectName: project.name, searchParams };
    return Promise.all([
      asked,
      readsTrail ? entriesOf(context, stepRunId) : null,
      tab === "logs" ? asked.then(({ run }) => RunLogs({ place: { ...here, runId: run.id }, stepRunId })) : null,
    ]);
  });
  const crumbs = [
    { label: workspace.slug, href: `/${workspace.slug}` },
    { label: "Runs", href: listPath(base, "runs") },
  ];
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Step" }]} failure={failure} />;

  const [step, entries, logs] = data;
  const { run } = step;
  const path = stepPath(base, step.id);
  const tryOf = (name: string, version: number | null) => {
    const upstream = step.upstream.find((one) => one.name === name);
    const own = name === step.name ? step.tries.find((one) => one.version === version) : undefined;
    return own || upstream
      ? stepPath(base, (own ?? upstream)?.id ?? "")
      : runPath(base, run.id, { tab: "steps", step: version && version > 1 ? `${name}~${version}` : name });
  };
  const paneHref = (pane: Tab) => (pane === "overview" ? path : `${path}?tab=${pane}`);
  const links = {
    step: tryOf,
    artifact: (artifact: { artifact: string; version: string }) => artifactVersionPath(base, artifact.artifact, artifact.version),
    run: (id: string) => runPath(base, id),
    pane: paneHref,
  };
  const inRun = { step: step.version > 1 ? `${step.name}~${step.version}` : step.name };
  return (
    <ConsolePage crumbs={[...crumbs, { label: `№ ${run.number}`, href: runPath(base, run.id) }, { label: step.name }]}>
      <PageHead
        title={
          <span className="inline-flex min-w-0 items-center gap-2">
            <Icon name="square-function" size={20} className="text-ink-3" />
            <span className="min-w-0 break-words">{step.name}</span>
          </span>
        }
        beside={
          <>
            <StatusBadge state={step.status} />
            {step.tries.length > 1 && (
              <span className="text-ink-3">
                try {step.version} of {step.tries.length}
              </span>
            )}
          </>
        }
        actions={
          <>
            {!step.endedAt && <Live workspace={workspace.slug} project={project.name} runId={run.id} since={readAt} />}
            <CopyAsCli command={`python -c "from zenml.client import Client; print(Client().get_run_step('${step.id}'))"`} />
            <ButtonLink href={runPath(base, run.id, inRun)}>In its run</ButtonLink>
          </>
        }
      />
      <FactsStrip
        facts={[
          { label: "Code", value: <EvidenceChip digest={step.codeHash} seal="claimed" algorithm="As the client computed it" what={`Code of ${step.name}`} /> },
          {
            label: "Run",
            value: (
              <Link className="link" href={runPath(base, run.id)} title={run.name}>
                № {run.number}
              </Link>
            ),
          },
          {
            label: "Pipeline",
            value: run.pipeline ? (
              <Link className="link" href={pipelinePath(base, run.pipeline)}>
                {run.pipeline}
              </Link>
            ) : (
              NONE
            ),
          },
          { label: "Started by", value: <WhoChip person={step.startedBy} origin={step.origin} onBehalfOf={step.onBehalfOf} /> },
          {
            label: "Model",
            value: step.model ? (
              <Link className="link" href={modelVersionPath(base, step.model.name, step.model.version)}>
                {step.model.name} {versionWord(step.model.version)}
              </Link>
            ) : (
              NONE
            ),
          },
          { label: "Started", value: step.startedAt ? <Time at={step.startedAt} /> : <span className="text-ink-3">not started</span> },
          {
            label: "Duration",
            value: step.cache.isHit ? <span className="text-ink-3">not run again</span> : <Duration start={step.startedAt} end={step.endedAt} seconds={null} />,
          },
        ]}
      />
      <LinkTabs
        label="Parts of the step"
        tabs={TABS.map((id) => ({
          href: paneHref(id),
          label: LABELS[id],
          count: id === "metadata" ? step.metadata.length : id === "audit" ? entries?.total.count : undefined,
          isCurrent: tab === id,
        }))}
        end={
          <Link className="link" href={listPath(base, "steps", filterOf("name", "is", step.name))}>
            All runs of this step
          </Link>
        }
      />
      <div className={cx("pad-x py-5", tab !== "logs" && "max-w-[960px]")}>
        {tab === "overview" && <StepOverview step={step} links={links} />}
        {tab === "logs" && logs}
        {tab === "code" && <StepCode step={step} />}
        {tab === "config" && <StepConfig step={step} />}
        {tab === "environment" && <StepEnvironment step={step} />}
        {tab === "metadata" && <StepMetadata step={step} />}
        {tab === "audit" && <ThingEntries noun="step" entries={entries?.rows ?? null} auditPath={`/${workspace.slug}/audit`} thingId={step.id} />}
      </div>
    </ConsolePage>
  );
});
