// What the shell draws: plain data that the server computes from the actor's grants, and the one table of the navigation's entries.
import type { IconName } from "@/components/ui/icon";
import type { SavedView } from "@/lib/saved-views/schema";
import { projectPath } from "@/components/project/paths";
import { type OrganizationSection, PROJECT_SECTIONS, type WorkspaceSection } from "@/lib/organizations/schema";

export type ShellWorkspace = {
  slug: string;
  displayName: string;
  state: string;
  /** Names of the projects that the person may read, the person's default first. */
  projects: string[];
  /** The sections that the person may read. */
  sections: WorkspaceSection[];
  /** The person's role in words: "Contributor". */
  role: string;
  /** True for who shares saved views of this workspace's lists. */
  sharesViews: boolean;
};

export type ShellData = {
  organization: string;
  person: { name: string; kind: string; organizationRole: string };
  workspaces: ShellWorkspace[];
  /** The organization's own sections that the person may read. */
  sections: OrganizationSection[];
  /** True for who shares saved views of the organization's lists. */
  sharesViews: boolean;
  /** The saved views of every list: the shared ones, then the person's own. */
  views: SavedView[];
  signOutPath: string;
  /** Where the person chooses a role to view the console as; null for who may not, and while they do. */
  viewAsPath: string | null;
};

/** `key`: what is pressed after `g`. */
export type NavEntry = { id: string; href: string; label: string; icon: IconName; key?: string; isCurrent: boolean };
export type NavGroup = { label: string; entries: NavEntry[] };

type Section<Id> = { id: Id; group: string; label: string; icon: IconName; key?: string };

const IN_WORKSPACE: Section<WorkspaceSection>[] = [
  { id: "runs", group: "Observe", label: "Runs", icon: "circle-play", key: "r" },
  { id: "models", group: "Observe", label: "Models", icon: "box", key: "m" },
  { id: "artifacts", group: "Observe", label: "Artifacts", icon: "package" },
  { id: "pipelines", group: "Build", label: "Pipelines", icon: "workflow", key: "i" },
  { id: "stacks", group: "Build", label: "Stacks", icon: "layers", key: "k" },
  { id: "components", group: "Build", label: "Components", icon: "blocks", key: "c" },
  { id: "secrets", group: "Build", label: "Secrets", icon: "key-round", key: "s" },
  { id: "connectors", group: "Build", label: "Connectors", icon: "plug", key: "o" },
  { id: "access", group: "Govern", label: "Access", icon: "users", key: "p" },
  { id: "audit", group: "Govern", label: "Audit", icon: "scroll-text", key: "u" },
  { id: "settings", group: "Settings", label: "Workspace", icon: "settings", key: "," },
];

const IN_ORGANIZATION: (Section<OrganizationSection> & { href: string })[] = [
  { id: "home", group: "Observe", label: "Home", icon: "house", key: "h", href: "/" },
  { id: "workspaces", group: "Observe", label: "Workspaces", icon: "layout-grid", href: "/workspaces" },
  { id: "access", group: "Govern", label: "Access", icon: "users", key: "p", href: "/access" },
  { id: "audit", group: "Govern", label: "Audit", icon: "scroll-text", key: "u", href: "/audit" },
  { id: "sso", group: "Settings", label: "Single sign-on", icon: "log-in", href: "/settings/sso" },
  { id: "directory", group: "Settings", label: "Directory", icon: "id-card", href: "/settings/directory" },
  { id: "teams", group: "Settings", label: "Teams", icon: "users", href: "/settings/teams" },
  { id: "roles", group: "Settings", label: "Roles", icon: "shield-check", href: "/settings/roles" },
  { id: "service-accounts", group: "Settings", label: "Service accounts", icon: "bot", key: ",", href: "/settings/service-accounts" },
  { id: "integrations", group: "Settings", label: "Integrations", icon: "key-round", href: "/settings/integrations" },
  { id: "revocation", group: "Settings", label: "Revocation", icon: "bird", href: "/settings/revocation" },
  { id: "system", group: "Settings", label: "System", icon: "server", href: "/settings/system" },
];

