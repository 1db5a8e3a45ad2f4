import type { Refusal } from "@/components/ui/refused";
import { sourceWord } from "@/lib/access/schema";
import { can, type Target } from "@/lib/authz/can";
import { explain } from "@/lib/authz/explain";
import type { Permission } from "@/lib/authz/permissions";
import type { Actor } from "@/lib/identity/actor";
import { requestPlace } from "@/lib/kernel/request-place";
import { requestAccessAction } from "./access/actions";

/**
 * Why the actor may not, for a RefusedControl; null when they may. `title` says what is not allowed. With the way to ask for the smallest
 * role that would allow it, at the place of this request's page, and to the page that explains it.
 */
export function refusalOf(actor: Actor, permission: Permission, target: Target, title: string): Refusal | null {
  if (can(actor, permission, target).allowed) return null;
  const { held, needed } = explain(actor, permission, target);
  const roles = [...new Set(held.map((grant) => grant.title))];
  const [first] = held;
  const workspace = requestPlace().current?.workspace ?? null;
  const isHere = !target.workspaceId || target.workspaceId === workspace?.id;
  return {
    title,
    yourRole: roles.length > 0 ? roles.join(", ") : null,
    source: first && `from ${sourceWord(first.source).toLowerCase()}, since ${first.since.slice(0, 10)}`,
    neededRole: needed?.title ?? null,
    ask:
      needed && isHere && (needed.scope === "organization" || workspace)
        ? {
            action: requestAccessAction,
            hidden: {
              role: needed.role,
              scope: needed.scope,
              permission,
              thing: target.thing?.name ?? title,
              ...(needed.scope === "organization" || !workspace ? {} : { workspace: workspace.slug }),
              ...(needed.scope === "project" && target.projectId ? { projectId: target.projectId } : {}),
            },
            decides: decidersOf(needed.scope),
          }
        : undefined,
    whyHref: whyPath(workspace?.slug ?? null, actor.id, permission, target.partOf ?? target.thing?.id),
  };
}

/** Who decides a request, in words. */
export const decidersOf = (scope: "organization" | "workspace" | "project"): string =>
  scope === "organization" ? "A System Admin" : "A Workspace Admin of this workspace or a System Admin";

/** The page that explains one decision. */
export const whyPath = (workspace: string | null, who: string, permission: string, thing?: string): string =>
  `${workspace ? `/${workspace}` : ""}/access/why?who=${who}&what=${encodeURIComponent(permission)}${thing ? `&thing=${thing}` : ""}`;
