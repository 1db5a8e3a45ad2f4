import { isRoleId, type Permission, PERMISSIONS, type Reach, type Rights } from "@/lib/authz/permissions";
import { rightChanges } from "@/lib/authz/role-rule";

// A change of a role that is not saved yet lives in the address of its page, as the difference to what holds: its preview can be shown to a
// colleague before it is saved.

/** `run:stop=any,run:retry=none` */
export const draftText = (before: Rights, after: Rights): string =>
  rightChanges(before, after)
    .map((change) => `${change.permission}=${change.after ?? "none"}`)
    .join(",");

/** The rights that a draft makes of others; what it can't mean is left out. */
export function draftRights(before: Rights, text: string): Rights {
  const rights: Rights = { ...before };
  for (const part of text.split(",")) {
    const [permission, reach] = part.split("=") as [Permission, string | undefined];
    if (!PERMISSIONS.includes(permission)) continue;
    if (reach === "none") delete rights[permission];
    else if (reach === "any" || reach === "own") rights[permission] = reach satisfies Reach;
  }
  return rights;
}

/** Whether text is the name of a role of the organization's own, as far as its form goes. */
export const isOwnRoleName = (text: string): boolean => /^[a-z][a-z0-9-]{1,62}$/.test(text) && !isRoleId(text);
