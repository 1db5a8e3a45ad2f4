import type { Metadata } from "next";
import { FLAVOR_LIST, ROWS_PER_PAGE } from "@/components/stack/lists";
import { FlavorsTable } from "@/components/stack/flavors-table";
import { Button } from "@/components/ui/button";
import { CliBox } from "@/components/ui/cli-box";
import { Popover } from "@/components/ui/popover";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { listFlavorRows } from "@/lib/flavors/list-flavor-rows";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { refusalOf } from "../../refusal";
import { ListPage } from "../../list-page";
import { KindCli } from "../stacks/kind-cli";
import { stackTabs } from "../stacks/stack-tabs";

export const metadata: Metadata = { title: "Flavors" };

export default page("flavor:read", async (args) => {
  const { workspace } = args.place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const base = `/${workspace.slug}`;
  const { actor } = args.context;
  const refusal = refusalOf(actor, "flavor:create", { workspaceId: workspace.id, ownerId: actor.id }, "Registering flavors is not in your role");
  return (
    <ListPage
      args={args}
      title="Flavors"
      crumbs={[{ label: "Flavors" }]}
      path={`${base}/flavors`}
      definition={FLAVOR_LIST}
      perPage={ROWS_PER_PAGE}
      read={(input) => ask(listFlavorRows, args.context, input)}
      tabs={<LinkTabs label="Stacks and what they are made of" tabs={stackTabs(actor, workspace, "flavors")} />}
      cli={(asked) => <KindCli asked={asked} definition={FLAVOR_LIST} options={{}} verb="flavor list" />}
      acts={
        refusal ? (
          <RefusedControl label="Register a flavor" refusal={refusal} />
        ) : (
          <Popover
            label="Register a flavor"
            align="end"
            className="w-[min(560px,calc(100vw-32px))] p-3"
            trigger={
              <Button look="primary" icon="plus">
                Register a flavor
              </Button>
            }
          >
            <h3 className="mb-1 text-section">Register a flavor</h3>
            <p className="mb-2">A flavor is a Python class of yours. Register it from where the class can be imported: the client reads its fields.</p>
            <CliBox command="zenml artifact-store flavor register my_package.MyStoreFlavor" />
          </Popover>
        )
      }
      empty={
        <EmptyState title="There is no flavor here.">
          <p>Flavors come with Reeve when it starts; custom ones are registered from their Python source.</p>
          <CliBox command="zenml artifact-store flavor register my_package.MyStoreFlavor" />
        </EmptyState>
      }
      draw={(list) => <FlavorsTable {...list} base={base} />}
    />
  );
});
