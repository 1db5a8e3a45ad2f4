import { type Limits, reachesShared, within } from "./limits";
import { isRoleId, type Permission, type Reach, type Rights, rightsOf, WORKLOAD_RIGHTS } from "./permissions";
import { isOn, rightsOnThing, type Thing } from "./thing-rule";

// The one decision. Grants flow down (organization → workspaces → projects) and are unioned; a deny grant wins over any allow.

export type Grant = {
  id: string;
  role: string;
  /** What a role of the organization's own allows, as loaded with the grant; left out for a role of the table. */
  rights?: Rights;
  effect: "allow" | "deny";
  scopeKind: "organization" | "workspace" | "project";
  workspaceId: string | null;
  projectId: string | null;
  /** A direct share: it holds for this one thing of the workspace or project. */
  thing?: Thing | null;
  source: string;
  since: string;
  until: string | null;
};

/** Who asks: id and grants as loaded in this request, and what the credential is limited to. */
export type Subject = {
  id: string;
  grants: readonly Grant[];
  /** A workload token acts for one run of one project only. */
  workload?: { runId: string; projectId: string; workspaceId: string };
  /** What the credential may do at most. */
  limits?: Limits;
};

/**
 * Where and on what. `ownerId` is the creator of the thing; `runId` the run it belongs to; `partOf` the thing that it is a part of (of a
 * version its model or artifact). `isList`: asked of a list, whose rows `visibleTo` filters: allowed when any of them may be.
 */
export type Target = {
  workspaceId?: string | null;
  projectId?: string | null;
  ownerId?: string | null;
  runId?: string | null;
  /** Which thing: a direct share holds for it, and a denial's audit entry names it. */
  thing?: { type: string; id: string; name: string | null };
  partOf?: string;
  isList?: boolean;
};

export type Decision = {
  allowed: boolean;
  reach?: Reach;
  grant?: Grant;
  reason: "granted" | "denied_by_grant" | "not_owner" | "no_grant" | "outside_run" | "outside_credential";
};

const NONE: Rights = {};

/** The rights that a grant gives or denies. */
export function rightsOfGrant(grant: Pick<Grant, "role" | "rights" | "thing">): Rights {
  const rights = grant.rights ?? (isRoleId(grant.role) ? rightsOf(grant.role) : NONE);
  return grant.thing ? rightsOnThing(rights, grant.thing.type) : rights;
}

/** Decides one permission on one target. Expects grants that are valid now. */
export function can(subject: Subject, permission: Permission, target: Target = {}): Decision {
  if (subject.workload) {
    const reach = WORKLOAD_RIGHTS[permission];
    const writes = !permission.endsWith(":read");
    const inside =
      target.workspaceId === subject.workload.workspaceId &&
      (target.projectId == null || target.projectId === subject.workload.projectId) &&
      (!writes || target.runId == null || target.runId === subject.workload.runId);
    if (!reach || !inside) return { allowed: false, reason: "outside_run" };
  }
  if (subject.limits && !within(subject.limits, permission, target)) return { allowed: false, reason: "outside_credential" };
  let notOwner: Grant | undefined;
  let decided: Decision | undefined;
  for (const grant of subject.grants) {
    if (!covers(grant, permission, target)) continue; // first: of many grants few are of this place
    const reach = rightsOfGrant(grant)[permission];
    if (!reach) continue;
    if (grant.effect === "deny") return { allowed: false, grant, reason: "denied_by_grant" };
    if (reach === "own" && !subject.workload && target.ownerId !== subject.id) notOwner ??= grant;
    else if (!decided || (decided.reach === "own" && reach === "any")) decided = { allowed: true, reach, grant, reason: "granted" };
  }
  return decided ?? { allowed: false, grant: notOwner, reason: notOwner ? "not_owner" : "no_grant" };
}

/**
 * A grant covers a target below it. One that allows on a project also covers reading what its workspace shares (stacks, the workspace
 * itself); one that denies ends at its project.
 */
export function covers(grant: Grant, permission: Permission, target: Target): boolean {
  if (grant.thing) return target.workspaceId === grant.workspaceId && coversThing(grant, grant.thing, permission, target);
  if (grant.scopeKind === "organization") return true;
  if (target.workspaceId !== grant.workspaceId) return false;
  if (grant.scopeKind === "workspace") return true;
  if (target.projectId) return target.projectId === grant.projectId;
  if (grant.effect === "deny") return false;
  return reachesShared(permission);
}

/** A direct share covers its thing and the parts of it, lists in which it stands, and the way there. */
function coversThing(grant: Grant, thing: Thing, permission: Permission, target: Target): boolean {
  const isAround = !target.projectId || !grant.projectId || target.projectId === grant.projectId;
  if (permission === "project:read" && !grant.projectId) return false;
  if (!isOn(thing.type, permission)) return isAround; // of the rest a share holds nothing but reading the place and oneself
  if (target.isList) return isAround && !permission.endsWith(":create");
  return target.partOf === thing.id || target.thing?.id === thing.id;
}

/** The read permission of the same noun: without it a thing does not exist for the subject (404, not 403). */
export const readPermissionOf = (permission: Permission): Permission => `${permission.split(":")[0]}:read` as Permission;
