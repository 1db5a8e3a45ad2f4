import { isRoleId, type Permission, PERMISSIONS, type Reach, type Rights, type Role, type RoleId, ROLES, rightsOf } from "./permissions";

// Rules on roles: what one is called, when one is within another, and what an organization's own role may hold.

/** True when rights are at most others: every right of them, in no wider reach. */
export function isWithin(rights: Rights, outer: Rights): boolean {
  return (Object.entries(rights) as [Permission, Reach][]).every(([permission, reach]) => outer[permission] === "any" || outer[permission] === reach);
}

/** What a role is called. An organization's own is called by its name: `release-manager` is "Release manager". */
export function roleTitle(id: string): string {
  if (isRoleId(id)) return ROLES[id].title;
  const words = id.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The roles that can be cloned: those that people hold by a grant. */
export const isClonable = (id: RoleId): boolean => id !== "member" && id !== "runner";
export const CLONABLE = (Object.keys(ROLES) as RoleId[]).filter((id): boolean => isClonable(id));

/** Who holds these on the whole organization gives every role to everybody (decision 12): that is the System Admin's alone. */
const ADMINISTERS = /^(grant|role):(create|update|delete)$/;

/**
 * The reaches in which a clone of a role may hold each permission: those in which some role of the table holds it that is granted at all the
 * scopes of the base.
 */
export function holdable(base: RoleId): ReadonlyMap<Permission, ReadonlySet<Reach>> {
  const scopes: Role["scope"] = ROLES[base].scope;
  const alike = CLONABLE.filter((id) => scopes.every((scope) => (ROLES[id].scope as Role["scope"]).includes(scope)));
  const found = new Map<Permission, ReadonlySet<Reach>>();
  for (const permission of PERMISSIONS) {
    if (scopes.includes("organization") && ADMINISTERS.test(permission)) continue;
    const reaches = new Set(alike.flatMap((id) => rightsOf(id)[permission] ?? []));
    if (reaches.size > 0) found.set(permission, reaches);
  }
  return found;
}

/** A role's own rights as far as a clone of it may hold them. */
export function clonedRights(base: RoleId): Rights {
  const may = holdable(base);
  return Object.fromEntries(Object.entries(rightsOf(base)).filter(([permission]) => may.has(permission as Permission)));
}

/** What is wrong with rights of a clone; undefined when nothing is. Who may change a kind of thing may read it. */
export function rightsProblem(base: RoleId, rights: Rights): string | undefined {
  const may = holdable(base);
  for (const [permission, reach] of Object.entries(rights) as [Permission, Reach][]) {
    if (!may.get(permission)?.has(reach)) return `A role made from ${ROLES[base].title} can't hold ${permission}${reach === "own" ? " on own things" : ""}.`;
    const read = `${permission.split(":")[0]}:read` as Permission;
    if (may.has(read) && !rights[read]) return `${permission} needs ${read}: what can't be read doesn't exist for who holds the role.`;
  }
  return Object.keys(rights).length === 0 ? "A role holds at least one right." : undefined;
}

export type RightChange = { permission: Permission; before: Reach | null; after: Reach | null };

/** What differs between rights, in the table's order. */
export const rightChanges = (before: Rights, after: Rights): RightChange[] =>
  PERMISSIONS.flatMap((permission) =>
    before[permission] === after[permission] ? [] : [{ permission, before: before[permission] ?? null, after: after[permission] ?? null }],
  );
