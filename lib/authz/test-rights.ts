import type { Permission, RoleId } from "@/lib/authz/permissions";

// Who may do what, written out by hand from the access rules of the product and held against the table in permissions.ts. Nothing here
// is computed from that table except the list of its names. `=own`: on what the subject made.

type Row = { nouns: string; rights: Partial<Record<RoleId, string>> };

const READERS = ["system-admin", "auditor", "workspace-admin", "contributor", "viewer", "approver"] as const;
const read = Object.fromEntries(READERS.map((role) => [role, "read"])) as Partial<Record<RoleId, string>>;
const OWN_TOKENS = "read=own create=own update=own delete=own revoke=own";

const TABLE: Row[] = [
  { nouns: "organization", rights: { "system-admin": "read update", auditor: "read", "workspace-admin": "read" } },
  {
    nouns: "user",
    rights: {
      "system-admin": "read create update delete deactivate end-sessions",
      auditor: "read",
      "workspace-admin": "read",
      contributor: "read",
      viewer: "read",
      approver: "read",
      "stack-admin": "read",
    },
  },
  { nouns: "invitation", rights: { "system-admin": "read create update delete", auditor: "read", "workspace-admin": "read" } },
  { nouns: "team role group-rule", rights: { "system-admin": "read create update delete", auditor: "read", "workspace-admin": "read" } },
  { nouns: "sso-connection directory", rights: { "system-admin": "read create update delete test enforce", auditor: "read" } },
  {
    // Contributors and Viewers read names only: who ran something is often a service account.
    nouns: "service-account",
    rights: {
      "system-admin": "read create update delete",
      auditor: "read",
      "workspace-admin": "read create update delete",
      contributor: "read",
      viewer: "read",
      approver: "read",
    },
  },
  {
    nouns: "api-key",
    rights: { "system-admin": "read create update delete rotate", auditor: "read", "workspace-admin": "read create update delete rotate" },
  },
  // A System Admin revokes anybody's, and must see it for that; everybody has their own through Member.
  { nouns: "personal-token", rights: { "system-admin": "read revoke", auditor: "read", member: OWN_TOKENS } },
  { nouns: "device", rights: { "system-admin": "read lock revoke", auditor: "read", member: `${OWN_TOKENS} lock=own` } },
  { nouns: "session", rights: { "system-admin": "read revoke", auditor: "read", member: "read=own create=own revoke=own" } },
  {
    nouns: "workspace",
    rights: { ...read, "system-admin": "read create update delete suspend restore", "workspace-admin": "read update", "stack-admin": "read" },
  },
  { nouns: "project", rights: { ...read, "workspace-admin": "read create update delete move", "stack-admin": "read" } },
  {
    // What one owns is shared without giving roles: the share of a thing (docs/decisions/0038).
    nouns: "grant",
    rights: {
      ...read,
      contributor: "read share=own",
      "system-admin": "read create update delete",
      "workspace-admin": "read create update delete share=own",
      "stack-admin": "read",
    },
  },
  {
    nouns: "stack component flavor",
    rights: {
      ...read,
      "workspace-admin": "read create update delete",
      contributor: "read create update=own delete=own",
      "stack-admin": "read create update delete",
    },
  },
  {
    nouns: "tag",
    rights: { ...read, "workspace-admin": "read create update delete", contributor: "read create update=own delete=own", "stack-admin": "read" },
  },
  {
    // Nobody ever reads a long-lived credential back.
    nouns: "connector",
    rights: {
      ...read,
      "system-admin": "read verify",
      "workspace-admin": "read create update delete use verify",
      contributor: "read create use verify update=own delete=own",
      "stack-admin": "read create update delete use verify",
    },
  },
  {
    nouns: "secret",
    rights: {
      ...read,
      "workspace-admin": "read create update delete rotate bind read-value",
      contributor: "read create update=own delete=own read-value=own bind=own",
    },
  },
  { nouns: "pipeline", rights: { ...read, "workspace-admin": "read create update delete run", contributor: "read create run update=own delete=own" } },
  { nouns: "build code-repository", rights: { ...read, "workspace-admin": "read create update delete", contributor: "read create update=own delete=own" } },
  { nouns: "snapshot", rights: { ...read, "workspace-admin": "read create update delete run prune", contributor: "read create run update=own delete=own" } },
  {
    // A contributor's client reports its own runs; claiming is for agents.
    nouns: "run",
    rights: {
      ...read,
      "workspace-admin": "read create update delete stop retry",
      contributor: "read create update=own stop=own",
      runner: "claim read=own update=own",
    },
  },
  {
    nouns: "artifact",
    rights: {
      ...read,
      auditor: "read download",
      "workspace-admin": "read create update delete download prune",
      contributor: "read create update=own download",
      viewer: "read download",
      approver: "read download",
    },
  },
  {
    nouns: "model",
    rights: { ...read, "workspace-admin": "read create update delete promote ask-to-promote", contributor: "read create update=own ask-to-promote" },
  },
  // A contributor fires a trigger where a policy allows it; without policies, nowhere.
  { nouns: "trigger", rights: { ...read, "workspace-admin": "read create update delete fire pause rotate" } },
  {
    nouns: "approval-policy",
    rights: { ...read, "system-admin": "read create update delete", "workspace-admin": "read create update delete" },
  },
  {
    nouns: "approval",
    rights: { ...read, "workspace-admin": "read create withdraw=own", contributor: "read=own create withdraw=own", approver: "read decide" },
  },
  { nouns: "lineage", rights: read },
  {
    nouns: "audit-entry",
    rights: {
      "system-admin": "read export verify",
      auditor: "read export verify",
      "workspace-admin": "read export verify",
      contributor: "read=own",
      viewer: "read",
      approver: "read",
      "stack-admin": "read=own",
    },
  },
  {
    nouns: "evidence access-review",
    rights: { "system-admin": "read create sign-off", auditor: "read create sign-off", "workspace-admin": "read create sign-off" },
  },
  { nouns: "integration policy", rights: { "system-admin": "read create update delete", auditor: "read", "workspace-admin": "read" } },
  { nouns: "system", rights: { "system-admin": "read update" } },
];

export type ExpectedReach = "any" | "own" | "none";

/** `role permission` → reach. */
export const EXPECTED = new Map<string, ExpectedReach>();
for (const { nouns, rights } of TABLE)
  for (const noun of nouns.split(" "))
    for (const [role, verbs] of Object.entries(rights))
      for (const item of verbs.split(" ")) {
        const [verb, reach = "any"] = item.split("=");
        EXPECTED.set(`${role} ${noun}:${verb}`, reach as ExpectedReach);
      }

/** What a role allows, by the hand-written table. */
export const expected = (role: RoleId, permission: Permission): ExpectedReach => EXPECTED.get(`${role} ${permission}`) ?? "none";
