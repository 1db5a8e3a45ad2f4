// What the shell draws: plain data that the server computes from the actor's grants.

export type ShellWorkspace = {
  slug: string;
  displayName: string;
  state: string;
  /** Names of the projects that the person may read, the person's default first. */
  projects: string[];
  canReadRuns: boolean;
  canReadAudit: boolean;
  /** The person's role in words: "Contributor". */
  role: string;
};

export type ShellData = {
  organization: string;
  person: { name: string; kind: string; organizationRole: string };
  workspaces: ShellWorkspace[];
  canReadOrganizationAudit: boolean;
  signOutPath: string;
};

export type NavEntry = { href: string; label: string; icon: "house" | "layout-grid" | "scroll-text" | "circle-play"; isCurrent: boolean };
export type NavGroup = { label: string; entries: NavEntry[] };

/** The path of a workspace's runs, in the given project or the person's default one. */
export function runsPath(workspace: ShellWorkspace, project?: string): string {
  const name = project && workspace.projects.includes(project) ? project : (workspace.projects[0] ?? "default");
  return `/${workspace.slug}/projects/${encodeURIComponent(name)}/runs`;
}

/** The entries at this place: only pages that exist and that the person may read. */
export function navGroups(data: ShellData, workspace: ShellWorkspace | undefined, pathname: string, project?: string): NavGroup[] {
  const groups: NavGroup[] = [];
  if (!workspace) {
    groups.push({
      label: "Observe",
      entries: [
        { href: "/", label: "Home", icon: "house", isCurrent: pathname === "/" },
        { href: "/workspaces", label: "Workspaces", icon: "layout-grid", isCurrent: pathname.startsWith("/workspaces") },
      ],
    });
    if (data.canReadOrganizationAudit)
      groups.push({ label: "Govern", entries: [{ href: "/audit", label: "Audit", icon: "scroll-text", isCurrent: pathname.startsWith("/audit") }] });
    return groups;
  }
  if (workspace.canReadRuns)
    groups.push({
      label: "Observe",
      entries: [{ href: runsPath(workspace, project), label: "Runs", icon: "circle-play", isCurrent: /\/projects\/[^/]+\/runs(\/|$)/.test(pathname) }],
    });
  if (workspace.canReadAudit)
    groups.push({
      label: "Govern",
      entries: [{ href: `/${workspace.slug}/audit`, label: "Audit", icon: "scroll-text", isCurrent: pathname.startsWith(`/${workspace.slug}/audit`) }],
    });
  return groups;
}

/** Where a switch to another workspace leads: the same section, if the person may read it there. */
export function switchPath(to: ShellWorkspace, pathname: string): string {
  if (/^\/([^/]+\/)?audit(\/|$)/.test(pathname) && to.canReadAudit) return `/${to.slug}/audit`;
  if (to.canReadRuns) return runsPath(to);
  return to.canReadAudit ? `/${to.slug}/audit` : `/${to.slug}`;
}
