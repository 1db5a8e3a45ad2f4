import type { Metadata } from "next";
import { NewIntegration } from "@/components/integration/new-integration";
import { INTEGRATIONS } from "@/components/integration/lists";
import { ConsolePage } from "@/components/shell/console-page";
import { PageHead } from "@/components/ui/page-head";
import { listWorkspaceChoices } from "@/lib/integrations/list-integrations";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { kindForms } from "@/lib/secrets/kinds";

export const metadata: Metadata = { title: "New secret of the organization" };

export default page("integration:create", async ({ context, place }) => {
  const workspaces = await ask(listWorkspaceChoices, context, {});
  return (
    <ConsolePage crumbs={[{ label: place.organization.name, href: "/" }, { label: "Integrations", href: INTEGRATIONS }, { label: "New secret" }]}>
      <PageHead
        title="New secret of the organization"
        below="Its values are sealed on arrival and rest in Reeve’s own store, whatever stores workspaces have. Nobody sees them again; every reading by a run is recorded."
      />
      <div className="pad-x py-5">
        <NewIntegration kinds={kindForms()} workspaces={workspaces} />
      </div>
    </ConsolePage>
  );
});
