import { ISSUE_LIST } from "@/components/connector/lists";
import { getConnectorPage } from "@/lib/connectors/get-connector-page";
import { listConnectorIssues } from "@/lib/connectors/list-connector-issues";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { exportList } from "../../../../../list-export";

export const dynamic = "force-dynamic";

/** The ledger of a connector that a filter shows, as CSV. */
export const GET = route("connector:read", async ({ context, params, url }) => {
  const connector = await ask(getConnectorPage, context, { id: params.connector });
  return exportList(url, `ledger-of-${connector.id}`, ISSUE_LIST, (input) => ask(listConnectorIssues, context, { ...input, connectorId: connector.id }), [
    ["time", (row) => row.at],
    ["outcome", (row) => row.outcome],
    ["reason", (row) => row.reason],
    ["who", (row) => row.who?.name ?? null],
    ["credential", (row) => row.credential],
    ["run", (row) => row.run?.id ?? null],
    ["run is exact", (row) => (row.run ? (row.run.isExact ? "yes" : "inferred") : null)],
    ["steps", (row) => row.run?.steps.join(", ") ?? null],
    ["resource type", (row) => row.resourceType],
    ["resource", (row) => row.resourceId],
    ["reaches", (row) => row.reach],
    ["acts as", (row) => row.actsAs],
    ["until", (row) => row.expiresAt],
    ["key version", (row) => row.keysVersion],
    ["peer’s request", (row) => row.peerRequestId],
    ["request", (row) => row.requestId],
    ["id", (row) => row.id],
  ]);
});
