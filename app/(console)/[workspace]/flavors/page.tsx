import type { Metadata } from "next";
import { ListFailure } from "@/components/table/list-failure";
import { InView } from "@/components/table/in-view";
import { ExportLink } from "@/components/ui/export-link";
import { ConsolePage } from "@/components/shell/console-page";
import { requestPreferences } from "@/components/shell/request-preferences";
import { FLAVOR_LIST, ROWS_PER_PAGE } from "@/components/stack/lists";
import { listCommand } from "@/components/stack/stack-cli";
import { FlavorsTable } from "@/components/stack/flavors-table";
import { pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { Button } from "@/components/ui/button";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { PageHead } from "@/components/ui/page-head";
import { Popover } from "@/components/ui/popover";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { listFlavorRows } from "@/lib/flavors/list-flavor-rows";
import { kindCommand } from "@/lib/components/schema";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../attempt";
import { refusalOf } from "../../refusal";
import { stackTabs } from "../stacks/stack-tabs";

export const metadata: Metadata = { title: "Flavors" };

const OPTIONS = {};

export default page("flavor:read", async ({ context, place, searchParams }) => {
  const { workspace } = place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const base = `/${workspace.slug}`;
  const path = `${base}/flavors`;
  const view = readListView(FLAVOR_LIST, searchParams);
  const { zone } = await requestPreferences();
  const now = Date.now();
  const { data: list, failure } = await attempt(context, () =>
    ask(listFlavorRows, context, {
      ...pageInput(FLAVOR_LIST, view, ROWS_PER_PAGE, now, zone),
    }),
  );
  // The client lists one kind at a time: the one that is filtered by, or artifact stores.
  const [oneKind = "artifact_store"] = view.filters.find((filter) => filter.field === "type" && filter.op === "is")?.values ?? [];
  const rest = view.filters.filter((filter) => filter.field !== "type");
  const cli = listCommand(`zenml ${kindCommand(oneKind)} flavor list`, FLAVOR_LIST, { ...view, filters: rest }, OPTIONS, now, zone);
  const refusal = refusalOf(
    context.actor,
    "flavor:create",
    { workspaceId: workspace.id, ownerId: context.actor.id },
    "Registering flavors is not in your role",
  );
  return (
    <ConsolePage fills crumbs={[{ label: workspace.slug, href: base }, { label: "Flavors" }]}>
      <PageHead
        isInBar
        title="Flavors"
        beside={list && <InView total={list.total} />}
        actions={
          <>
            <CopyAsCli
              command={cli.command}
              note={
                view.filters.length === rest.length
                  ? "The client lists one kind at a time; this is artifact stores."
                  : cli.left.length > 0
                    ? `The client can’t filter by ${cli.left.join(", ")} this way: left out.`
                    : undefined
              }
            />
            <ExportLink href={`${path}/export${viewSearch(FLAVOR_LIST, { ...view, after: undefined })}`} />
            {refusal ? (
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
            )}
          </>
        }
      />
      <LinkTabs label="Stacks and what they are made of" tabs={stackTabs(context.actor, workspace, "flavors")} />
      {failure ? (
        <ListFailure failure={failure} path={path} />
      ) : (
        <FlavorsTable
          path={path}
          base={base}
          rows={list.rows}
          view={view}
          total={list.total}
          next={list.next}
          countsWithout={list.countsWithout}
          empty={
            <EmptyState title="There is no flavor here.">
              <p>Flavors come with Reeve when it starts; custom ones are registered from their Python source.</p>
              <CliBox command="zenml artifact-store flavor register my_package.MyStoreFlavor" />
            </EmptyState>
          }
        />
      )}
    </ConsolePage>
  );
});
