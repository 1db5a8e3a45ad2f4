import "server-only";
import { environment } from "@/lib/kernel/env";
import type { Workspace } from "@/lib/kernel/command";
import { outsideScope } from "@/lib/kernel/transaction";

/** The dialect that Reeve speaks; the client compares it with its own version and warns when they differ. */
export const WIRE_VERSION = "0.98.0";

let serverId: string | undefined;

/** `GET /info`: what a client asks first, without a credential (WIRE §2). */
export async function serverInfo(workspace: Workspace): Promise<Record<string, unknown>> {
  serverId ??= (await outsideScope((tx) => tx.selectFrom("installation").select("server_id").executeTakeFirstOrThrow())).server_id;
  const url = `${environment().url.replace(/\/$/, "")}/${workspace.slug}`;
  return {
    id: serverId,
    name: workspace.slug,
    version: WIRE_VERSION,
    active: true,
    debug: false,
    deployment_type: "other",
    database_type: "other",
    secrets_store_type: "none",
    auth_scheme: "OAUTH2_PASSWORD_BEARER",
    server_url: url,
    dashboard_url: url,
    analytics_enabled: false,
    metadata: { product: "reeve" },
    last_user_activity: null,
    pro_dashboard_url: null,
    pro_api_url: null,
    pro_organization_id: null,
    pro_organization_name: null,
    pro_workspace_id: null,
    pro_workspace_name: null,
  };
}
