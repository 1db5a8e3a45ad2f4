import type { Metadata } from "next";
import { ListFailure } from "@/components/table/list-failure";
import { InView } from "@/components/table/in-view";
import { ExportLink } from "@/components/ui/export-link";
import { ConsolePage } from "@/components/shell/console-page";
import { requestPreferences } from "@/components/shell/request-preferences";
import { COMPONENT_LIST, ROWS_PER_PAGE } from "@/components/stack/lists";
import { listCommand } from "@/components/stack/stack-cli";
import { ComponentsTable } from "@/components/stack/components-table";
import { pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { ButtonLink } from "@/components/ui/button";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { PageHead } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { listComponentRows } from "@/lib/components/list-component-rows";
import { kindCommand } from "@/lib/components/schema";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../attempt";
import { refusalOf } from "../../refusal";
import { stackTabs } from "../stacks/stack-tabs";

export const metadata: Metadata = { title: "Components" };

const OPTIONS = { name: "name", owner: "user", created: "created", updated: "updated" };

export default page("component:read", async ({ context, place, searchParams }) => {
  const { workspace } = place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const base = `/${workspace.slug}`;
  const path = `${base}/components`;
  const view = readListView(COMPONENT_LIST, searchParams);
  const { zone } = await requestPreferences();
  const now = Date.now();
  const { data: list, failure } = await attempt(context, () =>
    ask(listComponentRows, context, {
      ...pageInput(COMPONENT_LIST, view, ROWS_PER_PAGE, now, zone),
    }),
  );
  // The client lists one kind at a time: the one that is filtered by, or artifact stores.
  const [oneKind = "artifact_store"] = view.filters.find((filter) => filter.field === "type" && filter.op === "is")?.values ?? [];
  const rest = view.filters.filter((filter) => filter.field !== "type");
  const cli = listCommand(`zenml ${kindCommand(oneKind)} list`, COMPONENT_LIST, { ...view, filters: rest }, OPTIONS, now, zone);
  const refusal = refusalOf(
    context.actor,
    "component:create",
    { workspaceId: workspace.id, ownerId: context.actor.id },
    "Registering components is not in your role",
  );
  return (
    <ConsolePage fills crumbs={[{ label: workspace.slug, href: base }, { label: "Components" }]}>
      <PageHead
        isInBar
        title="Components"
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
            <ExportLink href={`${path}/export${viewSearch(COMPONENT_LIST, { ...view, after: undefined })}`} />
            {refusal ? (
              <RefusedControl label="New component" refusal={refusal} />
            ) : (
              <ButtonLink href={`${path}/new`} look="primary" icon="plus">
                New component
              </ButtonLink>
            )}
          </>
        }
      />
      <LinkTabs label="Stacks and what they are made of" tabs={stackTabs(context.actor, workspace, "components")} />
      {failure ? (
        <ListFailure failure={failure} path={path} />
      ) : (
        <ComponentsTable
          path={path}
          base={base}
          rows={list.rows}
          view={view}
          total={list.total}
          next={list.next}
          countsWithout={list.countsWithout}
          empty={
            <EmptyState title="There is no component in this workspace.">
              <p>A component is one place that pipelines use: an orchestrator, an artifact store, a registry. Register one here, or with a client.</p>
              <CliBox command="zenml artifact-store register my_store --flavor=s3 --path=s3://my-bucket" />
            </EmptyState>
          }
        />
      )}
    </ConsolePage>
  );
});
