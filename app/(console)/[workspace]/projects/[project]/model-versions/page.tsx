import type { Metadata } from "next";
import { MODEL_VERSION_LIST, ROWS_PER_PAGE } from "@/components/model/lists";
import { ModelVersionsTable } from "@/components/model/versions-table";
import { listPath } from "@/components/project/paths";
import { EmptyState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listModelVersionRows } from "@/lib/models/list-version-rows";
import { bulkPlace } from "../acts/bulk-place";
import { modelTabs } from "../models/model-tabs";
import { ListPage, projectOf } from "../../../../list-page";

export const metadata: Metadata = { title: "Model versions" };

export default page("model:read", async (args) => {
  const { project, base } = projectOf(args);
  return (
    <ListPage
      args={args}
      title="Model versions"
      crumbs={[{ label: "Models", href: listPath(base, "models") }, { label: "Versions" }]}
      path={listPath(base, "model-versions")}
      definition={MODEL_VERSION_LIST}
      perPage={ROWS_PER_PAGE}
      read={(input) => ask(listModelVersionRows, args.context, { projectId: project.id, ...input })}
      tabs={<LinkTabs label="Models and versions" tabs={modelTabs(base, "model-versions")} />}
      empty={
        <EmptyState title="There is no model version in this project yet.">
          <p>A run of a pipeline that names a model makes one.</p>
        </EmptyState>
      }
      draw={(list) => <ModelVersionsTable {...list} base={base} bulk={bulkPlace("model-versions", args)} />}
    />
  );
});
