import type { Metadata } from "next";
import { STACK_LIST, ROWS_PER_PAGE } from "@/components/stack/lists";
import { leftOutWords, listCommand } from "@/components/stack/stack-cli";
import { StacksTable } from "@/components/stack/stacks-table";
import { ButtonLink } from "@/components/ui/button";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { listStackRows } from "@/lib/stacks/list-stack-rows";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { refusalOf } from "../../refusal";
import { stackTabs } from "../stacks/stack-tabs";
import { ListPage } from "../../list-page";

export const metadata: Metadata = { title: "Stacks" };

const OPTIONS = { name: "name", description: "description", owner: "user", created: "created", updated: "updated" };

export default page("stack:read", async (args) => {
  const { workspace } = args.place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const base = `/${workspace.slug}`;
  const path = `${base}/stacks`;
  const { actor } = args.context;
  const refusal = refusalOf(actor, "stack:create", { workspaceId: workspace.id, ownerId: actor.id }, "Registering stacks is not in your role");
  return (
    <ListPage
      args={args}
      title="Stacks"
      crumbs={[{ label: "Stacks" }]}
      path={path}
      definition={STACK_LIST}
      perPage={ROWS_PER_PAGE}
      read={(input) => ask(listStackRows, args.context, input)}
      tabs={<LinkTabs label="Stacks and what they are made of" tabs={stackTabs(actor, workspace, "stacks")} />}
      cli={({ view, now, zone }) => {
        const { command, left } = listCommand("zenml stack list", STACK_LIST, view, OPTIONS, now, zone);
        return <CopyAsCli command={command} note={leftOutWords(left)} />;
      }}
      acts={
        refusal ? (
          <RefusedControl label="New stack" refusal={refusal} />
        ) : (
          <ButtonLink href={`${path}/new`} look="primary" icon="plus">
            New stack
          </ButtonLink>
        )
      }
      empty={
        <EmptyState title="There is no stack in this workspace.">
          <p>A stack is an orchestrator, an artifact store and whatever else steps need. Register one here, or with a client.</p>
          <CliBox command="zenml stack register my_stack -o my_orchestrator -a my_store" />
        </EmptyState>
      }
      draw={(list) => <StacksTable {...list} base={base} />}
    />
  );
});
