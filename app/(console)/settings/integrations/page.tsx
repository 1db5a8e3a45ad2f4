import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { IntegrationsTable } from "@/components/integration/integrations-table";
import { INTEGRATION_LIST, INTEGRATIONS, ROWS_PER_PAGE } from "@/components/integration/lists";
import { ConsolePage } from "@/components/shell/console-page";
import { InView } from "@/components/table/in-view";
import { ListFailure } from "@/components/table/list-failure";
import { ButtonLink } from "@/components/ui/button";
import { ExportLink } from "@/components/ui/export-link";
import { PageHead } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { listIntegrations } from "@/lib/integrations/list-integrations";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { organizationSections } from "@/lib/organizations/sections";
import { drawnList, readList } from "../../read-list";
import { refusalOf } from "../../refusal";

export const metadata: Metadata = { title: "Integrations" };

// For those who may read integrations somewhere: System Admins, who change them, Auditors and Workspace Admins.
export default page("session:read", async (args) => {
  const { context, place } = args;
  if (!organizationSections(context.actor).includes("integrations")) notFound();
  const { data: list, failure, view, search } = await readList(args, INTEGRATION_LIST, ROWS_PER_PAGE, (input) => ask(listIntegrations, context, input));
  const refusal = refusalOf(context.actor, "integration:create", {}, "Making secrets of the organization is not in your role");
  return (
    <ConsolePage fills crumbs={[{ label: place.organization.name, href: "/" }, { label: "Integrations" }]}>
      <PageHead
        isInBar
        title="Integrations"
        beside={list && <InView total={list.total} />}
        below="Secrets of the whole organization: kept once, and used by the workspaces that are given them."
        actions={
          <>
            <ExportLink href={`${INTEGRATIONS}/export${search}`} />
            <ButtonLink href={`${INTEGRATIONS}/deleted`}>Deleted</ButtonLink>
            {refusal ? (
              <RefusedControl label="New secret" refusal={refusal} />
            ) : (
              <ButtonLink href={`${INTEGRATIONS}/new`} look="primary" icon="plus">
                New secret
              </ButtonLink>
            )}
          </>
        }
      />
      {failure ? (
        <ListFailure failure={failure} path={INTEGRATIONS} />
      ) : (
        <IntegrationsTable
          {...drawnList(list, view)}
          empty={
            <EmptyState title="The organization has no secret yet.">
              <p className="max-w-[72ch]">
                A key that several workspaces use is kept here once. Each workspace that is given it binds it to its own stacks, components, pipelines and
                steps; nobody there sees or changes its value.
              </p>
            </EmptyState>
          }
        />
      )}
    </ConsolePage>
  );
});
