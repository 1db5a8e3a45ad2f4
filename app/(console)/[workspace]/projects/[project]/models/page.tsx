import type { Metadata } from "next";
import { MODEL_LIST, ROWS_PER_PAGE } from "@/components/model/lists";
import { ModelsTable } from "@/components/model/models-table";
import { listPath, projectPath } from "@/components/project/paths";
import { ConsolePage } from "@/components/shell/console-page";
import { requestPreferences } from "@/components/shell/request-preferences";
import { listCommand } from "@/components/stack/stack-cli";
import { InView } from "@/components/table/in-view";
import { ListFailure } from "@/components/table/list-failure";
import { pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { ExportLink } from "@/components/ui/export-link";
import { PageHead } from "@/components/ui/page-head";
import { EmptyState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listModelRows } from "@/lib/models/list-model-rows";
import { attempt } from "../../../../attempt";
import { bulkPlace } from "../acts/bulk-place";
import { modelTabs } from "./model-tabs";

export const metadata: Metadata = { title: "Models" };

const OPTIONS = { name: "name", by: "user", tag: "tag", created: "created" };

export default page("model:read", async ({ context, place, searchParams }) => {
  const { workspace, project } = place;
  if (!workspace || !project) throw new Error("The path of this page names a workspace and a project.");
  const base = projectPath(workspace.slug, project.name);
  const path = listPath(base, "models");
  const view = readListView(MODEL_LIST, searchParams);
  const { zone } = await requestPreferences();
  const now = Date.now();
  const { data: list, failure } = await attempt(context, () =>
    ask(listModelRows, context, { projectId: project.id, ...pageInput(MODEL_LIST, view, ROWS_PER_PAGE, now, zone) }),
  );
  const cli = listCommand("zenml model list", MODEL_LIST, view, OPTIONS, now, zone);
  return (
    <ConsolePage fills crumbs={[{ label: workspace.slug, href: `/${workspace.slug}` }, { label: "Models" }]}>
      <PageHead
        isInBar
        title="Models"
        beside={list && <InView total={list.total} />}
        actions={
          <>
            <CopyAsCli command={cli.command} note={cli.left.length > 0 ? `The client can’t filter by ${cli.left.join(", ")} this way: left out.` : undefined} />
            <ExportLink href={`${path}.csv${viewSearch(MODEL_LIST, { ...view, after: undefined })}`} />
          </>
        }
      />
      <LinkTabs label="Models and versions" tabs={modelTabs(base, "models")} />
      {failure ? (
        <ListFailure failure={failure} path={path} />
      ) : (
        <ModelsTable
          base={base}
          path={path}
          rows={list.rows}
          view={view}
          total={list.total}
          next={list.next}
          countsWithout={list.countsWithout}
          bulk={bulkPlace("models", { context, place })}
          empty={
            <EmptyState title="There is no model in this project yet.">
              <p>A pipeline that names a model makes a version of it with each run: @pipeline(model=Model(name=&quot;fraud-scorer&quot;)). Or register one:</p>
              <CliBox command="zenml model register -n fraud-scorer" />
            </EmptyState>
          }
        />
      )}
    </ConsolePage>
  );
});
