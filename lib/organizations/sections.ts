import "server-only";
import { can, rightsOfGrant, type Subject } from "@/lib/authz/can";
import type { Permission } from "@/lib/authz/permissions";
import { ORGANIZATION_SECTIONS, type OrganizationSection, PROJECT_SECTIONS, WORKSPACE_SECTIONS, type WorkspaceSection } from "./schema";

// Which sections of the navigation exist for somebody (DESIGN §4, the table). It shows and decides nothing: pages ask for themselves.

/** Settings hold keys and defaults, so they exist for those who may see keys; the others are named by what they list. */
const WORKSPACE_READS: Record<WorkspaceSection, Permission> = {
  runs: "run:read",
  models: "model:read",
  artifacts: "artifact:read",
  pipelines: "pipeline:read",
  stacks: "stack:read",
  components: "component:read",
  secrets: "secret:read",
  connectors: "connector:read",
  access: "grant:read",
  audit: "audit-entry:read",
  settings: "api-key:read",
};

/** Permissions that only those hold who look after a workspace or the organization; they see these pages, each their own rows. */
const ORGANIZATION_READS: Record<OrganizationSection, Permission | null> = {
  home: null,
  workspaces: null,
  access: "invitation:read",
  audit: "audit-entry:export",
  sso: "sso-connection:read",
  directory: "directory:read",
  teams: "team:read",
  roles: "role:read",
  "service-accounts": "api-key:read",
  integrations: "integration:read",
  revocation: "sso-connection:read",
  system: "system:read",
};

/** The sections of a workspace that the subject may read. */
export function workspaceSections(subject: Subject, workspaceId: string, hasProjects: boolean): WorkspaceSection[] {
  return WORKSPACE_SECTIONS.filter(
    (section) =>
      (hasProjects || !PROJECT_SECTIONS.includes(section)) &&
      can(subject, WORKSPACE_READS[section], { workspaceId, ownerId: subject.id, isList: true }).allowed,
  );
}

/** The sections of the organization that hold anything for the subject. */
export const organizationSections = (subject: Pick<Subject, "grants">): OrganizationSection[] =>
  ORGANIZATION_SECTIONS.filter((section) => {
    const permission = ORGANIZATION_READS[section];
    return permission === null || holdsAnywhere(subject, permission);
  });

/** True when some grant of the subject, wherever it holds, allows the permission on any thing. */
export const holdsAnywhere = (subject: Pick<Subject, "grants">, permission: Permission): boolean =>
  subject.grants.some((grant) => grant.effect === "allow" && rightsOfGrant(grant)[permission] === "any");
