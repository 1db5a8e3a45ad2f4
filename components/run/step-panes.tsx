import { CopyButton } from "@/components/ui/copy-button";
import { DownloadText } from "@/components/ui/download-text";
import { NotRecorded, Tally } from "@/components/ui/evidence";
import { FactList } from "@/components/ui/facts";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import type { StepPage } from "@/lib/runs/step-schema";
import { JsonView } from "./json-view";
import { PackageList } from "./package-list";
import { PanelSection, ValueRow } from "./panel-parts";
import { SourceCode } from "./run-error";

/** The step's function as it was sent, the line that failed marked. */
export function StepCode({ step }: { step: StepPage }) {
  if (!step.sourceCode)
    return (
      <>
        <NotRecorded what="Code" />
        <p className="mt-2 max-w-[72ch] text-ink-3">The client sends a step’s source with each try; for this one it sent none.</p>
      </>
    );
  const lines = step.sourceCode.replace(/\s+$/, "").split("\n");
  return (
    <>
      <div className="flex items-center gap-2">
        {step.source ? <code className="min-w-0 truncate text-ink">{step.source}</code> : <NotRecorded />}
        <span className="ml-auto flex shrink-0">
          <CopyButton text={step.sourceCode} label="Copy code" />
          <DownloadText text={step.sourceCode} file={`${step.name.replace(/[^\w.-]+/g, "_")}.py`} label="Download code" />
        </span>
      </div>
      <SourceCode lines={lines} marked={step.exception?.userCodeLine} />
      <p className="mt-2 text-meta text-ink-3">As it was sent when the step began; {counted(lines.length, "line")}.</p>
    </>
  );
}

/** What the step was set up with: parameters with where they come from, resources, retries, cache, and all of it as JSON. */
export function StepConfig({ step }: { step: StepPage }) {
  return (
    <>
      <PanelSection title="Parameters">
        {step.parameters.map((parameter) => (
          <ValueRow
            key={parameter.name}
            name={parameter.name}
            value={parameter.value}
            note={
              parameter.origin === "default" ? (
                <span className="text-meta text-ink-3">default</span>
              ) : parameter.default === null ? (
                <span className="text-meta text-ink-3">set, no default</span>
              ) : (
                <span className="text-meta text-warn">set, default {parameter.default}</span>
              )
            }
          />
        ))}
        {step.parameters.length === 0 && <p className="py-1 text-ink-3">It has no parameters.</p>}
      </PanelSection>
      <PanelSection title="Resources">
        {step.resources.map(({ name, value }) => (
          <ValueRow key={name} name={name} value={value} />
        ))}
        {step.resources.length === 0 && <p className="py-1 text-ink-3">It asks for none; the orchestrator’s defaults hold.</p>}
      </PanelSection>
      <PanelSection title="Retries and cache">
        <ValueRow name="retries" value={String(step.retries)} />
        <ValueRow name="cache" value={step.cache.isEnabled === null ? "as the stack says" : step.cache.isEnabled ? "on" : "off"} />
        {step.cache.expiresAt && (
          <p className="py-1 text-ink-3">
            Its result may be taken until <Time at={step.cache.expiresAt} />.
          </p>
        )}
      </PanelSection>
      <PanelSection title="Configuration as it was sent">
        {step.configuration ? <JsonView text={step.configuration} label="Configuration" /> : <NotRecorded what="Configuration" />}
      </PanelSection>
    </>
  );
}

/** Where the step ran, as far as the client said. */
export function StepEnvironment({ step }: { step: StepPage }) {
  const { environment } = step;
  return (
    <>
      <FactList
        facts={[
          { label: "Python", value: environment.pythonVersion ?? <NotRecorded /> },
          { label: "System", value: environment.operatingSystem ?? <NotRecorded /> },
          { label: "zenml", value: environment.clientVersion ?? <NotRecorded /> },
          { label: "Image", value: <NotRecorded /> },
        ]}
      />
      <div className="mt-4">
        <PanelSection title="Environment variables" aside={step.variables.length > 0 ? "equal marks mean equal values" : undefined}>
          {step.variables.map(({ name, mark }) => (
            <div key={name} className="flex min-h-[30px] items-center gap-3 border-b border-rule">
              <code className="min-w-0 flex-1 break-all text-ink">{name}</code>
              <Tally digest={mark} className="text-ink-3" />
            </div>
          ))}
          {step.variables.length === 0 && <p className="py-1 text-ink-3">It sets none.</p>}
        </PanelSection>
        <PanelSection title="Packages" aside={environment.packages ? countWords(environment.packages.length) : undefined}>
          {environment.packages ? <PackageList packages={environment.packages} isNarrow /> : <NotRecorded what="Package list" />}
        </PanelSection>
      </div>
    </>
  );
}

/** What the step logged about itself: the latest value of each key. */
export function StepMetadata({ step }: { step: StepPage }) {
  if (step.metadata.length === 0) return <p className="text-ink-3">No metadata was logged on this step.</p>;
  return step.metadata.map((row) => (
    <ValueRow key={row.key} name={row.key} value={row.value} note={<span className="text-meta text-ink-3">{row.type}</span>} />
  ));
}
