import type { Metadata } from "next";
import { ConnectorForm } from "@/components/connector/connector-form";
import { ConsolePage } from "@/components/shell/console-page";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { PageHead } from "@/components/ui/page-head";
import { can } from "@/lib/authz/can";
import { formTypes } from "@/lib/connectors/form-types";
import { environment } from "@/lib/kernel/env";
import { page } from "@/lib/kernel/page";

export const metadata: Metadata = { title: "New connector" };

export default page("connector:create", async ({ context, place }) => {
  const { workspace } = place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const base = `/${workspace.slug}`;
  const mayRunImplicit = environment().implicitConnectors && can(context.actor, "connector:update", { workspaceId: workspace.id }).allowed;
  return (
    <ConsolePage crumbs={[{ label: workspace.slug, href: base }, { label: "Connectors", href: `${base}/connectors` }, { label: "New connector" }]}>
      <PageHead
        title="New connector"
        below="Its keys are sealed on arrival and stay with Reeve. Clients get short-lived credentials, each one recorded."
        actions={<CopyAsCli command="zenml service-connector register -i" />}
      />
      <div className="pad-x py-5">
        <ConnectorForm workspace={workspace.slug} types={formTypes()} mayRunImplicit={mayRunImplicit} />
      </div>
    </ConsolePage>
  );
});
