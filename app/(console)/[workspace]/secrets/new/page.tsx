import type { Metadata } from "next";
import { NewSecret } from "@/components/secret/new-secret";
import { ConsolePage } from "@/components/shell/console-page";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { PageHead } from "@/components/ui/page-head";
import { can } from "@/lib/authz/can";
import { page } from "@/lib/kernel/page";
import { kindForms } from "@/lib/secrets/kinds";

export const metadata: Metadata = { title: "New secret" };

export default page("secret:create", async ({ context, place }) => {
  const { workspace } = place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
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
        <NewSecret workspace={workspace.slug} kinds={kindForms()} isPrivateAtFirst={!looksAfterAll} />
      </div>
    </ConsolePage>
  );
});
