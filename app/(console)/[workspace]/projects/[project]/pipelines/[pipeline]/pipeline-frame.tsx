import Link from "next/link";
import type { ReactNode } from "react";
import { shareTitle, snapshotsWord } from "@/components/pipeline/figure-words";
import { filterOf, listPath, modelPath, pipelinePath, runPath } from "@/components/project/paths";
import { ConsolePage } from "@/components/shell/console-page";
import { shellWord } from "@/components/stack/stack-cli";
import { EditTags } from "@/components/tag/edit-tags";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { TypedDelete } from "@/components/ui/danger-zone";
import { FactsStrip } from "@/components/ui/facts";
import { PageHead } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { Status } from "@/components/ui/status";
import { LinkTabs } from "@/components/ui/tabs";
import { Time } from "@/components/ui/time";
import { countWords, durationWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import type { Actor } from "@/lib/identity/actor";
import type { PipelinePage } from "@/lib/pipelines/schema";
import { refusalOf } from "../../../../../refusal";
import { removePipeline } from "../actions";

export type PipelineTab = "runs" | "snapshots" | "changes" | "access" | "audit";

type Props = {
  actor: Actor;
  workspace: { id: string; slug: string };
  project: { id: string; name: string };
  /** The project's path. */
  base: string;
  pipeline: PipelinePage;
  tab: PipelineTab;
  children: ReactNode;
};

const NONE = <span className="text-ink-3">–</span>;

/** What stands above every part of a pipeline's page: its name, facts, acts and tabs. */
export function PipelineFrame({ actor, workspace, project, base, pipeline, tab, children }: Props) {
  const path = pipelinePath(base, pipeline.name);
  const target = {
    workspaceId: workspace.id,
    projectId: project.id,
    ownerId: pipeline.ownerId,
    thing: { type: "pipeline", id: pipeline.id, name: pipeline.name },
  };
  const mayNot = {
    update: refusalOf(actor, "pipeline:update", target, "Tagging this pipeline is not in your role"),
    delete: refusalOf(actor, "pipeline:delete", target, "Deleting this pipeline is not in your role"),
  };
  const runs = countWords(pipeline.runs);
  const tabs: { id: PipelineTab; label: string; href: string }[] = [
    { id: "runs", label: "Runs", href: path },
    { id: "snapshots", label: "Snapshots", href: `${path}/snapshots` },
    { id: "changes", label: "Changes", href: `${path}?tab=changes` },
    { id: "access", label: "Access", href: `${path}?tab=access` },
    { id: "audit", label: "Audit", href: `${path}?tab=audit` },
  ];
  return (
    <ConsolePage
      fills
      crumbs={[{ label: workspace.slug, href: `/${workspace.slug}` }, { label: "Pipelines", href: listPath(base, "pipelines") }, { label: pipeline.name }]}
    >
      <PageHead
        title={pipeline.name}
        below={pipeline.description || undefined}
        actions={
          <>
            <CopyAsCli
              command={`zenml pipeline runs list --pipeline_name ${shellWord(pipeline.name)}`}
              python={`from zenml.client import Client\n\npipeline = Client().get_pipeline(${JSON.stringify(pipeline.name)})`}
            />
            {mayNot.delete ? (
              <RefusedControl label="Delete this pipeline" refusal={mayNot.delete} />
            ) : (
              <TypedDelete
                noun="pipeline"
                name={pipeline.name}
                action={removePipeline}
                fields={{ workspace: workspace.slug, pipelineId: pipeline.id }}
                doneHref={listPath(base, "pipelines")}
                preview={
                  <>
                    <p>
                      <b>Ends:</b> the pipeline with {runs} runs, their steps, logs and metadata, and {snapshotsWord(pipeline.snapshots)} snapshots.
                    </p>
                    <p>
                      <b>Stay:</b> the artifact and model versions that its runs made, which then name no run; and every entry of the audit trail.
                    </p>
                    <p>
                      <b>Not stopped:</b> what still runs. A client that runs the pipeline again makes it anew.
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
            label: "Last run",
            value: pipeline.lastRun ? (
              <>
                <Link href={runPath(base, pipeline.lastRun.id)} className="link">
                  № {pipeline.lastRun.number}
                </Link>
                <Status state={pipeline.lastRun.status} />
                <span className="text-ink-3">
                  <Time at={pipeline.lastRun.at} />
                </span>
              </>
            ) : (
              <span className="text-ink-3">not run yet</span>
            ),
          },
          {
            label: "Success, 30 days",
            value:
              pipeline.ended > 0 ? (
                <Link href={listPath(base, "runs", filterOf("pipeline", "is", pipeline.name), filterOf("started", "last", "30d"))} className="link">
                  {Math.round((pipeline.succeeded / pipeline.ended) * 100)} %
                </Link>
              ) : (
                NONE
              ),
          },
          { label: "Of", value: pipeline.ended > 0 ? shareTitle(pipeline) : NONE },
          { label: "Median duration", value: pipeline.medianS === null ? NONE : durationWords(pipeline.medianS) },
          {
            label: "Models made",
            value:
              pipeline.models.length > 0
                ? pipeline.models.slice(0, 3).map((name) => (
                    <Link key={name} href={modelPath(base, name)} className="link">
                      {name}
                    </Link>
                  ))
                : NONE,
          },
          { label: "Made by", value: <WhoChip person={pipeline.by} /> },
          {
            label: "Tags",
            value: (
              <EditTags
                workspace={workspace.slug}
                kind="pipeline"
                id={pipeline.id}
                names={pipeline.tags}
                refusal={mayNot.update}
                list={listPath(base, "pipelines")}
              />
            ),
          },
        ]}
      />
      <LinkTabs label="Parts of the pipeline" tabs={tabs.map(({ id, ...one }) => ({ ...one, isCurrent: tab === id }))} />
      {children}
    </ConsolePage>
  );
}
