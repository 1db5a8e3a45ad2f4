import type { ReactNode } from "react";
import { Keys } from "@/components/shell/keys";
import { Nav } from "@/components/shell/nav";
import { Palette } from "@/components/shell/palette";
import { requestPreferences } from "@/components/shell/request-preferences";
import { ShellProvider } from "@/components/shell/shell-context";
import { countOpenRequests } from "@/lib/access/list-requests";
import { can } from "@/lib/authz/can";
import { type Actor, displayName } from "@/lib/identity/actor";
import { openPlace } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getNotices } from "@/lib/organizations/get-shell-state";
import { getShellPlaces, roleTitle } from "@/lib/organizations/get-shell";
import { organizationSections } from "@/lib/organizations/sections";
import { listViews } from "@/lib/saved-views/list-views";
import { mayShareViews } from "@/lib/saved-views/may-share";

/** The page of members where one administers grants: of the organization, or of the first workspace. */
function viewAsPath(actor: Actor, workspaces: readonly { id: string; slug: string }[]): string | null {
  if (actor.view) return null;
  if (can(actor, "grant:create").allowed) return "/access?view-as";
  const first = workspaces.find(({ id }) => can(actor, "grant:create", { workspaceId: id }).allowed);
  return first ? `/${first.slug}/access?view-as` : null;
}

/** The shell around the console's pages. It shows what the actor may reach and decides nothing: each page asks for itself. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { context, place } = await openPlace({});
  const { actor } = context;
  const [preferences, workspaces, views, notices, openRequests] = await Promise.all([
    requestPreferences(),
    getShellPlaces(context),
    ask(listViews, context, {}),
    ask(getNotices, context, {}),
    ask(countOpenRequests, context, {}),
  ]);
  const data = {
    organization: place.organization.name,
    person: { name: displayName(actor), kind: actor.kind, organizationRole: roleTitle(actor, null) },
    workspaces,
    views,
    sharesViews: mayShareViews(actor, null),
    sections: organizationSections(actor),
    signOutPath: "/sign-out",
    viewAsPath: viewAsPath(actor, workspaces),
  };
  return (
    <ShellProvider data={data} preferences={preferences} state={{ notices, openRequests }}>
      <div className="flex min-h-dvh">
        <Nav />
        {children}
      </div>
      <Keys />
      <Palette />
    </ShellProvider>
  );
}
