import type { Metadata } from "next";
import { ROWS_PER_PAGE, SNAPSHOT_LIST } from "@/components/pipeline/lists";
import { SnapshotsTable } from "@/components/pipeline/snapshots-table";
import { listPath, pipelinePath } from "@/components/project/paths";
import { ConsolePage } from "@/components/shell/console-page";
import { ListFailure } from "@/components/table/list-failure";
import { ExportLink } from "@/components/ui/export-link";
import { EmptyState } from "@/components/ui/states";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getPipelinePage } from "@/lib/pipelines/get-pipeline-page";
import { listSnapshotRows } from "@/lib/snapshots/list-snapshot-rows";
import { drawnList, readList } from "../../../../../../read-list";
import { openPipeline } from "../open-pipeline";
import { PipelineFrame } from "../pipeline-frame";

export const metadata: Metadata = { title: "Snapshots of a pipeline" };

export default page("snapshot:read", async (args) => {
  const { context, place, params } = args;
  const { workspace, project, name, base } = openPipeline({ place, params });
  const path = `${pipelinePath(base, name)}/snapshots`;
  const { data, failure, view, search } = await readList(args, SNAPSHOT_LIST, ROWS_PER_PAGE, (input) =>
    Promise.all([
      ask(getPipelinePage, context, { projectId: project.id, name }),
      ask(listSnapshotRows, context, { projectId: project.id, pipeline: name, ...input }),
    ]),
  );
  if (failure)
    return (
      <ConsolePage crumbs={[{ label: workspace.slug, href: `/${workspace.slug}` }, { label: "Pipelines", href: listPath(base, "pipelines") }, { label: name }]}>
        <ListFailure failure={failure} path={path} />
      </ConsolePage>
    );
  const [pipeline, list] = data;
  return (
    <PipelineFrame actor={context.actor} workspace={workspace} project={project} base={base} pipeline={pipeline} tab="snapshots">
      <SnapshotsTable
        base={base}
        workspace={`/${workspace.slug}`}
        path={path}
        {...drawnList(list, view)}
        empty={<EmptyState title="This pipeline has no snapshot that you may see." />}
        end={<ExportLink href={`${path}/export${search}`} />}
      />
    </PipelineFrame>
  );
});
