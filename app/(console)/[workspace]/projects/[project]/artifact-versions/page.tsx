import type { Metadata } from "next";
import { ROWS_PER_PAGE, VERSION_LIST } from "@/components/artifact/lists";
import { VersionsTable } from "@/components/artifact/versions-table";
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
import { listVersionRows } from "@/lib/artifacts/list-version-rows";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../../../attempt";
import { bulkPlace } from "../acts/bulk-place";
import { artifactTabs } from "../artifact-tabs";

export const metadata: Metadata = { title: "Artifact versions" };

const OPTIONS = { artifact: "artifact", version: "version", type: "type", uri: "uri", tag: "tag", by: "user", model: "model", created: "created" };

export default page("artifact:read", async ({ context, place, searchParams }) => {
  const { workspace, project } = place;
  if (!workspace || !project) throw new Error("The path of this page names a workspace and a project.");
  const base = projectPath(workspace.slug, project.name);
  const path = listPath(base, "artifact-versions");
  const view = readListView(VERSION_LIST, searchParams);
  const { zone } = await requestPreferences();
  const now = Date.now();
  const { data: list, failure } = await attempt(context, () =>
    ask(listVersionRows, context, { projectId: project.id, ...pageInput(VERSION_LIST, view, ROWS_PER_PAGE, now, zone) }),
  );
  const cli = listCommand("zenml artifact version list", VERSION_LIST, view, OPTIONS, now, zone);
  return (
    <ConsolePage
      fills
      crumbs={[{ label: workspace.slug, href: `/${workspace.slug}` }, { label: "Artifacts", href: listPath(base, "artifacts") }, { label: "Versions" }]}
    >
      <PageHead
        isInBar
        title="Artifacts"
        beside={list && <InView total={list.total} />}
        actions={
          <>
            <Live workspace={workspace.slug} project={project.name} since={new Date(now).toISOString()} />
            <CopyAsCli command={cli.command} note={cli.left.length > 0 ? `The client can’t filter by ${cli.left.join(", ")} this way: left out.` : undefined} />
            <ExportLink href={`${path}/export${viewSearch(VERSION_LIST, { ...view, after: undefined })}`} />
          </>
        }
      />
      <LinkTabs label="Artifacts and their versions" tabs={artifactTabs(base, "artifact-versions")} />
      {failure ? (
        <ListFailure failure={failure} path={path} />
      ) : (
        <VersionsTable
          path={path}
          project={base}
          rows={list.rows}
          view={view}
          total={list.total}
          next={list.next}
          countsWithout={list.countsWithout}
          bulk={bulkPlace("artifact-versions", { context, place })}
          empty={
            <EmptyState title="There is no artifact version in this project yet.">
              <p>Every output of a step becomes a version of an artifact. Run a pipeline, or save one by hand:</p>
              <CliBox label="Copy call" command={'from zenml import save_artifact\n\nsave_artifact({"rows": 250_000}, name="transactions")'} />
            </EmptyState>
          }
        />
      )}
    </ConsolePage>
  );
});
