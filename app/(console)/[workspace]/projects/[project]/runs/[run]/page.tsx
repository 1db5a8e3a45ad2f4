import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { listPath, projectPath, runPath } from "@/components/project/paths";
import { RunActions } from "@/components/run/run-actions";
import { RunAttentionNotice } from "@/components/run/run-attention";
import { RunChain } from "@/components/run/run-chain";
import { RunError } from "@/components/run/run-error";
import { RunFacts } from "@/components/run/run-facts";
import { RunKeys } from "@/components/run/run-keys";
import { NarrowWindow } from "@/components/run/narrow-window";
import { RunName } from "@/components/run/run-name";
import { RunPanel } from "@/components/run/run-panel";
import { RUN_TABS, readRunView, type RunTab, runViewHref } from "@/components/run/run-view";
import { ConsolePage } from "@/components/shell/console-page";
import { EditTags } from "@/components/tag/edit-tags";
import { Live } from "@/components/table/live";
import { cx } from "@/components/ui/class-names";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { PageHead } from "@/components/ui/page-head";
import { StatusBadge } from "@/components/ui/status";
import { LinkTabs } from "@/components/ui/tabs";
import { ExactTime, Time } from "@/components/ui/time";
import { isUuid } from "@/lib/kernel/id";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getRunHead } from "@/lib/runs/get-run-head";
import { opensAsOutline } from "@/lib/runs/graph-schema";
import type { RunHead } from "@/lib/runs/head-schema";
import { isFinished } from "@/lib/runs/status";
import { attempt } from "../../../../../attempt";
import { refusalOf } from "../../../../../refusal";
import { answerRunQuestion } from "./answer-action";
import { loadPanel } from "./load-panel";
import { loadTab } from "./load-tab";
import type { RunPlace } from "./run-place";
import { FailurePage } from "../../../../../failure-page";

export const metadata: Metadata = { title: "Run" };

/** Not in progress for the client, and yet not at an end. */
const WAITS = new Set(["waiting", "paused"]);

const LABELS: Record<RunTab, string> = {
  graph: "Graph",
  timeline: "Timeline",
  steps: "Steps",
  logs: "Logs",
  snapshot: "Snapshot",
  metadata: "Metadata",
  credentials: "Credentials",
  audit: "Audit",
};

