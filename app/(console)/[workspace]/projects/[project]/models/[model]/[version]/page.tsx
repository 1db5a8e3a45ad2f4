import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { ThingEntries } from "@/components/audit/thing-entries";
import { Documentation } from "@/components/model/documentation";
import { EditDocumentation } from "@/components/model/edit-documentation";
import { StageBadge } from "@/components/model/stage-badge";
import { StageLanes } from "@/components/model/stage-lanes";
import { VersionLink } from "@/components/model/version-link";
import { ArtifactTable, MetricsTab, NumbersTable, RunTable } from "@/components/model/version-tabs";
import { artifactVersionPath, listPath, modelPath, modelVersionPath, projectPath, runPath } from "@/components/project/paths";
import { versionWord } from "@/components/artifact/words";
import { ConsolePage } from "@/components/shell/console-page";
import { shellWord } from "@/components/stack/stack-cli";
import { EditTags } from "@/components/tag/edit-tags";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { TypedDelete } from "@/components/ui/danger-zone";
import { EvidenceChip, NotRecorded, NotYours } from "@/components/ui/evidence";
import { FactsStrip } from "@/components/ui/facts";
import { PageHead, Section } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { LinkTabs } from "@/components/ui/tabs";
import { Duration, Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import { can } from "@/lib/authz/can";
import { decodeSegment } from "@/lib/kernel/decode-segment";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getModelVersionPage } from "@/lib/models/get-version-page";
import type { VersionArtifact } from "@/lib/models/schema";
import { attempt } from "../../../../../../attempt";
import { refusalOf } from "../../../../../../refusal";
import { removeModelVersion } from "../../actions";
import { FailurePage } from "../../../../../../failure-page";
import { entriesOf } from "../../../../../read-thing";

export const metadata: Metadata = { title: "Model version" };

const TABS = ["overview", "metrics", "artifacts", "runs", "stages", "documentation", "audit"] as const;
const DATA_SHOWN = 2;
const METRICS_SHOWN = 8;

