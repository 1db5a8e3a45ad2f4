import { type Permission, ROLES, type RoleId, ROLE_IDS, rightsOf } from "@/lib/authz/permissions";

const VERBS = [
  { verb: "read", any: "read", own: "read own" },
  { verb: "create", any: "create", own: "create" },
  { verb: "update", any: "change", own: "change own" },
  { verb: "delete", any: "delete", own: "delete own" },
  { verb: "read-value", any: "reveal values", own: "reveal values of own" }, // of secrets
] as const;

/** What each role may do with things of a noun, in words; roles that may nothing are left out. */
export function accessByRole(noun: "stack" | "component" | "flavor" | "secret"): { role: string; can: string[] }[] {
  return ROLE_IDS.flatMap((id: RoleId) => {
    const can = VERBS.flatMap(({ verb, any, own }) => {
      const reach = rightsOf(id)[`${noun}:${verb}` as Permission];
      return reach === "any" ? [any] : reach === "own" ? [own] : [];
    });
    return can.length > 0 ? [{ role: ROLES[id].title, can }] : [];
  });
}
