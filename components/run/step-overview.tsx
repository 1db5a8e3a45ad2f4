import Link from "next/link";
import { cx } from "@/components/ui/class-names";
import { EvidenceChip, NotRecorded } from "@/components/ui/evidence";
import { Icon } from "@/components/ui/icon";
import { Status } from "@/components/ui/status";
import { Duration, Time } from "@/components/ui/time";
import { counted, durationWords } from "@/components/ui/time-words";
import type { StepPage, StepPageArtifact } from "@/lib/runs/step-schema";
import { ArtifactRow, PanelRow, PanelSection, ValueRow } from "./panel-parts";
import { Traceback } from "./run-error";
import type { StepLinks } from "./step-links";

/** What a step did: its error first, then its time, what went in and came out, and what it was made with. */
export function StepOverview({ step, links }: { step: StepPage; links: StepLinks }) {
  return (
    <>
      {step.exception && (
        <section aria-label="Error" className="mb-4 border-l-2 border-fail pl-3">
          <h3 className="flex items-start gap-2 font-medium break-words text-ink">
            <Icon name="octagon-x" size={15} className="mt-0.5 text-fail" />
            <span className="min-w-0">
              {step.exception.type?.replace(/^builtins\./, "") ?? "Failed"}
              {step.exception.message && `: ${step.exception.message}`}
            </span>
          </h3>
          <Traceback text={step.exception.traceback} />
          {step.sourceCode && step.exception.userCodeLine !== null && (
            <Link className="link mt-1 inline-block" href={links.pane("code")} scroll={false}>
              Line {step.exception.userCodeLine} of its code
            </Link>
          )}
        </section>
      )}
      <TimeSplit step={step} />
      {step.docstring && <p className="mt-3 whitespace-pre-line">{step.docstring.trim()}</p>}
      <div className="mt-4">
        {step.tries.length > 1 && (
          <PanelSection title="Tries">
            {step.tries.map((one) => (
              <PanelRow key={one.id} end={<Duration start={one.startedAt} end={one.endedAt} seconds={null} />}>
                <Status state={one.status} iconOnly />
                {one.id === step.id ? (
                  <span aria-current="true" className="font-medium">
                    Try {one.version}
                  </span>
                ) : (
                  <Link className="link" href={links.step(step.name, one.version)} scroll={false}>
                    Try {one.version}
                  </Link>
                )}
                {one.startedAt && (
                  <span className="text-meta text-ink-3">
                    <Time at={one.startedAt} />
                  </span>
                )}
              </PanelRow>
            ))}
          </PanelSection>
        )}
        <PanelSection title="Inputs">
          {step.inputs.map((input) => (
            <ArtifactRow key={`${input.name} ${input.artifactVersionId}`} artifact={input} href={links.artifact(input)} note={inputNote(input)} />
          ))}
          {step.parameters.map((parameter) => (
            <ValueRow
              key={parameter.name}
              name={parameter.name}
              value={parameter.value}
              note={parameter.origin === "set" && parameter.default !== null && <span className="text-meta text-warn">default {parameter.default}</span>}
            />
          ))}
          {step.inputs.length + step.parameters.length === 0 && <Nothing>It takes nothing in.</Nothing>}
        </PanelSection>
        <PanelSection title="Outputs">
          {step.outputs.map((output) => (
            <ArtifactRow
              key={`${output.name} ${output.artifactVersionId}`}
              artifact={output}
              href={links.artifact(output)}
              note={output.name === output.artifact ? output.dataType : `as ${output.name}, ${output.dataType}`}
            />
          ))}
          {step.metadata.slice(0, 5).map((row) => (
            <ValueRow key={row.key} name={row.key} value={row.value} />
          ))}
          {step.outputs.length + step.metadata.length === 0 && <Nothing>It has given nothing out.</Nothing>}
        </PanelSection>
        <MadeWith step={step} links={links} />
      </div>
    </>
  );
}

const Nothing = ({ children }: { children: string }) => <p className="py-1 text-ink-3">{children}</p>;

