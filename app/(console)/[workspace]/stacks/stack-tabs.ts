import type { TabLink } from "@/components/ui/tabs";
import { can } from "@/lib/authz/can";
import type { Actor } from "@/lib/identity/actor";

const TABS = [
  { id: "stacks", label: "Stacks", permission: "stack:read" },
  { id: "components", label: "Components", permission: "component:read" },
  { id: "flavors", label: "Flavors", permission: "flavor:read" },
] as const;

/** The three lists that belong together, as far as the actor reads them. */
export const stackTabs = (actor: Actor, workspace: { id: string; slug: string }, current: (typeof TABS)[number]["id"]): TabLink[] =>
  TABS.filter((tab) => can(actor, tab.permission, { workspaceId: workspace.id, ownerId: actor.id, isList: true }).allowed).map((tab) => ({
    href: `/${workspace.slug}/${tab.id}`,
    label: tab.label,
    isCurrent: tab.id === current,
  }));
