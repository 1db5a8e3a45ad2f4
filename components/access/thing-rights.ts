import { type Permission, RESOURCES, type Rights, ROLES, type RoleId, ROLE_IDS, rightsOf } from "@/lib/authz/permissions";
import { isOwnersGift, rightsOnIt, type ThingType } from "@/lib/authz/thing-rule";
import { type OwnRole, ROLE_CHOICES } from "./grant-list";

// What roles give on one thing, in words: for who may reach it, and before it is shared.

const WORDS: Record<string, string> = { update: "change", "read-value": "reveal values" };
const words = (verb: string) => WORDS[verb] ?? verb.replaceAll("-", " ");

/** "read", "change own": in the order of the permission table. */
function rightsWords(rights: Rights, noun: ThingType | "flavor"): string[] {
  return RESOURCES[noun].actions.flatMap((verb) => {
    const reach = rights[`${noun}:${verb}` as Permission];
    return reach ? [reach === "own" && verb !== "create" ? (verb === "read-value" ? "reveal values of own" : `${words(verb)} own`) : words(verb)] : [];
  });
}

/** What each role may do with things of a noun, in words; roles that may nothing are left out. */
export const accessByRole = (noun: ThingType | "flavor"): { role: string; can: string[] }[] =>
  ROLE_IDS.flatMap((id) => {
    const can = rightsWords(rightsOf(id), noun);
    return can.length > 0 ? [{ role: ROLES[id].title, can }] : [];
  });

/** A role by which a thing can be shared, and what it gives on it. */
export type ShareRole = { value: string; label: string; gives: string[]; givesOwn: string[] };

/** The roles that can be given on one thing of a kind. `isOwners`: by its owner, who gives no roles, and passes on what reads and uses it. */
export function shareRoles(type: ThingType, own: readonly OwnRole[], isOwners: boolean): ShareRole[] {
  const all = [
    ...ROLE_CHOICES.map(({ value, label }) => ({ value, label, base: value as RoleId, rights: rightsOf(value as RoleId) })),
    ...own.map(({ value, label, base, rights }) => ({ value, label, base, rights })),
  ];
  return all.flatMap(({ value, label, base, rights }) => {
    const given = Object.entries(rightsOnIt(rights, type));
    if (isOwners && !isOwnersGift(rights, type)) return [];
    if (given.length === 0 || (ROLES[base].scope as readonly string[]).includes("organization")) return [];
    const verbs = (reach: string) => given.flatMap(([permission, held]) => (held === reach ? [words(permission.split(":")[1] ?? "")] : []));
    return [{ value, label, gives: verbs("any"), givesOwn: verbs("own") }];
  });
}
