import type { Metadata } from "next";
import { ArtifactsTable } from "@/components/artifact/artifacts-table";
import { ARTIFACT_LIST, ROWS_PER_PAGE } from "@/components/artifact/lists";
import { listPath, projectPath } from "@/components/project/paths";
import { ConsolePage } from "@/components/shell/console-page";
import { requestPreferences } from "@/components/shell/request-preferences";
import { listCommand } from "@/components/stack/stack-cli";
import { InView } from "@/components/table/in-view";
import { ListFailure } from "@/components/table/list-failure";
import { pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { Live } from "@/components/table/live";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { ExportLink } from "@/components/ui/export-link";
import { PageHead } from "@/components/ui/page-head";
import { EmptyState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { listArtifactRows } from "@/lib/artifacts/list-artifact-rows";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../../../attempt";
import { bulkPlace } from "../acts/bulk-place";
import { artifactTabs } from "../artifact-tabs";

export const metadata: Metadata = { title: "Artifacts" };

const OPTIONS = { name: "name", tag: "tag", updated: "updated" };

export default page("artifact:read", async ({ context, place, searchParams }) => {
  const { workspace, project } = place;
  if (!workspace || !project) throw new Error("The path of this page names a workspace and a project.");
  const base = projectPath(workspace.slug, project.name);
  const path = listPath(base, "artifacts");
  const view = readListView(ARTIFACT_LIST, searchParams);
  const { zone } = await requestPreferences();
  const now = Date.now();
  const { data: list, failure } = await attempt(context, () =>
    ask(listArtifactRows, context, { projectId: project.id, ...pageInput(ARTIFACT_LIST, view, ROWS_PER_PAGE, now, zone) }),
  );
  const cli = listCommand("zenml artifact list", ARTIFACT_LIST, view, OPTIONS, now, zone);
  return (
    <ConsolePage fills crumbs={[{ label: workspace.slug, href: `/${workspace.slug}` }, { label: "Artifacts" }]}>
      <PageHead
        isInBar
        title="Artifacts"
        beside={list && <InView total={list.total} />}
        actions={
          <>
            <Live workspace={workspace.slug} project={project.name} since={new Date(now).toISOString()} />
            <CopyAsCli command={cli.command} note={cli.left.length > 0 ? `The client can’t filter by ${cli.left.join(", ")} this way: left out.` : undefined} />
            <ExportLink href={`${base}/artifacts.csv${viewSearch(ARTIFACT_LIST, { ...view, after: undefined })}`} />
          </>
        }
      />
      <LinkTabs label="Artifacts and their versions" tabs={artifactTabs(base, "artifacts")} />
      {failure ? (
        <ListFailure failure={failure} path={path} />
      ) : (
        <ArtifactsTable
          path={path}
          project={base}
          rows={list.rows}
          view={view}
          total={list.total}
          next={list.next}
          countsWithout={list.countsWithout}
          bulk={bulkPlace("artifacts", { context, place })}
          empty={
            <EmptyState title="There is no artifact in this project yet.">
              <p>Every output of a step becomes a version of an artifact. Run a pipeline, or save one by hand:</p>
              <CliBox label="Copy call" command={'from zenml import save_artifact\n\nsave_artifact({"rows": 250_000}, name="transactions")'} />
            </EmptyState>
          }
        />
      )}
    </ConsolePage>
  );
});
