import type { Metadata } from "next";
import { NewSecret } from "@/components/secret/new-secret";
import { ConsolePage } from "@/components/shell/console-page";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { PageHead } from "@/components/ui/page-head";
import { can } from "@/lib/authz/can";
import { page, requireOnPage } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listCreatePlaces } from "@/lib/secrets/create-places";
import { kindForms } from "@/lib/secrets/kinds";

export const metadata: Metadata = { title: "New secret" };

/** Who holds rights in a project alone makes secrets of it: the command decides by where the secret is to hold, and so does this page. */
export default page("secret:read", async ({ context, place, searchParams }) => {
  const { workspace } = place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const places = await ask(listCreatePlaces, context, {});
  if (!places.workspace && places.projects.length === 0)
    await requireOnPage(context, "secret:create", { workspaceId: workspace.id, ownerId: context.actor.id });
  const asked = searchParams.project;
  const base = `/${workspace.slug}`;
  // Who looks after everybody's secrets makes them for everybody; others at first for themselves.
  const looksAfterAll = can(context.actor, "secret:update", { workspaceId: workspace.id }).allowed;
  return (
    <ConsolePage crumbs={[{ label: workspace.slug, href: base }, { label: "Secrets", href: `${base}/secrets` }, { label: "New secret" }]}>
      <PageHead
        title="New secret"
        below="Values are sealed on arrival. Every reading of one is recorded."
        actions={<CopyAsCli command="zenml secret create my_secret --key=..." />}
      />
      <div className="pad-x py-5">
        <NewSecret
          workspace={workspace.slug}
          kinds={kindForms()}
          places={places}
          project={places.projects.find((one) => one === asked) ?? null}
          isPrivateAtFirst={!looksAfterAll}
        />
      </div>
    </ConsolePage>
  );
});
