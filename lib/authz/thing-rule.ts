import type { Permission, ResourceName, Rights } from "./permissions";

// What can be shared one by one (PERMISSIONS §3 rule 6), and what a role gives on one thing: its rights on things of that kind, and being let
// in to where the thing is. Nothing else of the place.

export const THING_TYPES = ["stack", "component", "secret", "connector", "pipeline", "model", "artifact"] as const satisfies ResourceName[];
export type ThingType = (typeof THING_TYPES)[number];
export type Thing = { type: ThingType; id: string };

const KNOWN: ReadonlySet<string> = new Set(THING_TYPES);

/** True for a kind of thing that can be shared. */
export const isThingType = (text: string): text is ThingType => KNOWN.has(text);

/** Whether a permission is one on things of a kind. */
export const isOn = (type: ThingType, permission: Permission): boolean => permission.startsWith(`${type}:`);

/** Who reaches one thing finds the workspace and the project around it, and themselves: no client gets in without. */
const ENTRY: Rights = { "workspace:read": "any", "project:read": "any", "user:read": "own" };

/** Roles are few and stay as they are; an organization's own are loaded with each request and forgotten with it. */
const narrowed = new WeakMap<Rights, Map<ThingType, Rights>>();

/** The rights of a role on one thing; none when they don't include reading it. */
export function rightsOnThing(rights: Rights, type: ThingType): Rights {
  const known = narrowed.get(rights)?.get(type);
  if (known) return known;
  const on = Object.entries(rights).filter(([permission]) => isOn(type, permission as Permission));
  const made: Rights = rights[`${type}:read`] ? { ...ENTRY, ...Object.fromEntries(on) } : {};
  narrowed.set(rights, (narrowed.get(rights) ?? new Map<ThingType, Rights>()).set(type, made));
  return made;
}

/** Of those, the rights on the thing itself. */
export const rightsOnIt = (rights: Rights, type: ThingType): Rights =>
  Object.fromEntries(Object.entries(rightsOnThing(rights, type)).filter(([permission]) => isOn(type, permission as Permission)));

/** What the owner of a thing passes on who gives no roles (lib/access/share-own.ts): reading it with its content, using it and trying it. */
const OWNER_GIVES: ReadonlySet<string> = new Set(["read", "download", "use", "verify"]);

/** Whether a role gives no more than that on what somebody else owns: making others of its kind and acting on own ones are no part of it. */
export const isOwnersGift = (rights: Rights, type: ThingType): boolean =>
  Object.entries(rightsOnIt(rights, type)).every(
    ([permission, reach]) => reach === "own" || permission === `${type}:create` || OWNER_GIVES.has(permission.split(":")[1] ?? ""),
  );
