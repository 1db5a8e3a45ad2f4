import Link from "next/link";
import { artifactVersionPath, filterOf, listPath, modelVersionPath, pipelinePath, runPath } from "@/components/project/paths";
import { artifactIcon, versionWord } from "@/components/artifact/words";
import { NONE } from "@/components/table/usual-columns";
import { CliBox } from "@/components/ui/cli-box";
import { EvidenceChip } from "@/components/ui/evidence";
import { Icon } from "@/components/ui/icon";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { EmptyState } from "@/components/ui/states";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import type { MetricHistory, ModelVersionPage, VersionArtifact, VersionRun } from "@/lib/models/schema";
import { MetricStrokes } from "./metric-strokes";
import { numberWords } from "./number-words";

/** The version's numbers, each beside the version before and as strokes over the versions around it; then what is no number. */
export function MetricsTab({ base, page }: { base: string; page: ModelVersionPage }) {
  if (page.metrics.length === 0 && page.texts.length === 0)
    return (
      <EmptyState title="No metadata was logged on this version.">
        <p>A step that works on the model logs it with one call:</p>
        <CliBox command={'log_metadata({"auc": 0.97}, infer_model=True)'} label="Copy call" />
      </EmptyState>
    );
  return (
    <>
      <NumbersTable base={base} model={page.model.name} version={page.version} metrics={page.metrics} />
      {page.texts.length > 0 && (
        <Section title="Other metadata" count={countWords(page.texts.length)}>
          <PlainTable
            label="Other metadata"
            columns={[{ label: "Key" }, { label: "Value", className: "max-w-[640px] break-words" }, { label: "Type" }, { label: "Logged" }]}
            rows={page.texts.map((row) => ({
              key: row.key,
              cells: [
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
        </Section>
      )}
    </>
  );
}

/** One row for each number. */
export function NumbersTable({ base, model, version, metrics }: { base: string; model: string; version: string; metrics: MetricHistory[] }) {
  if (metrics.length === 0) return <p className="text-ink-3">No number was logged on this version.</p>;
  return (
    <PlainTable
      label="Metrics"
      columns={[
        { label: "Metric" },
        { label: "Value", align: "right" },
        { label: "Against the version before", align: "right" },
        { label: "Over the versions" },
      ]}
      rows={metrics.map((metric) => ({
        key: metric.key,
        cells: [
          <Link
            key="key"
            href={listPath(
              base,
              "model-versions",
              filterOf("model", "is", model),
              filterOf(`meta.${metric.key.replaceAll("%", "%25").replaceAll("~", "%7E")}`, "recorded"),
            )}
            className="link font-mono text-mono text-ink"
            title="All versions of this model that have it"
          >
            {metric.key}
          </Link>,
          <span key="value" className="tabular text-ink" title={String(metric.value)}>
            {numberWords(metric.value)}
          </span>,
          metric.before ? <Difference key="before" base={base} model={model} metric={metric} before={metric.before} /> : NONE,
          <MetricStrokes key="strokes" metric={metric} version={version} />,
        ],
      }))}
    />
  );
}

/** How much more or less than before. Which way is better is not known, so it has no colour. */
function Difference({ base, model, metric, before }: { base: string; model: string; metric: MetricHistory; before: NonNullable<MetricHistory["before"]> }) {
  const by = metric.value - before.value;
  return (
    <span className="inline-flex items-center justify-end gap-2 tabular">
      <span className="text-ink">{by === 0 ? "equal" : `${by > 0 ? "+" : "−"}${numberWords(Math.abs(by))}`}</span>
      <span className="text-ink-3">
        {numberWords(before.value)} in{" "}
        <Link href={modelVersionPath(base, model, before.version)} className="link">
          {versionWord(before.version)}
        </Link>
      </span>
    </span>
  );
}

/** Artifact versions, each leading to its page. */
export function ArtifactTable({ base, label, artifacts, empty }: { base: string; label: string; artifacts: VersionArtifact[]; empty: string }) {
  if (artifacts.length === 0) return <p className="text-ink-3">{empty}</p>;
  return (
    <PlainTable
      label={label}
      columns={[{ label: "Artifact" }, { label: "Version" }, { label: "Type" }, { label: "Content" }, { label: "Made" }]}
      rows={artifacts.map((one) => ({
        key: one.id,
        cells: [
          <Link
            key="name"
            href={artifactVersionPath(base, one.artifact, one.version)}
            className="inline-flex items-center gap-2 align-middle font-medium text-ink hover:underline"
          >
            <Icon name={artifactIcon(one.type)} size={15} className="text-ink-3" />
            {one.artifact}
          </Link>,
          versionWord(one.version),
          <code key="type">{one.type}</code>,
          <EvidenceChip
            key="content"
            digest={one.contentHash}
            seal="claimed"
            algorithm="As the client computed it"
            what={`${one.artifact} ${versionWord(one.version)}`}
          />,
          <Time key="made" at={one.createdAt} />,
        ],
      }))}
    />
  );
}

const RUNS_SHOWN = 100;

/** The runs that worked on a version. */
export function RunTable({ base, runs }: { base: string; runs: VersionRun[] }) {
  if (runs.length === 0) return <EmptyState title="No run that you may see worked on this version." />;
  return (
    <>
      <PlainTable
        label="Runs"
        columns={[{ label: "№", align: "right" }, { label: "Status" }, { label: "Run" }, { label: "Pipeline" }, { label: "Started by" }, { label: "Started" }]}
        rows={runs.map((run) => ({
          key: run.id,
          cells: [
            String(run.number),
            <Status key="status" state={run.status} />,
            <Link key="run" className="link text-ink" href={runPath(base, run.id)}>
              {run.name}
            </Link>,
            run.pipeline ? (
              <Link key="pipeline" className="link" href={pipelinePath(base, run.pipeline)}>
                {run.pipeline}
              </Link>
            ) : (
              NONE
            ),
            <WhoChip key="by" person={run.by} origin={run.origin} />,
            run.startedAt ? <Time key="at" at={run.startedAt} /> : "not started",
          ],
        }))}
      />
      {runs.length === RUNS_SHOWN && <p className="mt-2 text-meta text-ink-3">The latest {RUNS_SHOWN} that you may see.</p>}
    </>
  );
}
