// The sections of the navigation, as plain data: what a page's shell may show.

export const WORKSPACE_SECTIONS = [
  "runs",
  "models",
  "artifacts",
  "pipelines",
  "stacks",
  "components",
  "secrets",
  "connectors",
  "access",
  "audit",
  "settings",
] as const;
export type WorkspaceSection = (typeof WORKSPACE_SECTIONS)[number];

/** Those that lie in a project: their pages are below /<workspace>/projects/<project>/. */
export const PROJECT_SECTIONS: readonly WorkspaceSection[] = ["runs", "models", "artifacts", "pipelines"];

export const ORGANIZATION_SECTIONS = [
  "home",
  "workspaces",
  "access",
  "audit",
  "sso",
  "directory",
  "teams",
  "roles",
  "service-accounts",
  "integrations",
  "revocation",
  "system",
] as const;
export type OrganizationSection = (typeof ORGANIZATION_SECTIONS)[number];

/** What every page says above its content, while it holds. */
export type Notice =
  | { kind: "viewing"; as: string; until: string }
  | { kind: "emergency"; id: string; name: string; isMine: boolean; until: string; address: string | null }
  | { kind: "sealed" }
  | { kind: "impaired"; since: string };

/** What may change while a page stands open: asked for again from time to time. */
export type ShellState = { notices: Notice[]; openRequests: number };