function inputNote(input: StepPageArtifact): string | null {
  const parts = [
    input.name !== input.artifact && `as ${input.name}`,
    input.producer?.step ? `from ${input.producer.step}` : input.kind === "external" && "from elsewhere",
  ];
  return parts.filter(Boolean).join(", ") || null;
}

const seconds = (from: string, to: string) => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);

/** How the step's time was spent: waiting for its turn, then running. */
function TimeSplit({ step }: { step: StepPage }) {
  if (step.cache.isHit)
    return (
      <p className="text-ink">
        <b>Not run</b>: its result was taken from an earlier run.
      </p>
    );
  if (!step.startedAt) return <p className="text-ink-3">It has not started.</p>;
  const queued = step.readyAt && step.readyAt < step.startedAt ? seconds(step.readyAt, step.startedAt) : null;
  const ran = step.endedAt ? seconds(step.startedAt, step.endedAt) : null;
  const total = step.retries + 1;
  const words = [
    queued !== null && `queued ${durationWords(queued)}`,
    total > 1 ? `try ${step.version} of ${total}` : step.version > 1 && `try ${step.version}`,
  ];
  return (
    <>
      <p className="flex flex-wrap justify-between gap-x-3">
        <span className="text-ink">
          <b>
            <Duration start={step.startedAt} end={step.endedAt} seconds={null} />
          </b>{" "}
          {step.endedAt ? "running" : "so far"}
        </span>
        <span className="text-ink-3">{words.filter(Boolean).join(", ")}</span>
      </p>
      <div aria-hidden="true" className="mt-1.5 flex h-1.5 gap-px">
        {queued !== null && queued > 0 && <i className="block min-w-1 bg-rule-strong" style={{ flexGrow: queued, flexBasis: 0 }} />}
        <i
          className={cx("block min-w-1", step.status === "failed" ? "bg-fail" : step.endedAt ? "bg-ink-2" : "bg-run")}
          style={{ flexGrow: Math.max(1, ran ?? queued ?? 1), flexBasis: 0 }}
        />
      </div>
    </>
  );
}

function MadeWith({ step, links }: { step: StepPage; links: StepLinks }) {
  const { packages, pythonVersion } = step.environment;
  return (
    <PanelSection title="Made with">
      <PanelRow end={<EvidenceChip digest={step.codeHash} seal="claimed" algorithm="As the client computed it" what={`Code of ${step.name}`} />}>
        <span className="shrink-0 text-ink-2">Source</span>
        {step.source ? (
          <Link href={links.pane("code")} scroll={false} className="link min-w-0 truncate" title={step.source}>
            <code>{step.source}</code>
          </Link>
        ) : (
          <NotRecorded isPlain />
        )}
      </PanelRow>
      <PanelRow end={packages ? undefined : <NotRecorded />}>
        {packages ? (
          <Link href={links.pane("environment")} scroll={false} className="link">
            {counted(packages.length, "package")}
          </Link>
        ) : (
          <span className="text-ink-2">Packages</span>
        )}
        {pythonVersion && <span className="text-ink-2">Python {pythonVersion}</span>}
      </PanelRow>
      <PanelRow end={<NotRecorded />}>
        <span className="text-ink-2">Image</span>
      </PanelRow>
      <PanelRow
        end={
          step.cache.key ? (
            <code className="text-ink-3" title={step.cache.key}>{`${step.cache.key.slice(0, 4)}…${step.cache.key.slice(-4)}`}</code>
          ) : (
            <NotRecorded />
          )
        }
      >
        <span className="text-ink-2">Cache</span>
        {step.cache.from ? (
          <>
            from{" "}
            <Link className="link" href={links.run(step.cache.from.runId)}>
              № {step.cache.from.runNumber}
            </Link>
          </>
        ) : step.cache.isHit ? (
          "from an earlier run"
        ) : step.cache.isEnabled === false ? (
          "off"
        ) : (
          "not used"
        )}
      </PanelRow>
    </PanelSection>
  );
}
