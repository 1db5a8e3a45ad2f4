import type { ReactNode } from "react";
import { artifactVersionPath, runPath, stepPath } from "@/components/project/paths";
import { DownloadButton } from "@/components/artifact/download-button";
import { Visualizations } from "@/components/run/tab-code";
import { ArtifactPanel } from "@/components/run/artifact-panel";
import { PanelSection } from "@/components/run/panel-parts";
import { PanelHead } from "@/components/run/panel-head";
import { type RunView, runViewHref } from "@/components/run/run-view";
import { StepPanel } from "@/components/run/step-panel";
import { getVersionPage } from "@/lib/artifacts/get-version-page";
import { toAppError } from "@/lib/kernel/errors";
import { isUuid } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { getStepPage } from "@/lib/runs/get-step-page";
import { getArtifactWalk, getStepWalk } from "@/lib/runs/step-walk";
import { refusalOf } from "../../../../../refusal";
import { RunLogs } from "./run-logs";
import type { RunPlace } from "./run-place";

type OpenPanel = {
  kind: "step" | "artifact";
  label: string;
  keys: { id: string; close: string; previous: string | null; next: string | null };
  content: ReactNode;
};

/** Reads and draws the step or artifact that is open beside the run; null when none is. One that is not there says so in its place. */
export async function loadPanel(place: RunPlace): Promise<OpenPanel | null> {
  const { context, projectId, runId, path, home, view } = place;
  if (view.artifact) return loadArtifact(place, view.artifact);
  if (!view.step) return null;
  const { name, version } = view.step;
  const href = (changes: Partial<RunView>) => runViewHref(path, { ...view, ...changes });
  const close = href({ step: null });
  const label = `Step ${name}`;
  const [step, walk] = await Promise.all([
    found(ask(getStepPage, context, { projectId, runId, step: name, version })),
    ask(getStepWalk, context, { projectId, runId, step: name }),
  ]);
  const to = (neighbour: string | null) => neighbour && href({ step: { name: neighbour, version: null } });
  const keys = { id: `${name}~${version}`, close, previous: to(walk.previous), next: to(walk.next) };
  if (!step)
    return {
      kind: "step",
      label,
      keys,
      content: (
        <>
          <PanelHead icon="square-function" title={name} beside={null} previous={keys.previous} next={keys.next} page={null} close={close} />
          <p className="pad-x py-3">{version === null ? "This step has not started in this run." : `This step has no try ${version} in this run.`}</p>
        </>
      ),
    };
  return {
    kind: "step",
    label,
    keys,
    content: (
      <>
        <StepPanel
          step={step}
          pane={view.pane}
          paneHref={(pane) => href({ pane })}
          links={{
            step: (other, ofTry) => href({ step: { name: other, version: ofTry }, pane: "overview" }),
            artifact: (artifact) => href({ step: null, artifact: artifact.artifactVersionId }),
            run: (id) => runPath(home, id),
            pane: (pane) => href({ pane }),
          }}
          neighbours={{ previous: keys.previous, next: keys.next }}
          pageHref={stepPath(home, step.id)}
          closeHref={close}
          logs={view.pane === "logs" ? await RunLogs({ place, stepRunId: step.id }) : false}
        />
      </>
    ),
  };
}

async function loadArtifact(place: RunPlace, versionId: string): Promise<OpenPanel> {
  const { context, projectId, projectName, runId, base, home, path, view } = place;
  const href = (changes: Partial<RunView>) => runViewHref(path, { ...view, ...changes });
  const close = href({ artifact: null });
  const [version, walk] = isUuid(versionId)
    ? await Promise.all([found(ask(getVersionPage, context, { projectId, versionId })), ask(getArtifactWalk, context, { projectId, runId, versionId })])
    : [null, { previous: null, next: null }];
  const to = (neighbour: string | null) => neighbour && href({ artifact: neighbour });
  const neighbours = { previous: to(walk.previous), next: to(walk.next) };
  return {
    kind: "artifact",
    label: version ? `Artifact ${version.artifact}` : "Artifact",
    keys: { id: versionId, close, ...neighbours },
    content: version ? (
      <ArtifactPanel
        version={version}
        runId={runId}
        base={base}
        home={home}
        stepHref={(name) => href({ artifact: null, step: { name, version: null }, pane: "overview" })}
        neighbours={neighbours}
        pageHref={artifactVersionPath(home, version.artifact, version.version)}
        closeHref={close}
        content={
          <>
            {version.visualizations.length > 0 && (
              <PanelSection title="Visualizations">
                <Visualizations workspace={context.workspace.slug} project={projectName} items={version.visualizations} />
              </PanelSection>
            )}
            <PanelSection title="Content">
              <DownloadButton
                workspace={context.workspace.slug}
                project={projectName}
                versionId={version.id}
                refusal={refusalOf(
                  context.actor,
                  "artifact:download",
                  {
                    workspaceId: context.workspace.id,
                    projectId,
                    ownerId: version.ownerId,
                    thing: { type: "artifact_version", id: version.id, name: `${version.artifact} ${version.version}` },
                  },
                  "Downloading artifacts is not in your role",
                )}
              />
            </PanelSection>
          </>
        }
      />
    ) : (
      <>
        <PanelHead icon="package" title="Artifact" beside={null} {...neighbours} page={null} close={close} />
        <p className="pad-x py-3">There is no such artifact version here.</p>
      </>
    ),
  };
}

/** What was asked for; null when there is no such thing. */
async function found<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (toAppError(error).code === "not_found") return null;
    throw error;
  }
}
