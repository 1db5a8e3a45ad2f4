import type { Metadata } from "next";
import { ConnectorsTable } from "@/components/connector/connectors-table";
import { KeysPolicy } from "@/components/connector/keys-policy";
import { CONNECTOR_LIST, ROWS_PER_PAGE } from "@/components/connector/lists";
import { leftOutWords, listCommand } from "@/components/stack/stack-cli";
import { ButtonLink } from "@/components/ui/button";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { can } from "@/lib/authz/can";
import { getKeysPolicy } from "@/lib/connectors/keys-policy";
import { listConnectorRows } from "@/lib/connectors/list-connector-rows";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { ListPage } from "../../list-page";
import { refusalOf } from "../../refusal";

export const metadata: Metadata = { title: "Connectors" };

const OPTIONS = { name: "name", type: "connector_type", method: "auth_method", owner: "user", created: "created" };

export default page("connector:read", async (args) => {
  const { workspace } = args.place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const path = `/${workspace.slug}/connectors`;
  const { actor } = args.context;
  const refusal = refusalOf(actor, "connector:create", { workspaceId: workspace.id, ownerId: actor.id }, "Registering connectors is not in your role");
  const policy = await ask(getKeysPolicy, args.context, {});
  const maySetPolicy = can(actor, "workspace:update", { workspaceId: workspace.id }).allowed;
  return (
    <ListPage
      args={args}
      title="Connectors"
      crumbs={[{ label: "Connectors" }]}
      path={path}
      definition={CONNECTOR_LIST}
      perPage={ROWS_PER_PAGE}
      read={(input) => ask(listConnectorRows, args.context, input)}
      cli={({ view, now, zone }) => {
        const { command, left } = listCommand("zenml service-connector list", CONNECTOR_LIST, view, OPTIONS, now, zone);
        return <CopyAsCli command={command} note={leftOutWords(left)} />;
      }}
      acts={
        <>
          <span className="max-md:hidden">
            <KeysPolicy workspace={workspace.slug} keysLeave={policy.longLivedKeysLeave} mayChange={maySetPolicy} />
          </span>
          {refusal ? (
            <RefusedControl label="New connector" refusal={refusal} />
          ) : (
            <ButtonLink href={`${path}/new`} look="primary" icon="plus">
              New connector
            </ButtonLink>
          )}
        </>
      }
      empty={
        <EmptyState title="There is no connector in this workspace.">
          <p>
            A connector holds long-lived keys of a cloud, a cluster or a registry, and turns them into short-lived ones at the moment that a step needs them.
          </p>
          <CliBox command="zenml service-connector register lake --type aws --auth-method session-token --resource-type s3-bucket -i" />
        </EmptyState>
      }
      draw={(list) => <ConnectorsTable {...list} />}
    />
  );
});
