import { CliBox } from "@/components/ui/cli-box";
import { PlainTable } from "@/components/ui/plain-table";
import type { Provider } from "@/lib/directories/schema";

/** What to fill in at the provider, by the names that its fields have there. */
const FIELDS: Record<Provider, (endpoint: string) => [string, string][]> = {
  okta: (endpoint) => [
    ["SCIM connector base URL", endpoint],
    ["Unique identifier field for users", "userName"],
    ["Supported provisioning actions", "Push New Users, Push Profile Updates, Push Groups"],
    ["Authentication Mode", "HTTP Header"],
    ["Authorization", "Bearer <the token>"],
  ],
  entra: (endpoint) => [
    ["Provisioning Mode", "Automatic"],
    ["Tenant URL", `${endpoint}?aadOptscim062020`],
    ["Secret Token", "<the token>"],
    ["Scope", "Sync only assigned users and groups"],
  ],
  other: (endpoint) => [
    ["Base URL", endpoint],
    ["Authentication", "Bearer <the token>"],
    ["Media type", "application/scim+json"],
  ],
};

export function Endpoint({ provider, endpoint }: { provider: Provider; endpoint: string }) {
  return (
    <>
      <CliBox command={endpoint} label="Copy address" />
      <div className="mt-3">
        <PlainTable
          label="What to fill in there"
          columns={[{ label: "Field there", className: "whitespace-nowrap" }, { label: "Value" }]}
          rows={FIELDS[provider](endpoint).map(([field, value]) => ({
            key: field,
            cells: [
              field,
              <code key="value" className="break-all">
                {value}
              </code>,
            ],
          }))}
        />
      </div>
    </>
  );
}
