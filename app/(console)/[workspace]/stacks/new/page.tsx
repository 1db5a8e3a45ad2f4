import type { Metadata } from "next";
import { ConsolePage } from "@/components/shell/console-page";
import { StackForm } from "@/components/stack/stack-form";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { PageHead } from "@/components/ui/page-head";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listPartChoices } from "@/lib/stacks/get-stack-page";
import { registerStack } from "../actions";

export const metadata: Metadata = { title: "New stack" };

export default page("stack:create", async ({ context, place }) => {
  const { workspace } = place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const choices = await ask(listPartChoices, context, {});
  const base = `/${workspace.slug}`;
  return (
    <ConsolePage crumbs={[{ label: workspace.slug, href: base }, { label: "Stacks", href: `${base}/stacks` }, { label: "New stack" }]}>
      <PageHead
        title="New stack"
        below="What pipelines run on: one orchestrator, one artifact store, and what else steps need."
        actions={<CopyAsCli command="zenml stack register my_stack -o my_orchestrator -a my_store" />}
      />
      <div className="pad-x py-5">
        <StackForm workspace={workspace.slug} action={registerStack} choices={choices} cancelHref={`${base}/stacks`} />
      </div>
    </ConsolePage>
  );
});
