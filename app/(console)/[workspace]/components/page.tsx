import type { Metadata } from "next";
import { COMPONENT_LIST, ROWS_PER_PAGE } from "@/components/stack/lists";
import { ComponentsTable } from "@/components/stack/components-table";
import { ButtonLink } from "@/components/ui/button";
import { CliBox } from "@/components/ui/cli-box";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { listComponentRows } from "@/lib/components/list-component-rows";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { refusalOf } from "../../refusal";
import { KindCli } from "../stacks/kind-cli";
import { stackTabs } from "../stacks/stack-tabs";
import { ListPage } from "../../list-page";

export const metadata: Metadata = { title: "Components" };

const OPTIONS = { name: "name", owner: "user", created: "created", updated: "updated" };

export default page("component:read", async (args) => {
  const { workspace } = args.place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const base = `/${workspace.slug}`;
  const path = `${base}/components`;
  const { actor } = args.context;
  const refusal = refusalOf(actor, "component:create", { workspaceId: workspace.id, ownerId: actor.id }, "Registering components is not in your role");
  return (
    <ListPage
      args={args}
      title="Components"
      crumbs={[{ label: "Components" }]}
      path={path}
      definition={COMPONENT_LIST}
      perPage={ROWS_PER_PAGE}
      read={(input) => ask(listComponentRows, args.context, input)}
      tabs={<LinkTabs label="Stacks and what they are made of" tabs={stackTabs(actor, workspace, "components")} />}
      cli={(asked) => <KindCli asked={asked} definition={COMPONENT_LIST} options={OPTIONS} verb="list" />}
      acts={
        refusal ? (
          <RefusedControl label="New component" refusal={refusal} />
        ) : (
          <ButtonLink href={`${path}/new`} look="primary" icon="plus">
            New component
          </ButtonLink>
        )
      }
      empty={
        <EmptyState title="There is no component in this workspace.">
          <p>A component is one place that pipelines use: an orchestrator, an artifact store, a registry. Register one here, or with a client.</p>
          <CliBox command="zenml artifact-store register my_store --flavor=s3 --path=s3://my-bucket" />
        </EmptyState>
      }
      draw={(list) => <ComponentsTable {...list} base={base} />}
    />
  );
});
