import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { INTEGRATIONS } from "@/components/integration/lists";
import { DestroySecret } from "@/components/secret/destroy-secret";
import { ConsolePage } from "@/components/shell/console-page";
import { ActButton } from "@/components/ui/act-button";
import { FailureState } from "@/components/ui/failure-state";
import { PageHead } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { WhoChip } from "@/components/ui/who";
import { can } from "@/lib/authz/can";
import { listDeletedIntegrations } from "@/lib/integrations/list-integrations";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { organizationSections } from "@/lib/organizations/sections";
import { attempt } from "../../../attempt";
import { bringBackIntegration, destroyIntegrationAction } from "../actions";

export const metadata: Metadata = { title: "Deleted secrets of the organization" };

/** Deleted secrets of the organization: brought back with their values, or destroyed for good. */
export default page("session:read", async ({ context, place }) => {
  if (!organizationSections(context.actor).includes("integrations")) notFound();
  const { data: rows, failure } = await attempt(context, () => ask(listDeletedIntegrations, context, {}));
  const mayDelete = can(context.actor, "integration:delete").allowed;
  return (
    <ConsolePage crumbs={[{ label: place.organization.name, href: "/" }, { label: "Integrations", href: INTEGRATIONS }, { label: "Deleted" }]}>
      <PageHead
        title="Deleted secrets of the organization"
        below="No workspace can use them, and their names are free. They can be brought back, to the workspaces that had them, until their values are destroyed."
      />
      <div className="pad-x py-5">
        {failure ? (
          <FailureState failure={failure} />
        ) : rows.length === 0 ? (
          <EmptyState title="No deleted secret of the organization is kept.">A secret that is deleted stands here until its values are destroyed.</EmptyState>
        ) : (
          <PlainTable
            label="Deleted secrets"
            columns={[{ label: "Name" }, { label: "Values" }, { label: "Deleted by" }, { label: "Deleted" }, { label: "Actions", align: "right" }]}
            rows={rows.map((row) => ({
              key: row.id,
              cells: [
                <b key="name" className="break-all text-ink">
                  {row.name}
                </b>,
                row.open === 0 ? "destroyed" : `${row.open} of ${row.versions} versions`,
                <WhoChip key="by" person={row.by} />,
                <Time key="at" at={row.at} />,
                mayDelete && (
                  <span key="acts" className="flex flex-wrap justify-end gap-2">
                    <ActButton action={bringBackIntegration} fields={{ id: row.id }} said={`${row.name} is back.`}>
                      Bring back
                    </ActButton>
                    {row.open > 0 && <DestroySecret action={destroyIntegrationAction} fields={{ id: row.id }} name={row.name} />}
                  </span>
                ),
              ],
            }))}
          />
        )}
      </div>
    </ConsolePage>
  );
});
