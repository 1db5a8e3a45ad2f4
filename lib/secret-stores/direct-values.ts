import "server-only";
import { can } from "@/lib/authz/can";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";

// Who says where values lie can have them lie where they read them. So it takes both: to read every value of the workspace, which is what the commands ask for,
// and to change its settings. A System Admin, who reads no values, has none sent to a server of their own (decision 39).

/** Error: forbidden. Reading values is the permission of the command that asks. */
export function requireSettings(actor: Actor, workspaceId: string): void {
  if (!can(actor, "workspace:update", { workspaceId }).allowed)
    throw new AppError("forbidden", "Where values lie is a setting of the workspace, and changing those is not in your role.", { reason: "no_grant" });
}

export const mayDirectValues = (actor: Actor, workspaceId: string): boolean =>
  (["secret:read-value", "workspace:update"] as const).every((permission) => can(actor, permission, { workspaceId }).allowed);
