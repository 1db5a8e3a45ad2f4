import { Badge } from "@/components/ui/badge";
import { EvidenceChip } from "@/components/ui/evidence";
import { Icon, type IconName } from "@/components/ui/icon";
import { Status } from "@/components/ui/status";
import { Duration } from "@/components/ui/time";
import type { RunStep, StepArtifact } from "@/lib/runs/schema";
import { versionWord } from "./columns";

/** The icon of an artifact's kind. */
export function artifactIcon(type: string): IconName {
  return type === "ModelArtifact" ? "box" : "package";
}

/** One artifact version: what it is called, its version, and the tally of its content. */
export function ArtifactChip({ artifact, as }: { artifact: StepArtifact; as?: string }) {
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5 whitespace-nowrap">
      <Icon name={artifactIcon(artifact.type)} size={14} className="text-ink-3" />
      <span className="truncate text-ink" title={as && as !== artifact.artifact ? `${artifact.artifact}, as ${as}` : artifact.artifact}>
        {artifact.artifact}
      </span>
      <span className="text-ink-3">{versionWord(artifact.version)}</span>
      {artifact.contentHash && (
        <EvidenceChip
          digest={artifact.contentHash}
          seal="claimed"
          algorithm="As the client computed it"
          what={`${artifact.artifact} ${versionWord(artifact.version)}`}
        />
      )}
    </span>
  );
}

/** The run as an outline: its steps in order, each with what went in and what came out. */
export function StepOutline({
  steps,
  toCome,
  stepHref,
}: {
  steps: RunStep[];
  toCome: { name: string; upstream: string[] }[];
  stepHref: (step: string) => string;
}) {
  return (
    <ol className="border-t border-rule-strong">
      {steps.map((step) => (
        <li key={step.id} className="border-b border-rule py-2">
          <div className="flex min-h-6 flex-wrap items-center gap-x-2.5 gap-y-1">
            <Status state={step.status} iconOnly />
            <a href={stepHref(step.name)} className="font-medium text-ink hover:underline hover:decoration-rule-strong hover:underline-offset-3">
              {step.name}
            </a>
            {step.version > 1 && <span className="text-meta text-ink-3">try {step.version}</span>}
            {step.isCached && (
              <Badge tone="idle" icon="copy-check">
                Cached
              </Badge>
            )}
            {step.upstream.length > 0 && <span className="text-meta text-ink-3 max-md:hidden">after {step.upstream.join(", ")}</span>}
            <span className="ml-auto">
              {step.isCached ? <span className="text-ink-3">not run again</span> : <Duration start={step.startedAt} end={step.endedAt} seconds={null} />}
            </span>
          </div>
          {(step.inputs.length > 0 || step.outputs.length > 0) && (
            <dl className="mt-1 grid grid-cols-[32px_minmax(0,1fr)] gap-x-2 gap-y-1 pl-[25px] text-meta">
              {step.inputs.length > 0 && <ArtifactLine word="in" artifacts={step.inputs} />}
              {step.outputs.length > 0 && <ArtifactLine word="out" artifacts={step.outputs} />}
            </dl>
          )}
        </li>
      ))}
      {toCome.map((step) => (
        <li key={step.name} className="flex min-h-10 items-center gap-2.5 border-b border-dashed border-rule py-2 text-ink-3">
          <Icon name="circle-dashed" size={15} />
          {step.name}
          <span className="text-meta">not started</span>
        </li>
      ))}
    </ol>
  );
}

function ArtifactLine({ word, artifacts }: { word: string; artifacts: StepArtifact[] }) {
  return (
    <>
      <dt className="leading-6 text-ink-3">{word}</dt>
      <dd className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-1">
        {artifacts.map((artifact) => (
          <ArtifactChip key={`${artifact.name} ${artifact.artifactVersionId}`} artifact={artifact} as={artifact.name} />
        ))}
      </dd>
    </>
  );
}
