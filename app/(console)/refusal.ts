import type { Refusal } from "@/components/ui/refused";
import { can, type Target } from "@/lib/authz/can";
import { explain } from "@/lib/authz/explain";
import type { Permission } from "@/lib/authz/permissions";
import type { Actor } from "@/lib/identity/actor";

/** Why the actor may not, for a RefusedControl; null when they may. `title` says what is not allowed. */
export function refusalOf(actor: Actor, permission: Permission, target: Target, title: string): Refusal | null {
  if (can(actor, permission, target).allowed) return null;
  const { held, needed } = explain(actor, permission, target);
  const roles = [...new Set(held.map((grant) => grant.title))];
  return { title, yourRole: roles.length > 0 ? roles.join(", ") : null, neededRole: needed?.title ?? null };
}
