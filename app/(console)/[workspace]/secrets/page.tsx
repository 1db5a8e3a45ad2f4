import type { Metadata } from "next";
import { ROWS_PER_PAGE, SECRET_LIST } from "@/components/secret/lists";
import { RevealPolicy } from "@/components/secret/reveal-policy";
import { SecretsTable } from "@/components/secret/secrets-table";
import { leftOutWords, listCommand } from "@/components/stack/stack-cli";
import { ButtonLink } from "@/components/ui/button";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { can } from "@/lib/authz/can";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listCreatePlaces } from "@/lib/secrets/create-places";
import { listSecretRows } from "@/lib/secrets/list-secret-rows";
import { getRevealPolicy } from "@/lib/secrets/reveal-policy";
import { ListPage } from "../../list-page";
import { refusalOf } from "../../refusal";

export const metadata: Metadata = { title: "Secrets" };

const OPTIONS = { name: "name", owner: "user", created: "created" };

export default page("secret:read", async (args) => {
  const needsSecond = await ask(getRevealPolicy, args.context, {});
  const { workspace } = args.place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const path = `/${workspace.slug}/secrets`;
  const { actor } = args.context;
  const places = await ask(listCreatePlaces, args.context, {});
  const mayMake = places.workspace || places.projects.length > 0;
  const refusal = mayMake ? null : refusalOf(actor, "secret:create", { workspaceId: workspace.id, ownerId: actor.id }, "Making secrets is not in your role");
  const mayChange = can(actor, "workspace:update", { workspaceId: workspace.id }).allowed && (!needsSecond || can(actor, "policy:update", {}).allowed);
  return (
    <ListPage
      args={args}
      title="Secrets"
      crumbs={[{ label: "Secrets" }]}
      path={path}
      definition={SECRET_LIST}
      perPage={ROWS_PER_PAGE}
      read={(input) => ask(listSecretRows, args.context, input)}
      cli={({ view, now, zone }) => {
        const { command, left } = listCommand("zenml secret list", SECRET_LIST, view, OPTIONS, now, zone);
        return <CopyAsCli command={command} note={leftOutWords(left)} />;
      }}
      acts={
        <>
          <span className="max-md:hidden">
            <RevealPolicy workspace={workspace.slug} needsSecond={needsSecond} mayChange={mayChange} />
          </span>
          <ButtonLink href={`${path}/deleted`}>Deleted</ButtonLink>
          {refusal ? (
            <RefusedControl label="New secret" refusal={refusal} />
          ) : (
            <ButtonLink href={`${path}/new`} look="primary" icon="plus">
              New secret
            </ButtonLink>
          )}
        </>
      }
      empty={
        <EmptyState title="There is no secret in this workspace that you may know of.">
          <p>A secret keeps what opens something else: keys and values, sealed, in versions. Make one here, or with a client.</p>
          <CliBox command="zenml secret create lake --user=reader --password=..." />
        </EmptyState>
      }
      draw={(list) => <SecretsTable {...list} />}
    />
  );
});
