// The one table of what can be done and who may do it. Types, the roles screen, API scopes, the docs and the generated
// authorization tests all come from here. Deny by default: a permission that no role lists is nobody's.

type Scope = "organization" | "workspace" | "project" | "self";
type Resource = { scope: Scope; actions: readonly string[]; title: string };

const CRUD = ["read", "create", "update", "delete"] as const;

export const RESOURCES = {
  organization: { scope: "organization", actions: ["read", "update"], title: "Organization and its settings" },
  user: { scope: "organization", actions: [...CRUD, "deactivate", "end-sessions"], title: "People" },
  invitation: { scope: "organization", actions: CRUD, title: "Invitations" },
  team: { scope: "organization", actions: CRUD, title: "Teams" },
  role: { scope: "organization", actions: CRUD, title: "Roles" },
  "group-rule": { scope: "organization", actions: CRUD, title: "Group rules" },
  "sso-connection": { scope: "organization", actions: [...CRUD, "test", "enforce"], title: "Single sign-on connections" },
  directory: { scope: "organization", actions: [...CRUD, "test", "enforce"], title: "Directories" },
  "service-account": { scope: "workspace", actions: CRUD, title: "Service accounts" },
  "api-key": { scope: "workspace", actions: [...CRUD, "rotate"], title: "API keys" },
  "personal-token": { scope: "self", actions: [...CRUD, "revoke"], title: "Personal tokens" },
  device: { scope: "self", actions: [...CRUD, "lock", "revoke"], title: "Devices" },
  session: { scope: "self", actions: ["read", "create", "revoke"], title: "Sessions" },
  workspace: { scope: "organization", actions: [...CRUD, "suspend", "restore"], title: "Workspaces" },
  project: { scope: "workspace", actions: [...CRUD, "move"], title: "Projects" },
  grant: { scope: "workspace", actions: [...CRUD, "share"], title: "Members and grants" },
  stack: { scope: "workspace", actions: CRUD, title: "Stacks" },
  component: { scope: "workspace", actions: CRUD, title: "Stack components" },
  flavor: { scope: "workspace", actions: CRUD, title: "Flavors" },
  tag: { scope: "workspace", actions: CRUD, title: "Tags" },
  connector: { scope: "workspace", actions: [...CRUD, "use", "verify", "read-value"], title: "Connectors" },
  secret: { scope: "workspace", actions: [...CRUD, "read-value", "rotate", "bind"], title: "Secrets" },
  pipeline: { scope: "project", actions: [...CRUD, "run"], title: "Pipelines" },
  build: { scope: "project", actions: CRUD, title: "Builds" },
  "code-repository": { scope: "project", actions: CRUD, title: "Code repositories" },
  snapshot: { scope: "project", actions: [...CRUD, "run", "prune"], title: "Snapshots" },
  run: { scope: "project", actions: [...CRUD, "stop", "retry", "claim"], title: "Runs, their steps and logs" },
  artifact: { scope: "project", actions: [...CRUD, "download", "prune"], title: "Artifacts and their versions" },
  model: { scope: "project", actions: [...CRUD, "promote", "ask-to-promote"], title: "Models and their versions" },
  trigger: { scope: "project", actions: [...CRUD, "fire", "pause", "rotate"], title: "Triggers, schedules and webhooks" },
  "approval-policy": { scope: "workspace", actions: CRUD, title: "Approval policies" },
  approval: { scope: "project", actions: ["read", "create", "withdraw", "decide"], title: "Approvals" },
  lineage: { scope: "project", actions: ["read"], title: "Lineage" },
  "audit-entry": { scope: "workspace", actions: ["read", "export", "verify"], title: "The audit trail" },
  evidence: { scope: "workspace", actions: ["read", "create", "sign-off"], title: "Evidence packs" },
  "access-review": { scope: "workspace", actions: ["read", "create", "sign-off"], title: "Access reviews" },
  integration: { scope: "organization", actions: CRUD, title: "Global integrations" },
  policy: { scope: "organization", actions: CRUD, title: "Policies" },
  system: { scope: "organization", actions: ["read", "update"], title: "System health, keys and backups" },
} as const satisfies Record<string, Resource>;

