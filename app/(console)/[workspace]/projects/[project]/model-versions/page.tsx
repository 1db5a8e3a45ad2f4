import type { Metadata } from "next";
import { MODEL_VERSION_LIST, ROWS_PER_PAGE } from "@/components/model/lists";
import { ModelVersionsTable } from "@/components/model/versions-table";
import { listPath, projectPath } from "@/components/project/paths";
import { ConsolePage } from "@/components/shell/console-page";
import { requestPreferences } from "@/components/shell/request-preferences";
import { InView } from "@/components/table/in-view";
import { ListFailure } from "@/components/table/list-failure";
import { pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { ExportLink } from "@/components/ui/export-link";
import { PageHead } from "@/components/ui/page-head";
import { EmptyState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listModelVersionRows } from "@/lib/models/list-version-rows";
import { attempt } from "../../../../attempt";
import { bulkPlace } from "../acts/bulk-place";
import { modelTabs } from "../models/model-tabs";

export const metadata: Metadata = { title: "Model versions" };

export default page("model:read", async ({ context, place, searchParams }) => {
  const { workspace, project } = place;
  if (!workspace || !project) throw new Error("The path of this page names a workspace and a project.");
  const base = projectPath(workspace.slug, project.name);
  const path = listPath(base, "model-versions");
  const view = readListView(MODEL_VERSION_LIST, searchParams);
  const { zone } = await requestPreferences();
  const { data: list, failure } = await attempt(context, () =>
    ask(listModelVersionRows, context, { projectId: project.id, ...pageInput(MODEL_VERSION_LIST, view, ROWS_PER_PAGE, Date.now(), zone) }),
  );
  return (
    <ConsolePage
      fills
      crumbs={[{ label: workspace.slug, href: `/${workspace.slug}` }, { label: "Models", href: listPath(base, "models") }, { label: "Versions" }]}
    >
      <PageHead
        isInBar
        title="Model versions"
        beside={list && <InView total={list.total} />}
        actions={<ExportLink href={`${path}/export${viewSearch(MODEL_VERSION_LIST, { ...view, after: undefined })}`} />}
      />
      <LinkTabs label="Models and versions" tabs={modelTabs(base, "model-versions")} />
      {failure ? (
        <ListFailure failure={failure} path={path} />
      ) : (
        <ModelVersionsTable
          base={base}
          path={path}
          rows={list.rows}
          view={view}
          total={list.total}
          next={list.next}
          countsWithout={list.countsWithout}
          bulk={bulkPlace("model-versions", { context, place })}
          empty={
            <EmptyState title="There is no model version in this project yet.">
              <p>A run of a pipeline that names a model makes one.</p>
            </EmptyState>
          }
        />
      )}
    </ConsolePage>
  );
});
