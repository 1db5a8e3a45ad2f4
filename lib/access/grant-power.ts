import { can, type Grant, rightsOfGrant, type Subject } from "@/lib/authz/can";
import type { Permission, Reach, Rights, Role } from "@/lib/authz/permissions";
import { rightsOnThing, type Thing, type ThingType } from "@/lib/authz/thing-rule";

// What a granter may pass on (PERMISSIONS §3 rule 1): every right of the role at the place, none longer than the granter holds it. Who
// administers the grants of the whole organization passes on every role (docs/decisions/0012-who-administers-grants.md).

export type GrantScope = { kind: Grant["scopeKind"]; workspaceId: string | null; projectId: string | null; thing?: ScopeThing };

/** The one thing that a direct share is of; `kind` and ids of its scope say where it is. */
export type ScopeThing = Thing & { name: string; ownerId: string | null };

export type GrantPower = {
  /** Rights of the role that the granter does not hold there; empty when all are held. */
  missing: Permission[];
  /** When the first of the held rights ends; null when none does. */
  until: string | null;
};

/** The power of a subject to open grants of a role at a scope. Expects grants that hold now. */
export function powerOver(subject: Subject, role: Pick<Role, "rights">, scope: GrantScope): GrantPower {
  if (can(subject, "grant:create").allowed) return { missing: [], until: heldUntil(subject, "grant:create", "any", ORGANIZATION) };
  const { thing } = scope;
  const rights = thing ? givenWith(role.rights, thing.type, scope) : role.rights;
  const below = subject.grants.filter((grant) => grant.effect === "deny" && isBelow(grant, scope));
  const missing: Permission[] = [];
  let until: string | null = null;
  for (const [permission, reach] of Object.entries(rights) as [Permission, Reach][]) {
    const ownerId = reach === "own" ? subject.id : (thing?.ownerId ?? null);
    const target = { workspaceId: scope.workspaceId, projectId: scope.projectId, ownerId, thing };
    if (!can(subject, permission, target).allowed || below.some((grant) => rightsOfGrant(grant)[permission])) missing.push(permission);
    else until = earlier(until, heldUntil(subject, permission, reach, scope));
  }
  return { missing, until };
}

/** A share gives the thing and the way there; that its holder finds themselves is nobody's to give. */
function givenWith(rights: Rights, type: ThingType, { projectId }: GrantScope): Rights {
  const { "user:read": _, "project:read": project, ...given } = rightsOnThing(rights, type);
  return project && projectId ? { ...given, "project:read": project } : given;
}

const ORGANIZATION: GrantScope = { kind: "organization", workspaceId: null, projectId: null };

/** True for a grant on the place or on something inside it. */
function isBelow(grant: Grant, scope: GrantScope): boolean {
  if (scope.kind === "organization") return true;
  if (grant.workspaceId !== scope.workspaceId) return false;
  return scope.kind === "workspace" || grant.projectId === scope.projectId;
}

/** When the longest grant that gives the right over the whole scope ends. */
function heldUntil(subject: Subject, permission: Permission, reach: Reach, scope: GrantScope): string | null {
  let latest: string | null | undefined;
  for (const grant of subject.grants) {
    const held = rightsOfGrant(grant)[permission];
    const isTheirs = reach === "own" || scope.thing?.ownerId === subject.id;
    if (grant.effect === "deny" || !held || (held === "own" && !isTheirs) || !contains(grant, scope)) continue;
    latest = latest === undefined ? grant.until : later(latest, grant.until);
  }
  return latest ?? null;
}

function contains(grant: Grant, scope: GrantScope): boolean {
  if (grant.thing && grant.thing.id !== scope.thing?.id) return false;
  if (grant.scopeKind === "organization") return true;
  if (grant.workspaceId !== scope.workspaceId) return false;
  return grant.scopeKind === "workspace" || grant.projectId === scope.projectId;
}

const earlier = (a: string | null, b: string | null): string | null => (a === null ? b : b === null ? a : Date.parse(a) < Date.parse(b) ? a : b);
const later = (a: string | null, b: string | null): string | null => (a === null || b === null ? null : Date.parse(a) > Date.parse(b) ? a : b);