export type ResourceName = keyof typeof RESOURCES;
export type Permission = { [R in ResourceName]: `${R}:${(typeof RESOURCES)[R]["actions"][number]}` }[ResourceName];
/** `any`: on every thing in the grant's scope; `own`: on things that the subject created. */
export type Reach = "any" | "own";
export type Rights = Partial<Record<Permission, Reach>>;

/** Every permission there is, in the table's order. */
export const PERMISSIONS = Object.entries(RESOURCES).flatMap(([noun, resource]) => resource.actions.map((verb) => `${noun}:${verb}` as Permission));

/** `list("run", "read create stop=own")` → `{ "run:read": "any", … }`. Nouns may be several, separated by spaces. */
function list(nouns: string, verbs: string): Rights {
  const rights: Rights = {};
  for (const noun of nouns.split(" "))
    for (const item of verbs.split(" ")) {
      const [verb, reach = "any"] = item.split("=");
      const permission = `${noun}:${verb}` as Permission;
      if (!PERMISSIONS.includes(permission)) throw new Error(`permissions.ts names ${permission}, which no resource has`);
      rights[permission] = reach as Reach;
    }
  return rights;
}

const ORGANIZATION = "organization user invitation team role group-rule sso-connection directory integration policy";
const STACKS = "stack component flavor";
const BUILD = "pipeline build code-repository snapshot";
const OBSERVED = "run artifact model trigger lineage approval";
const IN_WORKSPACE = `workspace project grant tag connector secret approval-policy ${STACKS} ${BUILD} ${OBSERVED}`;

const SELF: Rights = {
  ...list("personal-token", "read=own create=own update=own delete=own revoke=own"),
  ...list("device", "read=own create=own update=own delete=own lock=own revoke=own"),
  ...list("session", "read=own create=own revoke=own"),
};

const VIEWER: Rights = {
  ...list(IN_WORKSPACE, "read"),
  ...list("user service-account", "read"),
  ...list("artifact", "download"),
  ...list("audit-entry", "read"),
};

const CONTRIBUTOR: Rights = {
  ...list(IN_WORKSPACE, "read"),
  ...list("user service-account", "read"),
  ...list(STACKS, "create update=own delete=own"),
  ...list("tag", "create update=own delete=own"),
  ...list("grant", "share=own"),
  ...list("connector", "create use verify update=own delete=own"),
  ...list("secret", "create update=own delete=own read-value=own bind=own"),
  ...list(BUILD, "create update=own delete=own"),
  ...list("pipeline snapshot", "run"),
  ...list("run", "create update=own stop=own"),
  ...list("artifact", "create update=own download"),
  ...list("model", "create update=own ask-to-promote"),
  ...list("approval", "read=own create withdraw=own"),
  ...list("audit-entry", "read=own"),
};

const WORKSPACE_ADMIN: Rights = {
  ...list("organization team role group-rule integration policy", "read"),
  ...list("user invitation", "read"),
  ...list("workspace", "read update"),
  ...list("project", "read create update delete move"),
  ...list("service-account grant tag approval-policy", "read create update delete"),
  ...list("grant", "share=own"), // held to be given: who makes Contributors passes on what they hold
  ...list("api-key", "read create update delete rotate"),
  ...list(STACKS, "read create update delete"),
  ...list("connector", "read create update delete use verify"),
  ...list("secret", "read create update delete read-value rotate bind"),
  ...list(BUILD, "read create update delete"),
  ...list("pipeline", "run"),
  ...list("snapshot", "run prune"),
  ...list("run", "read create update delete stop retry"),
  ...list("artifact", "read create update delete download prune"),
  ...list("model", "read create update delete promote ask-to-promote"),
  ...list("trigger", "read create update delete fire pause rotate"),
  ...list("approval", "read create withdraw=own"),
  ...list("lineage", "read"),
  ...list("audit-entry", "read export verify"),
  ...list("evidence access-review", "read create sign-off"),
};

type ScopeKind = "organization" | "workspace" | "project";
type RoleRow = { title: string; scope: readonly ScopeKind[]; summary: string; rights: Rights };

