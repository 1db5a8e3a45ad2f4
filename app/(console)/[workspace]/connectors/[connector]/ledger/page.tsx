import type { Metadata } from "next";
import { IssuesTable } from "@/components/connector/issues-table";
import { ISSUE_LIST, ROWS_PER_PAGE } from "@/components/connector/lists";
import { ConsolePage } from "@/components/shell/console-page";
import { ExportLink } from "@/components/ui/export-link";
import { EmptyState } from "@/components/ui/states";
import { can } from "@/lib/authz/can";
import { getConnectorPage } from "@/lib/connectors/get-connector-page";
import { listConnectorIssues } from "@/lib/connectors/list-connector-issues";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { FailurePage } from "../../../../failure-page";
import { drawnList, readList } from "../../../../read-list";
import { thingPlace } from "../../../thing-place";
import { ConnectorHead } from "../connector-head";

export const metadata: Metadata = { title: "Ledger of a connector" };

/** Who got which credential, for what and until when; and who was refused one. */
export default page("connector:read", async (args) => {
  const { context } = args;
  const { actor } = context;
  const { workspace, id, base, path: connectorPath, crumbs } = thingPlace(args, "connector");
  const { data, failure, view, search } = await readList(args, ISSUE_LIST, ROWS_PER_PAGE, (input) =>
    Promise.all([ask(getConnectorPage, context, { id }), ask(listConnectorIssues, context, { connectorId: id, ...input })]),
  );
  const path = `${connectorPath}/ledger`;
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Connector" }]} failure={failure} listPath={path} />;
  const [connector, list] = data;
  const mayReadAudit = can(actor, "audit-entry:read", { workspaceId: workspace.id, ownerId: actor.id }).allowed;
  return (
    <ConsolePage fills crumbs={[...crumbs, { label: connector.name, href: connectorPath }, { label: "Ledger" }]}>
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
