import { can, type Subject, type Target } from "./can";
import type { Permission, Rights } from "./permissions";

// Nobody hands on more than they have (PERMISSIONS §3 rules 1 and 10, KEY-12).

/** What `rights` would allow on a place beyond what the giver may do there; empty when nothing. `own` is covered by `own` or `any`. */
export function beyond(giver: Subject, rights: Rights, place: Pick<Target, "workspaceId" | "projectId" | "thing">): Permission[] {
  return (Object.entries(rights) as [Permission, "any" | "own"][]).flatMap(([permission, reach]) => {
    const held = can(giver, permission, reach === "own" ? { ...place, ownerId: giver.id } : place);
    return held.allowed && (reach === "own" || held.reach === "any") ? [] : [permission];
  });
}

/** A few permissions in words: "run:create, run:stop and 12 more". */
export function permissionWords(permissions: readonly Permission[]): string {
  const shown = permissions.slice(0, 3).join(", ");
  return permissions.length > 3 ? `${shown} and ${permissions.length - 3} more` : shown;
}
