import { CONNECTOR_LIST } from "@/components/connector/lists";
import { listConnectorRows } from "@/lib/connectors/list-connector-rows";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { exportList } from "../../../list-export";

export const dynamic = "force-dynamic";

/** The connectors that a filter shows, as CSV. */
export const GET = route("connector:read", ({ context, url }) =>
  exportList(url, `connectors-${context.workspace?.slug}`, CONNECTOR_LIST, (input) => ask(listConnectorRows, context, input), [
    ["name", (row) => row.name],
    ["id", (row) => row.id],
    ["type", (row) => row.type],
    ["method", (row) => row.method],
    ["resource types", (row) => row.resourceTypes.join(" ")],
    ["resource", (row) => row.resourceId],
    ["issued in 24 hours", (row) => row.issued],
    ["last verified", (row) => row.verifiedAt],
    ["last error", (row) => row.lastError],
    ["keys expire", (row) => row.expiresAt],
    ["owner", (row) => row.owner?.name ?? null],
    ["created", (row) => row.createdAt],
  ]),
);
