import type { Metadata } from "next";
import { MODEL_LIST, ROWS_PER_PAGE } from "@/components/model/lists";
import { ModelsTable } from "@/components/model/models-table";
import { listPath } from "@/components/project/paths";
import { leftOutWords, listCommand } from "@/components/stack/stack-cli";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { EmptyState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listModelRows } from "@/lib/models/list-model-rows";
import { bulkPlace } from "../acts/bulk-place";
import { modelTabs } from "./model-tabs";
import { ListPage, projectOf } from "../../../../list-page";

export const metadata: Metadata = { title: "Models" };

const OPTIONS = { name: "name", by: "user", tag: "tag", created: "created" };

export default page("model:read", async (args) => {
  const { project, base } = projectOf(args);
  return (
    <ListPage
      args={args}
      title="Models"
      crumbs={[{ label: "Models" }]}
      path={listPath(base, "models")}
      definition={MODEL_LIST}
      perPage={ROWS_PER_PAGE}
      read={(input) => ask(listModelRows, args.context, { projectId: project.id, ...input })}
      tabs={<LinkTabs label="Models and versions" tabs={modelTabs(base, "models")} />}
      cli={({ view, now, zone }) => {
        const { command, left } = listCommand("zenml model list", MODEL_LIST, view, OPTIONS, now, zone);
        return <CopyAsCli command={command} note={leftOutWords(left)} />;
      }}
      exportPath={`${listPath(base, "models")}.csv`}
      empty={
        <EmptyState title="There is no model in this project yet.">
          <p>A pipeline that names a model makes a version of it with each run: @pipeline(model=Model(name=&quot;fraud-scorer&quot;)). Or register one:</p>
          <CliBox command="zenml model register -n fraud-scorer" />
        </EmptyState>
      }
      draw={(list) => <ModelsTable {...list} base={base} bulk={bulkPlace("models", args)} />}
    />
  );
});