export const ROLES = {
  "system-admin": {
    title: "System Admin",
    scope: ["organization"],
    summary: "Users, teams, roles, sign-on, workspaces, global integrations, policies and the whole audit trail. Reads no secret values.",
    rights: {
      ...list(IN_WORKSPACE, "read"),
      ...list("organization system", "read update"),
      ...list("user", "read create update delete deactivate end-sessions"),
      ...list("invitation team role group-rule integration policy approval-policy", "read create update delete"),
      ...list("sso-connection directory", "read create update delete test enforce"),
      ...list("service-account", "read create update delete"),
      ...list("api-key", "read create update delete rotate"),
      ...list("personal-token", "read revoke"),
      ...list("device", "read lock revoke"),
      ...list("session", "read revoke"),
      ...list("workspace", "read create update delete suspend restore"),
      ...list("grant", "read create update delete"),
      ...list("connector", "verify"),
      ...list("audit-entry", "read export verify"),
      ...list("evidence access-review", "read create sign-off"),
    },
  },
  auditor: {
    title: "Auditor",
    scope: ["organization"],
    summary: "Reads everything in every workspace, with the audit trail, reviews and evidence. Never a secret value; changes nothing.",
    rights: {
      ...list(`${ORGANIZATION} ${IN_WORKSPACE} service-account api-key personal-token device session`, "read"),
      ...list("artifact", "download"),
      ...list("audit-entry", "read export verify"),
      ...list("evidence access-review", "read create sign-off"),
    },
  },
  member: { title: "Member", scope: ["organization"], summary: "Signs in and sees the workspaces that were granted.", rights: SELF },
  "workspace-admin": {
    title: "Workspace Admin",
    scope: ["workspace"],
    summary: "Everything in the workspace: members, stacks, secrets, connectors, triggers, approval policies, projects, settings.",
    rights: WORKSPACE_ADMIN,
  },
  contributor: {
    title: "Contributor",
    scope: ["workspace", "project"],
    summary: "Runs pipelines, registers stacks and components, manages own secrets and connectors, creates models and artifacts.",
    rights: CONTRIBUTOR,
  },
  viewer: {
    title: "Viewer",
    scope: ["workspace", "project"],
    summary: "Reads runs, artifacts, models, lineage, logs and the workspace's audit trail. Changes nothing.",
    rights: VIEWER,
  },
  approver: {
    title: "Approver",
    scope: ["workspace", "project"],
    summary: "A Viewer who decides approvals.",
    rights: { ...VIEWER, ...list("approval", "read decide") },
  },
  "stack-admin": {
    title: "Stack Admin",
    scope: ["workspace"],
    summary: "All stacks, components and connectors. No runs.",
    rights: {
      ...list("workspace project grant user", "read"),
      ...list(STACKS, "read create update delete"),
      ...list("tag", "read"),
      ...list("connector", "read create update delete use verify"),
      ...list("audit-entry", "read=own"),
    },
  },
  runner: {
    title: "Runner",
    scope: ["workspace"],
    summary: "An agent: claims and reports queued runs. Nothing else.",
    rights: { ...list("run", "claim read=own update=own") },
  },
} as const satisfies Record<string, RoleRow>;

export type RoleId = keyof typeof ROLES;
export const ROLE_IDS = Object.keys(ROLES) as RoleId[];

/** A role as it is decided with: one of the table, or an organization's own, made from one of the table (lib/roles). */
export type Role = RoleRow & { id: string; base: RoleId | null };

export const isRoleId = (text: string): text is RoleId => Object.hasOwn(ROLES, text);

/** A role of the table. */
export const systemRole = (id: RoleId): Role => ({ ...ROLES[id], id, base: null });

/** What a workload token (one per run) may do at most, on its own run and project (PERMISSIONS §3 rule 11); of secrets, those bound to its run; of connectors, those of its stack. */
export const WORKLOAD_RIGHTS: Rights = {
  ...list("workspace project stack component flavor tag pipeline build code-repository snapshot run artifact model lineage user", "read"),
  ...list("run artifact model", "create update"),
  ...list("tag", "create"),
  ...list("secret", "read read-value"),
  ...list("connector", "read use"),
};

/** The rights of a role, typed for reading. */
export const rightsOf = (role: RoleId): Rights => ROLES[role].rights;
