import { type Grant, rightsOfGrant } from "./can";
import type { Permission, Reach, Rights } from "./permissions";
import { isRoleId, rightsOf } from "./permissions";
import { roleTitle } from "./role-rule";

// Looking at the console as a role: the person's own grants, each cut to the role's rights at the role's place. It can only take away, so
// whatever reads grants (decisions, row filters, the navigation) needs no word of it.

export type View = {
  role: string;
  /** What a role of the organization's own allows; null for a role of the table. */
  rights: Rights | null;
  /** Null: the whole organization. */
  workspaceId: string | null;
  projectId: string | null;
  /** The place by name. */
  place: string | null;
  until: string;
};

/** "Viewer in fraud-detection". */
export const viewWords = ({ role, place }: Pick<View, "role" | "place">): string => (place ? `${roleTitle(role)} in ${place}` : roleTitle(role));

/** The grants that are left to who views as a role. A deny stays as it is. */
export function viewedGrants(grants: readonly Grant[], view: View): Grant[] {
  const outer = view.rights ?? (isRoleId(view.role) ? rightsOf(view.role) : {});
  return grants.flatMap((grant) => {
    if (grant.effect === "deny") return [grant];
    const place = commonPlace(grant, view);
    const rights = commonRights(rightsOfGrant(grant), outer);
    return place && Object.keys(rights).length > 0 ? [{ ...grant, ...place, role: view.role, rights }] : [];
  });
}

/** What both hold, in the narrower reach. */
function commonRights(held: Rights, outer: Rights): Rights {
  const both: Partial<Record<Permission, Reach>> = {};
  for (const [permission, reach] of Object.entries(held) as [Permission, Reach][]) {
    const other = outer[permission];
    if (other) both[permission] = reach === "any" ? other : reach;
  }
  return both;
}

type Place = Pick<Grant, "scopeKind" | "workspaceId" | "projectId">;

/** The smaller of a grant's place and the view's; undefined when they lie apart. */
function commonPlace(grant: Grant, view: View): Place | undefined {
  const own: Place = { scopeKind: grant.scopeKind, workspaceId: grant.workspaceId, projectId: grant.projectId };
  if (view.workspaceId === null) return own;
  const viewed: Place = { scopeKind: view.projectId ? "project" : "workspace", workspaceId: view.workspaceId, projectId: view.projectId };
  if (grant.scopeKind === "organization") return viewed;
  if (grant.workspaceId !== view.workspaceId) return undefined;
  if (grant.scopeKind === "workspace") return grant.thing ? (view.projectId === null ? own : undefined) : viewed;
  return view.projectId === null || view.projectId === grant.projectId ? own : undefined;
}
