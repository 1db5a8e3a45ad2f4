import { ORGANIZATION_ACCOUNTS, WORKSPACE_ACCOUNTS } from "@/components/service-account/account-list";
import { ask } from "@/lib/kernel/query";
import type { RouteArguments } from "@/lib/kernel/route";
import { listAllServiceAccounts, listServiceAccounts } from "@/lib/service-accounts/list-service-accounts";
import type { AccountRow } from "@/lib/service-accounts/schema";
import { exportList } from "../../list-export";

/** The service accounts that a filter shows, as CSV. */
export function exportAccounts({ context, url }: RouteArguments): Promise<Response> {
  const { workspace } = context;
  const list = workspace ? listServiceAccounts : listAllServiceAccounts;
  const name = workspace ? `service-accounts-${workspace.slug}` : "service-accounts";
  return exportList<AccountRow>(url, name, workspace ? WORKSPACE_ACCOUNTS : ORGANIZATION_ACCOUNTS, (input) => ask(list, context, input), [
    ["name", (row) => row.name],
    ["id", (row) => row.id],
    ["state", (row) => (row.active ? "active" : "deactivated")],
    ["workspace", (row) => row.workspace],
    ["roles", (row) => row.roles],
    ["keys", (row) => row.keys],
    ["last used", (row) => row.lastUsedAt],
    ["next expiry", (row) => row.nextExpiry],
    ["made by", (row) => row.owner],
    ["description", (row) => row.description],
    ["created", (row) => row.createdAt],
  ]);
}
