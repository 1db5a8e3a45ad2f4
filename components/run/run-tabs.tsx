import Link from "next/link";
import { CliBox } from "@/components/ui/cli-box";
import { EvidenceChip, NotRecorded } from "@/components/ui/evidence";
import { FactList } from "@/components/ui/facts";
import { Icon } from "@/components/ui/icon";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { EmptyState } from "@/components/ui/states";
import { Status } from "@/components/ui/status";
import { TagList } from "@/components/ui/tag";
import { Duration, Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import type { Parameter, RunPage } from "@/lib/runs/schema";
import { credentialWords } from "@/components/audit/credential-words";
import { versionWord } from "./columns";
import { PackageList } from "./package-list";
import { RunError, SourceCode } from "./run-error";
import { ArtifactChip, artifactIcon, StepOutline } from "./step-outline";

const NONE = <span className="text-ink-3">–</span>;
const stepHref = (step: string) => `?tab=steps#step-${encodeURIComponent(step)}`;

/** First the error, if there is one; then the steps in order; then what the run was started with. */
export function OverviewTab({ run }: { run: RunPage }) {
  return (
    <>
      {run.status === "failed" && <RunError exception={run.exception} statusReason={run.statusReason} stepHref={stepHref} />}
      <Section
        title="Steps and artifacts"
        count={`${countWords(run.steps.length + run.stepsToCome.length)} steps, ${countWords(run.artifacts.length)} artifacts`}
      >
        {run.steps.length + run.stepsToCome.length > 0 ? (
          <StepOutline steps={run.steps} toCome={run.stepsToCome} stepHref={stepHref} />
        ) : (
          <p className="text-ink-3">No step has started yet.</p>
        )}
      </Section>
      <Section title="Made with">
        <FactList
          facts={[
            { label: "Pipeline", value: run.pipeline ?? NONE },
            { label: "Stack", value: run.stack ?? <NotRecorded /> },
            ...run.stackComponents.map((component) => ({ label: sentenceCase(component.type), value: `${component.name} (${component.flavor})` })),
            { label: "Credential", value: credentialWords(run) },
            { label: "Orchestrator run", value: run.orchestratorRunId ? <code>{run.orchestratorRunId}</code> : <NotRecorded /> },
            { label: "Request", value: <code>{run.requestId}</code> },
          ]}
        />
      </Section>
      {run.pipelineSource && (
        <Section title="Pipeline code as it was sent">
          <SourceCode lines={run.pipelineSource.replace(/\s+$/, "").split("\n")} />
        </Section>
      )}
    </>
  );
}

const sentenceCase = (type: string) => `${type.charAt(0).toUpperCase()}${type.slice(1).replaceAll("_", " ")}`;

/** Every step in full. */
export function StepsTab({ run }: { run: RunPage }) {
  if (run.steps.length === 0) return <EmptyState title="No step has started yet." />;
  return run.steps.map((step) => (
    <section
      key={step.id}
      id={`step-${step.name}${step.version > 1 ? `-${step.version}` : ""}`}
      className="scroll-mt-16 border-t border-rule py-3 first:border-0 first:pt-0 target:border-l-2 target:border-l-ink target:pl-4"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="text-section">{step.name}</h2>
        <Status state={step.status} />
        {step.version > 1 && <span className="text-ink-3">try {step.version}</span>}
        <span className="ml-auto text-ink-3">
          {step.startedAt && (
            <>
              <Time at={step.startedAt} />
              {" · "}
            </>
          )}
          <Duration start={step.startedAt} end={step.endedAt} seconds={null} />
        </span>
      </div>
      {step.docstring && <p className="mt-0.5 max-w-[72ch]">{step.docstring}</p>}
      {step.exception && (
        <p className="mt-1 flex items-start gap-1.5 text-fail">
          <Icon name="octagon-x" size={15} className="mt-0.5" />
          <span className="min-w-0 break-words">{step.exception.message ?? step.exception.type}</span>
        </p>
      )}
      <div className="mt-2">
        <FactList
          facts={[
            { label: "Source", value: step.source ? <code>{step.source}</code> : <NotRecorded /> },
            { label: "After", value: step.upstream.length > 0 ? step.upstream.join(", ") : <span className="text-ink-3">nothing, it starts the run</span> },
            ...(step.parameters.length > 0 ? [{ label: "Parameters", value: <Parameters parameters={step.parameters} /> }] : []),
            {
              label: "Inputs",
              value:
                step.inputs.length > 0
                  ? step.inputs.map((item) => <ArtifactChip key={`${item.name} ${item.artifactVersionId}`} artifact={item} as={item.name} />)
                  : NONE,
            },
            {
              label: "Outputs",
              value:
                step.outputs.length > 0
                  ? step.outputs.map((item) => <ArtifactChip key={`${item.name} ${item.artifactVersionId}`} artifact={item} as={item.name} />)
                  : NONE,
            },
            {
              label: "Cache",
              value: step.isCached ? (
                <>
                  taken from{" "}
                  {step.originalRunId ? (
                    <Link className="link" href={step.originalRunId}>
                      an earlier run
                    </Link>
                  ) : (
                    "an earlier run"
                  )}
                  {step.cacheKey && <code className="text-ink-3">{step.cacheKey}</code>}
                </>
              ) : step.cacheKey ? (
                <code className="min-w-0 break-all">{step.cacheKey}</code>
              ) : (
                <NotRecorded />
              ),
            },
          ]}
        />
      </div>
    </section>
  ));
}

function Parameters({ parameters }: { parameters: Parameter[] }) {
  return parameters.map((parameter) => (
    <code key={parameter.name} className="min-w-0 break-all">
      <span className="text-ink-3">{parameter.name} = </span>
      {parameter.value}
    </code>
  ));
}

/** The pipeline's parameters, then each step's own. */
export function ParametersTab({ run }: { run: RunPage }) {
  const rows = [
    ...run.parameters.map((parameter) => ({ of: "pipeline", ...parameter })),
    ...run.steps.flatMap((step) => step.parameters.map((parameter) => ({ of: step.name, ...parameter }))),
  ];
  if (rows.length === 0) return <EmptyState title="This run has no parameters." />;
  return (
    <PlainTable
      label="Parameters"
      columns={[{ label: "Of" }, { label: "Parameter" }, { label: "Value", className: "max-w-[640px] break-words" }]}
      rows={rows.map((row) => ({
        key: `${row.of} ${row.name}`,
        cells: [
          row.of === "pipeline" ? "the pipeline" : row.of,
          <code key="name">{row.name}</code>,
          <code key="value" className="text-ink">
            {row.value}
          </code>,
        ],
      }))}
    />
  );
}

/** What the client said of the machine that compiled and started the run. */
export function EnvironmentTab({ run }: { run: RunPage }) {
  const { environment } = run;
  return (
    <>
      <Section title="Client">
        <p className="mb-2 max-w-[72ch] text-ink-3">As the client recorded it when the run was started. The steps’ own machines may differ.</p>
        <FactList
          facts={[
            { label: "Python", value: environment.pythonVersion ?? <NotRecorded /> },
            { label: "zenml", value: environment.clientVersion ?? <NotRecorded /> },
            { label: "System", value: environment.operatingSystem ?? <NotRecorded /> },
            { label: "Kind", value: environment.kind ?? <NotRecorded /> },
            { label: "Code", value: <EvidenceChip digest={run.codeDigest} seal="claimed" algorithm="As the client computed it" what="Code of the run" /> },
            { label: "Image", value: <NotRecorded /> },
          ]}
        />
      </Section>
      <Section title="Packages" count={environment.packages ? countWords(environment.packages.length) : undefined}>
        {environment.packages ? <PackageList packages={environment.packages} /> : <NotRecorded what="Package list" />}
      </Section>
    </>
  );
}

/** Everything that the steps gave out. */
export function ArtifactsTab({ run }: { run: RunPage }) {
  if (run.artifacts.length === 0) return <EmptyState title="This run has made no artifacts." />;
  return (
    <PlainTable
      label="Artifacts"
      columns={[
        { label: "Artifact" },
        { label: "Version" },
        { label: "Type" },
        { label: "Step" },
        { label: "Items", align: "right" },
        { label: "Content" },
        { label: "Tags" },
        { label: "Made" },
        { label: "Where", className: "max-w-72" },
      ]}
      rows={run.artifacts.map((artifact) => ({
        key: `${artifact.step} ${artifact.id}`,
        cells: [
          <span key="name" className="inline-flex items-center gap-2 align-middle font-medium whitespace-nowrap text-ink">
            <Icon name={artifactIcon(artifact.type)} size={15} className="text-ink-3" />
            {artifact.artifact}
          </span>,
          versionWord(artifact.version),
          <code key="type" className="whitespace-nowrap">
            {artifact.dataType}
          </code>,
          <span key="step" className="whitespace-nowrap">
            {artifact.step}
            {artifact.isCached && <span className="text-ink-3"> (cached)</span>}
          </span>,
          artifact.itemCount === null ? NONE : countWords(artifact.itemCount),
          <EvidenceChip
            key="content"
            digest={artifact.contentHash}
            seal="claimed"
            algorithm="As the client computed it"
            what={`${artifact.artifact} ${versionWord(artifact.version)}`}
          />,
          <TagList key="tags" names={artifact.tags} shown={2} />,
          <Time key="made" at={artifact.createdAt} />,
          <code key="where" className="block truncate text-ink-3" title={artifact.uri}>
            {artifact.uri}
          </code>,
        ],
      }))}
    />
  );
}

/** Metadata of the run, its steps, artifacts and model version: the latest value of each key. */
export function MetadataTab({ run }: { run: RunPage }) {
  if (run.metadata.length === 0)
    return (
      <EmptyState title="No metadata was logged in this run.">
        <p>A step logs it with one call:</p>
        <CliBox command={'log_metadata({"accuracy": 0.97})'} label="Copy call" />
      </EmptyState>
    );
  return (
    <PlainTable
      label="Metadata"
      columns={[{ label: "About" }, { label: "Key" }, { label: "Value", className: "max-w-[560px] break-words" }, { label: "Type" }, { label: "Logged" }]}
      rows={run.metadata.map((row) => ({
        key: `${row.about} ${row.key}`,
        cells: [
          <span key="about" className="whitespace-nowrap">
            {row.about === "run" ? "the run" : row.about}
          </span>,
          <code key="key">{row.key}</code>,
          <code key="value" className="text-ink">
            {row.value}
          </code>,
          <span key="type" className="text-ink-3">
            {row.type}
          </span>,
          <Time key="at" at={row.at} />,
        ],
      }))}
    />
  );
}