export default page("model:read", async ({ context, place, params, searchParams }) => {
  const { workspace, project } = place;
  const [modelName, versionName] = [decodeSegment(params.model ?? ""), decodeSegment(params.version ?? "")];
  if (!workspace || !project || !modelName || !versionName) notFound();
  const { actor } = context;
  const base = projectPath(workspace.slug, project.name);
  const tab = TABS.find((known) => known === searchParams.tab) ?? "overview";
  const mayReadAudit = can(actor, "audit-entry:read", { workspaceId: workspace.id, ownerId: actor.id }).allowed;
  const { data, failure } = await attempt(context, async () => {
    const version = await ask(getModelVersionPage, context, { projectId: project.id, model: modelName, version: versionName });
    const entries = tab === "audit" && mayReadAudit ? await entriesOf(context, version.id) : null;
    return { version, entries };
  });
  const crumbs = [
    { label: workspace.slug, href: `/${workspace.slug}` },
    { label: "Models", href: listPath(base, "models") },
    { label: modelName, href: modelPath(base, modelName) },
    { label: versionWord(versionName) },
  ];
  if (failure) return <FailurePage crumbs={crumbs} failure={failure} />;
  const { version, entries } = data;
  const { model, producer } = version;
  const noProducer = version.isProducerHidden ? <NotYours what="a run" /> : <NotRecorded />;
  const path = modelVersionPath(base, model.name, version.version);
  const wholeName = `${model.name} ${version.version}`;
  const target = {
    workspaceId: workspace.id,
    projectId: project.id,
    ownerId: version.ownerId,
    partOf: model.id,
    thing: { type: "model_version", id: version.id, name: wholeName },
  };
  const mayNot = {
    update: refusalOf(actor, "model:update", target, "Tagging this version is not in your role"),
    document: refusalOf(actor, "model:update", { ...target, ownerId: model.ownerId }, "Changing this model is not in your role"),
    delete: refusalOf(actor, "model:delete", target, "Deleting this version is not in your role"),
  };
  const counts = {
    overview: undefined,
    metrics: version.metrics.length,
    artifacts: version.artifacts.length,
    runs: version.runs.length,
    stages: version.stages.length,
    documentation: undefined,
    audit: entries?.total.count,
  };
  return (
    <ConsolePage crumbs={crumbs}>
      <PageHead
        title={
          <>
            {model.name} <span className="font-normal text-ink-3">{versionWord(version.version)}</span>
          </>
        }
        beside={<StageBadge stage={version.stage} />}
        below={version.description || undefined}
        actions={
          <>
            <span className="flex items-center gap-3 text-ink-3">
              {version.previous && (
                <span>
                  before <VersionLink base={base} model={model.name} version={version.previous} />
                </span>
              )}
              {version.next && (
                <span>
                  after <VersionLink base={base} model={model.name} version={version.next} />
                </span>
              )}
            </span>
            <CopyAsCli
              command={`zenml model version list -n ${shellWord(model.name)}`}
              python={`from zenml.client import Client\n\nversion = Client().get_model_version(${JSON.stringify(model.name)}, ${JSON.stringify(version.version)})`}
            />
            {mayNot.delete ? (
              <RefusedControl label="Delete this version" refusal={mayNot.delete} />
            ) : (
              <TypedDelete
                noun="version"
                name={wholeName}
                action={removeModelVersion}
                fields={{ workspace: workspace.slug, id: version.id }}
                doneHref={modelPath(base, model.name)}
                preview={
                  <>
                    <p>
                      <b>Ends:</b> the version with its stage, metadata, tags and links{version.stage ? `. It is in ${version.stage}.` : "."}
                    </p>
                    <p>
                      <b>Stay:</b> {counted(version.artifacts.length, "artifact version")} and {counted(version.runs.length, "run")}, which then name no
                      version; and every entry of the audit trail.
                    </p>
                  </>
                }
              />
            )}
          </>
        }
      />
      <FactsStrip
        facts={[
          {
            label: "Produced by",
            value: producer ? (
              <>
                <Link href={runPath(base, producer.id)} className="link">
                  {producer.pipeline ?? producer.name} № {producer.number}
                </Link>
                <span className="text-ink-3">
                  {producer.startedAt && <Time at={producer.startedAt} />}{" "}
                  <Duration start={producer.startedAt} end={producer.endedAt} seconds={producer.durationS} />
                </span>
              </>
            ) : (
              noProducer
            ),
          },
          {
            label: "Started by",
            value: producer ? <WhoChip person={producer.startedBy} origin={producer.origin} onBehalfOf={producer.onBehalfOf} /> : noProducer,
          },
          {
            label: "Code",
            value: <EvidenceChip digest={producer?.codeDigest ?? null} seal="claimed" algorithm="As the client computed it" what={`Code of ${wholeName}`} />,
          },
          { label: "Data", value: <Data base={base} data={version.data} path={path} /> },
          { label: "Made", value: <Time at={version.createdAt} /> },
          { label: "Owner", value: <WhoChip person={version.by} /> },
          {
            label: "Tags",
            value: (
              <EditTags
                workspace={workspace.slug}
                kind="model_version"
                id={version.id}
                names={version.tags}
                refusal={mayNot.update}
                list={listPath(base, "model-versions")}
              />
            ),
          },
        ]}
      />
      <LinkTabs
        label="Parts of the version"
        tabs={TABS.map((one) => ({
          href: `${path}${one === "overview" ? "" : `?tab=${one}`}`,
          label: one.charAt(0).toUpperCase() + one.slice(1),
          count: counts[one],
          isCurrent: tab === one,
        }))}
      />
      <div className="pad-x py-5">
        {tab === "overview" && (
          <>
            <Section title="Metrics" count={version.metrics.length > METRICS_SHOWN ? `${METRICS_SHOWN} of ${version.metrics.length}` : undefined}>
              <NumbersTable base={base} model={model.name} version={version.version} metrics={version.metrics.slice(0, METRICS_SHOWN)} />
            </Section>
            <Section title="Data that its run read" count={version.data.length > 0 ? countWords(version.data.length) : undefined}>
              <ArtifactTable base={base} label="Data" artifacts={version.data} empty="Its run read no artifact of another run, as far as you may see." />
            </Section>
            <Section title="Artifacts" count={version.artifacts.length > 0 ? countWords(version.artifacts.length) : undefined}>
              <ArtifactTable base={base} label="Artifacts" artifacts={version.artifacts} empty="No artifact was linked to this version." />
            </Section>
          </>
        )}
        {tab === "metrics" && <MetricsTab base={base} page={version} />}
        {tab === "artifacts" && (
          <ArtifactTable base={base} label="Artifacts" artifacts={version.artifacts} empty="No artifact that you may see was linked to this version." />
        )}
        {tab === "runs" && <RunTable base={base} runs={version.runs} />}
        {tab === "stages" && <StageLanes base={base} model={model.name} intervals={version.stages} auditPath={`/${workspace.slug}/audit`} />}
        {tab === "documentation" && (
          <Documentation
            documentation={model.documentation}
            edit={
              mayNot.document ? (
                <RefusedControl label="Edit documentation" refusal={mayNot.document} />
              ) : (
                <EditDocumentation workspace={workspace.slug} model={model} />
              )
            }
          />
        )}
        {tab === "audit" && <ThingEntries noun="version" entries={entries?.rows ?? null} auditPath={`/${workspace.slug}/audit`} thingId={version.id} />}
      </div>
    </ConsolePage>
  );
});

function Data({ base, data, path }: { base: string; data: VersionArtifact[]; path: string }) {
  if (data.length === 0) return <NotRecorded />;
  return (
    <>
      {data.slice(0, DATA_SHOWN).map((one) => (
        <Link key={one.id} href={artifactVersionPath(base, one.artifact, one.version)} className="link">
          {one.artifact} {versionWord(one.version)}
        </Link>
      ))}
      {data.length > DATA_SHOWN && (
        <Link href={path} className="link text-ink-3">
          and {countWords(data.length - DATA_SHOWN)} more
        </Link>
      )}
    </>
  );
}
