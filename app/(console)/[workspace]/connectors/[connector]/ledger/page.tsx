import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { IssuesTable } from "@/components/connector/issues-table";
import { ISSUE_LIST, ROWS_PER_PAGE } from "@/components/connector/lists";
import { ConsolePage } from "@/components/shell/console-page";
import { ListFailure } from "@/components/table/list-failure";
import { ExportLink } from "@/components/ui/export-link";
import { EmptyState } from "@/components/ui/states";
import { can } from "@/lib/authz/can";
import { getConnectorPage } from "@/lib/connectors/get-connector-page";
import { listConnectorIssues } from "@/lib/connectors/list-connector-issues";
import { isUuid } from "@/lib/kernel/id";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { drawnList, readList } from "../../../../read-list";
import { ConnectorHead } from "../connector-head";

export const metadata: Metadata = { title: "Ledger of a connector" };

/** Who got which credential, for what and until when; and who was refused one. */
export default page("connector:read", async (args) => {
  const { context, place, params } = args;
  const { workspace } = place;
  const id = params.connector?.toLowerCase();
  if (!workspace || !isUuid(id)) notFound();
  const { actor } = context;
  const { data, failure, view, search } = await readList(args, ISSUE_LIST, ROWS_PER_PAGE, (input) =>
    Promise.all([ask(getConnectorPage, context, { id }), ask(listConnectorIssues, context, { connectorId: id, ...input })]),
  );
  const base = `/${workspace.slug}`;
  const path = `${base}/connectors/${id}/ledger`;
  const crumbs = [
    { label: workspace.slug, href: base },
    { label: "Connectors", href: `${base}/connectors` },
  ];
  if (failure)
    return (
      <ConsolePage crumbs={[...crumbs, { label: "Connector" }]}>
        <ListFailure failure={failure} path={path} />
      </ConsolePage>
    );
  const [connector, list] = data;
  const mayReadAudit = can(actor, "audit-entry:read", { workspaceId: workspace.id, ownerId: actor.id }).allowed;
  return (
    <ConsolePage fills crumbs={[...crumbs, { label: connector.name, href: `${base}/connectors/${id}` }, { label: "Ledger" }]}>
      <ConnectorHead connector={connector} actor={actor} workspace={workspace} current="ledger" />
      <IssuesTable
        {...drawnList(list, view)}
        path={path}
        workspace={workspace.slug}
        auditPath={mayReadAudit ? `${base}/audit` : null}
        barEnd={<ExportLink href={`${path}/export${search}`} />}
        empty={<EmptyState title="Nobody has asked it for a credential yet." />}
      />
    </ConsolePage>
  );
});