/** The path of a workspace's section; one that lies in a project in the given project, or the person's default one. */
export function sectionPath(workspace: Pick<ShellWorkspace, "slug" | "projects">, section: WorkspaceSection, project?: string): string {
  if (!PROJECT_SECTIONS.includes(section)) return `/${workspace.slug}/${section}`;
  const name = project && workspace.projects.includes(project) ? project : (workspace.projects[0] ?? "default");
  return `${projectPath(workspace.slug, name)}/${section}`;
}

/** Lists that are tabs of a section's page. */
const TAB_OF: Record<string, WorkspaceSection> = { steps: "runs", "artifact-versions": "artifacts", "model-versions": "models" };

/** The section of a workspace that a path lies in. */
export function sectionOf(pathname: string): WorkspaceSection | undefined {
  const [, , first = "", , third] = pathname.split("/");
  if (first === "projects") return TAB_OF[third ?? ""] ?? PROJECT_SECTIONS.find((section) => section === third);
  return IN_WORKSPACE.find((section) => section.id === first)?.id;
}

/** The section that a workspace opens with: the one used last, at first the first that the person may read. */
export const firstSection = (workspace: Pick<ShellWorkspace, "sections">, last: string | undefined): WorkspaceSection | undefined =>
  workspace.sections.find((section) => section === last) ?? workspace.sections[0];

/** The entries at this place: only what the person may read. */
export function navGroups(data: Pick<ShellData, "sections">, workspace: ShellWorkspace | undefined, pathname: string, project?: string): NavGroup[] {
  const entries = workspace
    ? IN_WORKSPACE.filter((section) => workspace.sections.includes(section.id)).map((section) => ({
        ...section,
        href: sectionPath(workspace, section.id, project),
        isCurrent: sectionOf(pathname) === section.id,
      }))
    : IN_ORGANIZATION.filter((section) => data.sections.includes(section.id)).map((section) => ({ ...section, isCurrent: isAt(pathname, section.href) }));
  const groups = [...new Set(entries.map((entry) => entry.group))];
  return groups.map((label) => ({ label, entries: entries.filter((entry) => entry.group === label) }));
}

const isAt = (pathname: string, href: string) => pathname === href || (href !== "/" && pathname.startsWith(`${href}/`));

/** Where a switch to another workspace leads: the same section, if the person may read it there. */
export function switchPath(to: ShellWorkspace, pathname: string): string {
  const section = firstSection(to, sectionOf(pathname) ?? (pathname.startsWith("/audit") ? "audit" : pathname.startsWith("/access") ? "access" : undefined));
  return section ? sectionPath(to, section) : `/${to.slug}`;
}

/** Where `g` and a key lead from here: the workspace's section, else the organization's, else the same section of the first workspace that has it. */
export function goTo(data: ShellData, workspace: ShellWorkspace | undefined, key: string, project?: string): string | undefined {
  const inWorkspace = IN_WORKSPACE.find((section) => section.key === key);
  if (workspace && inWorkspace && workspace.sections.includes(inWorkspace.id)) return sectionPath(workspace, inWorkspace.id, project);
  const ofOrganization = IN_ORGANIZATION.find((section) => section.key === key && data.sections.includes(section.id));
  if (ofOrganization) return ofOrganization.href;
  const first = inWorkspace && data.workspaces.find((known) => known.sections.includes(inWorkspace.id));
  return first && inWorkspace && sectionPath(first, inWorkspace.id);
}

/** The keys of `goTo` that lead somewhere, with their words: for the keyboard map. */
export function goToKeys(data: ShellData, workspace: ShellWorkspace | undefined): { key: string; label: string }[] {
  const known = [...IN_ORGANIZATION, ...IN_WORKSPACE].filter((section) => section.key && goTo(data, workspace, section.key));
  const keys = [...new Set(known.map((section) => section.key as string))];
  return keys.map((key) => {
    const here = workspace && IN_WORKSPACE.find((section) => section.key === key && workspace.sections.includes(section.id));
    const section = here ?? known.find((one) => one.key === key);
    return { key, label: section?.label ?? "" };
  });
}
