// The sections of the navigation, as plain data: what a page's shell may show.

export const WORKSPACE_SECTIONS = ["runs", "stacks", "components", "access", "audit", "settings"] as const;
export type WorkspaceSection = (typeof WORKSPACE_SECTIONS)[number];

export const ORGANIZATION_SECTIONS = ["home", "workspaces", "access", "audit", "roles", "service-accounts"] as const;
export type OrganizationSection = (typeof ORGANIZATION_SECTIONS)[number];
