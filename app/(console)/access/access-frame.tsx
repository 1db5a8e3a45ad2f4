import type { ReactNode } from "react";
import type { Places } from "@/components/access/role-fields";
import { ConsolePage } from "@/components/shell/console-page";
import { ExportLink } from "@/components/ui/export-link";
import { PageHead } from "@/components/ui/page-head";
import { LinkTabs } from "@/components/ui/tabs";
import { can } from "@/lib/authz/can";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { countOpenReviews } from "@/lib/access-reviews/queries";
import { countOpenRequests } from "@/lib/access/list-requests";
import { getShellPlaces } from "@/lib/organizations/get-shell";
import { listProjects } from "@/lib/projects/queries";
import { listCustomRoles } from "@/lib/roles/queries";

const TABS = [
  { id: "", label: "Members" },
  { id: "reach", label: "Who can reach" },
  { id: "why", label: "Why" },
  { id: "requests", label: "Requests" },
  { id: "reviews", label: "Reviews" },
  { id: "invitations", label: "Invitations" },
] as const;

export type AccessTab = (typeof TABS)[number]["id"];

/** The path of the access pages of this place. */
export const accessPath = ({ workspace }: PageArguments["place"]): string => (workspace ? `/${workspace.slug}/access` : "/access");

/** Head and tabs of the access pages, of the organization or of one workspace. */
export async function AccessFrame({
  args: { context, place },
  tab,
  actions,
  beside,
  exportSearch,
  fills = true,
  children,
}: {
  args: PageArguments;
  tab: AccessTab;
  actions?: ReactNode;
  beside?: ReactNode;
  /** What the export of the shown list is asked for, as a search string; left out where nothing can be exported. */
  exportSearch?: string;
  fills?: boolean;
  children: ReactNode;
}) {
  const { workspace } = place;
  const path = accessPath(place);
  const seesMembers = workspace !== null || seesOrganizationAccess(context.actor);
  const seesInvitations = can(context.actor, "invitation:read", { workspaceId: workspace?.id }).allowed;
  const seesReviews = can(context.actor, "access-review:read", { workspaceId: workspace?.id }).allowed;
  const [requests, reviews] = await Promise.all([ask(countOpenRequests, context, {}), seesReviews ? ask(countOpenReviews, context, {}) : 0]);
  const waiting: Partial<Record<AccessTab, number>> = { requests, reviews };
  const isSeen = { "": seesMembers, reach: seesMembers, why: true, requests: true, reviews: seesReviews, invitations: seesInvitations };
  const tabs = TABS.filter(({ id }) => isSeen[id]);
  return (
    <ConsolePage
      fills={fills}
      crumbs={[workspace ? { label: workspace.slug, href: `/${workspace.slug}` } : { label: place.organization.name, href: "/" }, { label: "Access" }]}
    >
      <PageHead
        isInBar
        title="Access"
        beside={beside}
        actions={
          <>
            {exportSearch !== undefined && <ExportLink href={`${tab ? `${path}/${tab}` : path}/export${exportSearch}`} />}
            {actions}
          </>
        }
      />
      <LinkTabs
        label="Access"
        tabs={tabs.map(({ id, label }) => ({
          href: id ? `${path}/${id}` : path,
          label,
          count: waiting[id] || undefined,
          isCurrent: id === tab,
        }))}
      />
      {children}
    </ConsolePage>
  );
}

/** A search string with some more of it; what is null or undefined is left out. */
export function withQuery(search: string, more: Record<string, string | null | undefined>): string {
  const parts = Object.entries(more).flatMap(([key, value]) => (value == null ? [] : [`${key}=${encodeURIComponent(value)}`]));
  if (parts.length === 0) return search;
  return `${search ? `${search}&` : "?"}${parts.join("&")}`;
}

/** Whether the organization's members page exists for the actor: for those who read all grants, or administer some. */
export const seesOrganizationAccess = (actor: PageArguments["context"]["actor"]): boolean =>
  can(actor, "grant:read").allowed || actor.grants.some((grant) => can(actor, "grant:create", { workspaceId: grant.workspaceId }).allowed);

/** The places that forms offer. */
export async function placesOf({ context, place }: PageArguments): Promise<Places> {
  const roles = await ask(listCustomRoles, context, {});
  if (place.workspace) {
    const { items } = await ask(listProjects, context, { always: [], spec: { conditions: [], sort: { field: "created", direction: "asc" }, limit: 200 } });
    return { workspace: place.workspace.slug, projects: items.map(({ id, name }) => ({ id, name })), workspaces: [], roles };
  }
  const workspaces = await getShellPlaces(context);
  return { workspace: null, projects: [], workspaces: workspaces.filter(({ state }) => state === "active").map(({ slug }) => slug), roles };
}
