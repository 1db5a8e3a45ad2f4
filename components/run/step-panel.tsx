import type { ReactNode } from "react";
import { Status } from "@/components/ui/status";
import { LinkTabs } from "@/components/ui/tabs";
import type { StepPage } from "@/lib/runs/step-schema";
import { PanelHead } from "./panel-head";
import { STEP_PANES, type StepPane } from "./run-view";
import type { StepLinks } from "./step-links";
import { StepOverview } from "./step-overview";
import { StepCode, StepConfig, StepEnvironment, StepMetadata } from "./step-panes";

type Props = {
  step: StepPage;
  pane: StepPane;
  paneHref: (pane: StepPane) => string;
  links: StepLinks;
  neighbours: { previous: string | null; next: string | null };
  pageHref: string | null;
  closeHref: string;
  /** Its log, when that part is open; null where there is none to show. */
  logs: ReactNode;
};

const LABELS: Record<StepPane, string> = {
  overview: "Overview",
  logs: "Logs",
  code: "Code",
  config: "Config",
  environment: "Environment",
  metadata: "Metadata",
};

/** One step beside its run. */
export function StepPanel({ step, pane, paneHref, links, neighbours, pageHref, closeHref, logs }: Props) {
  return (
    <>
      <PanelHead
        icon="square-function"
        title={step.name}
        beside={
          <>
            <Status state={step.status} iconOnly />
            {step.version > 1 && <span className="shrink-0 text-meta text-ink-3">try {step.version}</span>}
          </>
        }
        {...neighbours}
        page={pageHref}
        close={closeHref}
      />
      <LinkTabs
        label="Parts of the step"
        isTight
        tabs={STEP_PANES.filter((id) => id !== "logs" || logs !== null).map((id) => ({
          href: paneHref(id),
          label: LABELS[id],
          count: id === "metadata" && step.metadata.length > 0 ? step.metadata.length : undefined,
          isCurrent: id === pane,
        }))}
      />
      <div className="pad-x pt-3 pb-8">
        {pane === "overview" && <StepOverview step={step} links={links} />}
        {pane === "logs" && logs}
        {pane === "code" && <StepCode step={step} />}
        {pane === "config" && <StepConfig step={step} />}
        {pane === "environment" && <StepEnvironment step={step} />}
        {pane === "metadata" && <StepMetadata step={step} />}
      </div>
    </>
  );
}
