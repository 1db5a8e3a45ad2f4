import type { ReactNode } from "react";
import { Keys } from "@/components/shell/keys";
import { Nav } from "@/components/shell/nav";
import { requestPreferences } from "@/components/shell/request-preferences";
import { ShellProvider } from "@/components/shell/shell-context";
import { displayName } from "@/lib/identity/actor";
import { openPlace } from "@/lib/kernel/page";
import { getShellPlaces, roleTitle } from "@/lib/organizations/get-shell";
import { organizationSections } from "@/lib/organizations/sections";

/** The shell around the console's pages. It shows what the actor may reach and decides nothing: each page asks for itself. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { context, place } = await openPlace({});
  const { actor } = context;
  const preferences = await requestPreferences();
  const data = {
    organization: place.organization.name,
    person: { name: displayName(actor), kind: actor.kind, organizationRole: roleTitle(actor, null) },
    workspaces: await getShellPlaces(context),
    sections: organizationSections(actor),
    signOutPath: "/sign-out",
  };
  return (
    <ShellProvider data={data} preferences={preferences}>
      <div className="flex min-h-dvh">
        <Nav />
        {children}
      </div>
      <Keys />
    </ShellProvider>
  );
}
