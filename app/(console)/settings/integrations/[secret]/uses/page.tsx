import type { Metadata } from "next";
import { ORGANIZATION_USE_LIST, ROWS_PER_PAGE } from "@/components/secret/lists";
import { UsesTable } from "@/components/secret/uses-table";
import { ConsolePage } from "@/components/shell/console-page";
import { ExportLink } from "@/components/ui/export-link";
import { EmptyState } from "@/components/ui/states";
import { listIntegrationUses } from "@/lib/integrations/get-integration";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { canReadOrganizationAudit } from "@/lib/organizations/get-shell";
import { FailurePage } from "../../../../failure-page";
import { drawnList, readList } from "../../../../read-list";
import { IntegrationHead } from "../integration-head";
import { integrationPlace, readIntegration } from "../read-integration";

export const metadata: Metadata = { title: "Uses of a secret of the organization" };

/** Which runs read its values, in all workspaces that the reader reaches. */
export default page("session:read", async (args) => {
  const { context } = args;
  const { id, path: secretPath, crumbs } = integrationPlace(args);
  const { data, failure, view, search } = await readList(args, ORGANIZATION_USE_LIST, ROWS_PER_PAGE, (input) =>
    Promise.all([readIntegration(context, id), ask(listIntegrationUses, context, { id, ...input })]),
  );
  const path = `${secretPath}/uses`;
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Secret" }]} failure={failure} listPath={path} />;
  const [[secret, choices], list] = data;
  return (
    <ConsolePage fills crumbs={[...crumbs, { label: secret.name, href: secretPath }, { label: "Uses" }]}>
      <IntegrationHead secret={secret} actor={context.actor} current="uses" choices={choices} />
      <UsesTable
        {...drawnList(list, view)}
        ofOrganization
        path={path}
        readsAudit={canReadOrganizationAudit(context.actor)}
        barEnd={<ExportLink href={`${path}/export${search}`} />}
        empty={<EmptyState title="No run has read its values yet." />}
      />
    </ConsolePage>
  );
});
