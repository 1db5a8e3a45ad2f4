import type { Metadata } from "next";
import { ListFailure } from "@/components/table/list-failure";
import { InView } from "@/components/table/in-view";
import { ExportLink } from "@/components/ui/export-link";
import { ConsolePage } from "@/components/shell/console-page";
import { requestPreferences } from "@/components/shell/request-preferences";
import { STACK_LIST, ROWS_PER_PAGE } from "@/components/stack/lists";
import { listCommand } from "@/components/stack/stack-cli";
import { StacksTable } from "@/components/stack/stacks-table";
import { pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { ButtonLink } from "@/components/ui/button";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { PageHead } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { listStackRows } from "@/lib/stacks/list-stack-rows";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../attempt";
import { refusalOf } from "../../refusal";
import { stackTabs } from "../stacks/stack-tabs";

export const metadata: Metadata = { title: "Stacks" };

const OPTIONS = { name: "name", description: "description", owner: "user", created: "created", updated: "updated" };

export default page("stack:read", async ({ context, place, searchParams }) => {
  const { workspace } = place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const base = `/${workspace.slug}`;
  const path = `${base}/stacks`;
  const view = readListView(STACK_LIST, searchParams);
  const { zone } = await requestPreferences();
  const now = Date.now();
  const { data: list, failure } = await attempt(context, () =>
    ask(listStackRows, context, {
      ...pageInput(STACK_LIST, view, ROWS_PER_PAGE, now, zone),
    }),
  );
  const cli = listCommand("zenml stack list", STACK_LIST, view, OPTIONS, now, zone);
  const refusal = refusalOf(context.actor, "stack:create", { workspaceId: workspace.id, ownerId: context.actor.id }, "Registering stacks is not in your role");
  return (
    <ConsolePage fills crumbs={[{ label: workspace.slug, href: base }, { label: "Stacks" }]}>
      <PageHead
        isInBar
        title="Stacks"
        beside={list && <InView total={list.total} />}
        actions={
          <>
            <CopyAsCli command={cli.command} note={cli.left.length > 0 ? `The client can’t filter by ${cli.left.join(", ")} this way: left out.` : undefined} />
            <ExportLink href={`${path}/export${viewSearch(STACK_LIST, { ...view, after: undefined })}`} />
            {refusal ? (
              <RefusedControl label="New stack" refusal={refusal} />
            ) : (
              <ButtonLink href={`${path}/new`} look="primary" icon="plus">
                New stack
              </ButtonLink>
            )}
          </>
        }
      />
      <LinkTabs label="Stacks and what they are made of" tabs={stackTabs(context.actor, workspace, "stacks")} />
      {failure ? (
        <ListFailure failure={failure} path={path} />
      ) : (
        <StacksTable
          path={path}
          base={base}
          rows={list.rows}
          view={view}
          total={list.total}
          next={list.next}
          countsWithout={list.countsWithout}
          empty={
            <EmptyState title="There is no stack in this workspace.">
              <p>A stack is an orchestrator, an artifact store and whatever else steps need. Register one here, or with a client.</p>
              <CliBox command="zenml stack register my_stack -o my_orchestrator -a my_store" />
            </EmptyState>
          }
        />
      )}
    </ConsolePage>
  );
});
