import type { ReactNode } from "react";
import { preload } from "react-dom";
import { ThingEntries } from "@/components/audit/thing-entries";
import { RunGraph } from "@/components/graph/run-graph";
import { CredentialsTab } from "@/components/run/credentials-tab";
import { MetadataTab } from "@/components/run/metadata-tab";
import { type RunTab, runViewHref } from "@/components/run/run-view";
import { RunTimeline } from "@/components/run/tab-code";
import { SnapshotTab } from "@/components/run/snapshot-tab";
import { StepOutline } from "@/components/run/step-outline";
import { listEntries } from "@/lib/audit/list-entries";
import { can } from "@/lib/authz/can";
import { connectorIssuesOfRun } from "@/lib/connectors/list-connector-issues";
import { ask } from "@/lib/kernel/query";
import { getRunMetadata } from "@/lib/runs/get-run-metadata";
import { getRunOutline } from "@/lib/runs/get-run-outline";
import { getRunSnapshot } from "@/lib/runs/get-run-snapshot";
import type { RunHead } from "@/lib/runs/head-schema";
import { STEP_STATES } from "@/lib/runs/outline-schema";
import { getRunCredentials } from "@/lib/secrets/get-run-credentials";
import { RunLogs } from "./run-logs";
import type { RunPlace } from "./run-place";

const ENTRIES = 200;

/** Reads and draws the open tab; nothing of the others. */
export async function loadTab(place: RunPlace, tab: RunTab, head: Promise<RunHead>): Promise<ReactNode> {
  const { context, projectId, runId, path, base, home, view } = place;
  switch (tab) {
    case "graph":
      return (
        <RunGraph
          source={await graphSource(place, head)}
          runId={runId}
          selected={{ step: view.step?.name, artifact: view.artifact ?? undefined }}
          project={home}
        />
      );
    case "timeline":
      return <RunTimeline source={await graphSource(place, head)} runId={runId} selected={view.step?.name} project={home} />;
    case "snapshot": {
      const snapshot = await ask(getRunSnapshot, context, { projectId, runId });
      return <SnapshotTab snapshot={snapshot} base={base} stepHref={(name) => runViewHref(path, { ...view, step: { name, version: null }, pane: "config" })} />;
    }
    case "metadata":
      return <MetadataTab metadata={await ask(getRunMetadata, context, { projectId, runId, text: view.find })} path={path} view={view} />;
    case "credentials": {
      const [credentials, issues] = await Promise.all([
        ask(getRunCredentials, context, { projectId, runId }),
        ask(connectorIssuesOfRun, context, { projectId, runId }),
      ]);
      return <CredentialsTab credentials={credentials} issues={issues} base={base} />;
    }
    case "logs":
      return RunLogs({ place });
    case "audit": {
      const mayRead = can(context.actor, "audit-entry:read", { workspaceId: context.workspace.id, ownerId: context.actor.id }).allowed;
      const entries = mayRead
        ? await ask(listEntries, context, { conditions: [{ field: "thing", op: "equals", value: runId }], limit: ENTRIES, counts: false })
        : null;
      return <ThingEntries noun="run" entries={entries?.rows ?? null} auditPath={`${base}/audit`} thingId={runId} />;
    }
    default: {
      const states = STEP_STATES.find(({ value }) => value === view.status)?.states;
      const outline = await ask(getRunOutline, context, {
        projectId,
        runId,
        states: states ? [...states] : null,
        text: view.find,
        group: view.group,
        from: view.from,
      });
      return <StepOutline outline={outline} path={path} view={{ ...view, tab: "steps" }} />;
    }
  }
}

/** Where the browser reads the run's graph as it is now, which it begins with at once; it does so once for each time that the run changed. */
async function graphSource({ context, projectName, runId }: RunPlace, head: Promise<RunHead>): Promise<string> {
  const { changedAt } = await head;
  const source = `/api/graphs/${context.workspace.slug}/${encodeURIComponent(projectName)}/${runId}?at=${encodeURIComponent(changedAt)}`;
  preload(source, { as: "fetch", crossOrigin: "anonymous" });
  return source;
}
