import { ORGANIZATION_USE_LIST } from "@/components/secret/lists";
import { getIntegration, listIntegrationUses } from "@/lib/integrations/get-integration";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { exportList } from "../../../../../list-export";
import { USE_COLUMNS } from "../../../../../use-columns";

export const dynamic = "force-dynamic";

/** The uses of one of the organization's secrets that a filter shows, as CSV. */
export const GET = route("session:read", async ({ context, params, url }) => {
  const { id } = await ask(getIntegration, context, { id: params.secret });
  return exportList(url, `uses-of-${id}`, ORGANIZATION_USE_LIST, (input) => ask(listIntegrationUses, context, { ...input, id }), [
    ["workspace", (row) => row.workspace],
    ...USE_COLUMNS,
  ]);
});
