import { type Permission, PERMISSIONS } from "./permissions";

// What a credential may do at most, whatever its owner may: an API key's or personal token's scopes, and the workspace or project it is
// bound to (PERMISSIONS §3 rule 4). Never widens: `can` and `visibleTo` ask the owner's grants as well.

export type Limits = {
  /** Null: everything that the owner may. */
  permissions: ReadonlySet<Permission> | null;
  workspaceId: string | null;
  projectId: string | null;
};

/** Without these no client gets past its first calls: where it is, who it is, which projects and stacks there are. */
export const ALWAYS_IN_SCOPE = ["workspace:read", "project:read", "user:read", "stack:read", "component:read", "flavor:read"] as const satisfies Permission[];

const KNOWN: ReadonlySet<string> = new Set(PERMISSIONS);

/** True for text that is a permission: what a scope may be. */
export const isScope = (text: string): text is Permission => KNOWN.has(text);

/** The limits of a credential's row; undefined when it has none. A scope that changes things includes reading them. */
export function limitsOf(row: { scopes?: readonly string[] | null; workspaceId?: string | null; projectId?: string | null }): Limits | undefined {
  if (!row.scopes && !row.workspaceId && !row.projectId) return undefined;
  const scopes = row.scopes?.filter(isScope);
  const reads = scopes?.map((scope) => `${scope.split(":")[0]}:read`).filter(isScope);
  return {
    permissions: scopes ? new Set<Permission>([...ALWAYS_IN_SCOPE, ...scopes, ...(reads ?? [])]) : null,
    workspaceId: row.workspaceId ?? null,
    projectId: row.projectId ?? null,
  };
}

/** Whether a permission lies within the limits, wherever it is asked. */
export const permits = (limits: Limits, permission: Permission): boolean => !limits.permissions || limits.permissions.has(permission);

/** What a project's credential may read of the workspace around it, as a grant on a project does. */
export const reachesShared = (permission: Permission): boolean => permission.endsWith(":read") && !permission.startsWith("audit-entry:");

/** Whether a permission on a target lies within the limits. */
export function within(limits: Limits, permission: Permission, target: { workspaceId?: string | null; projectId?: string | null }): boolean {
  if (!permits(limits, permission)) return false;
  if (limits.workspaceId && target.workspaceId !== limits.workspaceId) return false;
  if (!limits.projectId) return true;
  return target.projectId ? target.projectId === limits.projectId : reachesShared(permission);
}
