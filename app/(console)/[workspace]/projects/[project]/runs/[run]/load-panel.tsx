import type { ReactNode } from "react";
import { artifactVersionPath, runPath, stepPath } from "@/components/project/paths";
import { PanelHead } from "@/components/run/panel-head";
import { RunPanel } from "@/components/run/run-panel";
import { type RunView, runViewHref } from "@/components/run/run-view";
import { StepPanel } from "@/components/run/step-panel";
import { toAppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { getStepPage } from "@/lib/runs/get-step-page";
import { getStepWalk } from "@/lib/runs/step-walk";
import type { RunPlace } from "./run-place";

type OpenPanel = { keys: { id: string; close: string; previous: string | null; next: string | null }; content: ReactNode };

/** Reads and draws the step that is open beside the run; null when none is. A step that the run does not have says so in its place. */
export async function loadPanel(place: RunPlace): Promise<OpenPanel | null> {
  const { context, projectId, runId, path, home, view, tab } = place;
  if (!view.step) return null;
  const { name, version } = view.step;
  const href = (changes: Partial<RunView>) => runViewHref(path, { ...view, ...changes });
  const close = href({ step: null });
  const fills = tab === "graph" || tab === "timeline";
  const label = `Step ${name}`;
  const [step, walk] = await Promise.all([
    found(ask(getStepPage, context, { projectId, runId, step: name, version })),
    ask(getStepWalk, context, { projectId, runId, step: name }),
  ]);
  const to = (neighbour: string | null) => neighbour && href({ step: { name: neighbour, version: null } });
  const keys = { id: `${name}~${version}`, close, previous: to(walk.previous), next: to(walk.next) };
  if (!step)
    return {
      keys,
      content: (
        <RunPanel kind="step" label={label} fills={fills}>
          <PanelHead icon="square-function" title={name} beside={null} previous={keys.previous} next={keys.next} page={null} close={close} />
          <p className="pad-x py-3">{version === null ? "This step has not started in this run." : `This step has no try ${version} in this run.`}</p>
        </RunPanel>
      ),
    };
  return {
    keys,
    content: (
      <RunPanel kind="step" label={label} fills={fills}>
        <StepPanel
          step={step}
          pane={view.pane}
          paneHref={(pane) => href({ pane })}
          links={{
            step: (other, ofTry) => href({ step: { name: other, version: ofTry }, pane: "overview" }),
            artifact: (artifact) => artifactVersionPath(home, artifact.artifact, artifact.version),
            run: (id) => runPath(home, id),
            pane: (pane) => href({ pane }),
          }}
          neighbours={{ previous: keys.previous, next: keys.next }}
          pageHref={stepPath(home, step.id)}
          closeHref={close}
          logs={null}
        />
      </RunPanel>
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
