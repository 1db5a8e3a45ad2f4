import { INTEGRATION_LIST } from "@/components/integration/lists";
import { listIntegrations } from "@/lib/integrations/list-integrations";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { exportList } from "../../../list-export";

export const dynamic = "force-dynamic";

/** The organization's secrets that a filter shows, as CSV: names and facts. Rows are filtered by integration:read. */
export const GET = route("session:read", ({ context, url }) =>
  exportList(url, "integrations", INTEGRATION_LIST, (input) => ask(listIntegrations, context, input), [
    ["name", (row) => row.name],
    ["id", (row) => row.id],
    ["kind", (row) => row.kind],
    ["for", (row) => (row.everywhere ? "all workspaces" : "named workspaces")],
    ["workspaces", (row) => row.workspaces],
    ["keys", (row) => row.keys],
    ["version", (row) => row.version],
    ["bindings", (row) => row.bound],
    ["last used", (row) => row.lastUsedAt],
    ["last rotated", (row) => row.rotatedAt],
    ["expires", (row) => row.expiresAt],
    ["created", (row) => row.createdAt],
  ]),
);