export default page("run:read", async ({ context, place, params, searchParams }) => {
  const { workspace, project } = place;
  const runId = params.run?.toLowerCase();
  if (!workspace || !project || !isUuid(runId)) notFound();
  const readAt = new Date().toISOString();
  const base = `/${workspace.slug}`;
  const home = projectPath(workspace.slug, project.name);
  const path = runPath(home, runId);
  const view = readRunView(searchParams);
  const here: RunPlace = { context: { ...context, workspace }, projectId: project.id, projectName: project.name, runId, base, home, path, view, searchParams };
  const isPhone = onPhone(await headers());
  const { data, failure } = await attempt(context, async () => {
    const includesFailure = view.tab === null || view.tab === "graph" || view.tab === "steps";
    const head = ask(getRunHead, context, { projectId: project.id, runId, includesFailure });
    // An address without a tab leaves the choice to the run's length: that is known with its head.
    const tab = view.tab ?? head.then(({ steps }): RunTab => (isPhone || opensAsOutline(steps.total) ? "steps" : "graph"));
    return Promise.all([head, tab, Promise.resolve(tab).then((chosen) => loadTab(here, chosen, head)), loadPanel(here)]);
  });
  const crumbs = [
    { label: workspace.slug, href: base },
    { label: "Runs", href: listPath(home, "runs") },
  ];
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Run" }]} failure={failure} />;

  const [run, tab, content, panel] = data;
  const hasError = run.status === "failed" && (tab === "graph" || tab === "steps");
  const isDrawn = tab === "graph";
  const target = {
    workspaceId: workspace.id,
    projectId: project.id,
    ownerId: run.ownerId,
    runId: run.id,
    thing: { type: "run", id: run.id, name: run.name },
  };
  const mayNot = {
    stop: refusalOf(context.actor, "run:stop", target, "Stopping this run is not in your role"),
    update: refusalOf(context.actor, "run:update", target, "Changing this run is not in your role"),
    delete: refusalOf(context.actor, "run:delete", target, "Deleting runs is not in your role"),
  };
  const auditHref = runViewHref(path, { tab: "audit" });
  return (
    <ConsolePage crumbs={[...crumbs, { label: `№ ${run.number}` }]} fills>
      <RunKeys path={path} view={view} tabs={RUN_TABS} walksFailed={tab === "graph"} failed={run.steps.failed} panel={panel?.keys ?? null} />
      <PageHead
        title={<RunName name={run.name} />}
        beside={
          <>
            <StatusBadge state={run.status} />
            <span className="text-ink-3">№ {run.number}</span>
            <EditTags workspace={workspace.slug} kind="run" id={run.id} names={run.tags} refusal={mayNot.update} list={listPath(home, "runs")} />
          </>
        }
        actions={
          <>
            {(run.inProgress || WAITS.has(run.status)) && <Live workspace={workspace.slug} project={project.name} runId={run.id} since={readAt} />}
            <CopyAsCli command={`python -c "from zenml.client import Client; print(Client().get_pipeline_run('${run.id}'))"`} />
            <RunActions
              workspace={workspace.slug}
              project={project.name}
              run={run}
              hasEnded={!run.inProgress && isFinished(run.clientStatus)}
              mayNot={mayNot}
            />
          </>
        }
      />
      {run.attention && (
        <RunAttentionNotice
          run={run}
          attention={run.attention}
          workspace={workspace.slug}
          answer={answerRunQuestion}
          refusal={refusalOf(context.actor, "run:update", target, "Answering for this run is not in your role")}
        />
      )}
      <RunFacts run={run} base={base} project={home} snapshotHref={runViewHref(path, { tab: "snapshot" })} />
      <RunChain
        run={run}
        links={{
          request: run.entries ? `${base}/audit?f=${encodeURIComponent(`request~is~${run.requestId}`)}` : null,
          stack: run.stack && `${base}/stacks/${run.stack.id}`,
          run: run.steps.failed[0]
            ? runViewHref(path, { ...view, step: { name: run.steps.failed[0], version: null }, pane: "overview" })
            : runViewHref(path, { tab: "timeline" }),
          audit: run.entries ? auditHref : null,
        }}
      />
      <LinkTabs
        label="Parts of the run"
        tabs={RUN_TABS.map((id) => ({
          href: runViewHref(path, { ...view, tab: id, find: "", status: null, group: null, from: 0 }),
          label: LABELS[id],
          count: countOf(run, id),
          isCurrent: tab === id,
        }))}
        end={
          run.startedAt ? (
            <>
              <ExactTime at={run.startedAt} /> · <Time at={run.startedAt} />
            </>
          ) : undefined
        }
      />
      <div className="flex shrink-0 grow">
        <div className="flex min-w-0 grow flex-col">
          {hasError && (
            <div className={cx("pad-x pt-4", isDrawn ? "border-b border-rule pb-4" : "pb-1")}>
              <RunError
                exception={run.failure}
                statusReason={run.statusReason}
                isShort={isDrawn}
                stepHref={(name) => runViewHref(path, { ...view, step: { name, version: null }, pane: "overview" })}
              />
            </div>
          )}
          {isDrawn ? (
            <div className="relative min-h-[480px] grow max-md:min-h-[70dvh]">
              {view.tab === null && <NarrowWindow href={runViewHref(path, { ...view, tab: "steps" })} />}
              {content}
            </div>
          ) : (
            <div className="pad-x py-4">{content}</div>
          )}
        </div>
        {panel && (
          <RunPanel kind={panel.kind} label={panel.label} fills={isDrawn}>
            {panel.content}
          </RunPanel>
        )}
      </div>
    </ConsolePage>
  );
});

/** Whether the browser says that it runs on a phone. */
const onPhone = (sent: Headers) => sent.get("sec-ch-ua-mobile") === "?1" || /\bMobi/.test(sent.get("user-agent") ?? "");

function countOf(run: RunHead, tab: RunTab): number | undefined {
  if (tab === "steps") return run.steps.total;
  return tab === "audit" ? run.entries?.count : undefined;
}
