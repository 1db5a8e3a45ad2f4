import "server-only";
/*
 * The set-up file's form: this schema is its documentation (`reeve apply --schema` prints it as JSON Schema). Strict: an
 * unknown field is a mistake. What is wrong is told all at once, each problem with the path to its place.
 */
import ipaddr from "ipaddr.js";
import { z } from "zod";
import { directorySlug, PROVIDERS, type Provider } from "@/lib/directories/schema";
import { attributeMap, connectionSlug, PROVIDERS as SSO_PROVIDERS, type Provider as SsoProvider } from "@/lib/sso/schema";
import { passwordProblem, passwordSentence } from "@/lib/identity/password-rule";
import { type FileRoles, ownRole, programProblem, roleIn, rolesOf, scopeProblem } from "@/lib/setup/setup-file-roles";
import { projectName, workspaceSlug } from "@/lib/workspaces/slug";

const line = (longest: number) =>
  z
    .string()
    .trim()
    .min(1, { error: "may not be empty" })
    .max(longest, { error: `may have at most ${longest} characters` })
    .regex(/^\P{Cc}*$/u, { error: "may not hold control characters" });

const network = z.string().refine((text) => ipaddr.isValidCIDR(text), { error: "has to be a network such as 10.0.0.0/8 or fd00::/8" });
const networks = z
  .array(network)
  .describe("Networks beyond public addresses that Reeve may call (connectors, webhooks, stores). Only this file or a System Admin sets them.");

const grant = (roles: FileRoles) =>
  z
    .strictObject({
      role: roleIn(roles),
      workspace: workspaceSlug.optional().describe("The workspace's name; needed for the roles of a workspace."),
      project: projectName.optional().describe("Narrows the grant to one project of the workspace."),
    })
    .superRefine((value, context) => {
      const wrong = scopeProblem(roles, value.role, value);
      if (wrong) context.addIssue({ code: "custom", message: wrong });
    });

const email = line(320)
  .regex(/^[^\s@]+@[^\s@]+$/, { error: "has to be an e-mail address" })
  .transform((text) => text.toLowerCase());

const user = (roles: FileRoles) =>
  z
    .strictObject({
      email,
      name: line(100).describe("What others see."),
      password: z.string().max(1024).optional().describe("Set only while the person has none. Better: passwordFile."),
      passwordFile: line(4096).optional().describe("A file (0600, relative to this one) that holds the password on its first line."),
      grants: z.array(grant(roles)).default([]),
    })
    .refine((value) => !(value.password && value.passwordFile), { error: "may have a password or a passwordFile, not both" })
    .superRefine((value, context) => {
      const problem = value.password && passwordProblem(value.password, [value.email, value.name]);
      if (problem) context.addIssue({ code: "custom", path: ["password"], message: passwordSentence(problem) });
    });

const workspace = z.strictObject({
  name: workspaceSlug.describe("Its place in every URL; never changes."),
  displayName: line(100).optional(),
  projects: z.array(projectName).min(1, { error: "needs at least one project" }).default(["default"]),
  allowNetworks: networks.optional(),
  secretStore: z
    .looseObject({ type: z.enum(["vault", "aws-secrets-manager", "gcp-secret-manager", "azure-key-vault"]) })
    .optional()
    .describe(
      "Where new values of its secrets lie: the kind and its settings as the page names them; a credential as <name>File (0600, relative to this file).",
    ),
});

const serviceAccount = (roles: FileRoles) =>
  z
    .strictObject({
      name: line(100).regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, { error: "has letters, digits, dots, hyphens and underscores" }),
      workspace: workspaceSlug,
      role: roleIn(roles),
      keyFile: line(4096).describe("Where its API key is written, once, with mode 0600; relative to this file."),
    })
    .superRefine((value, context) => {
      const wrong = programProblem(roles, value.role, value);
      if (wrong) context.addIssue({ code: "custom", path: ["role"], message: wrong });
    });

const team = (roles: FileRoles) =>
  z
    .strictObject({
      name: line(100).regex(/^[^/]+$/, { error: "may not hold slashes" }),
      description: line(500).optional(),
      members: z.array(email).default([]).describe("People of the installation, by e-mail address."),
      grants: z.array(grant(roles)).default([]).describe("What its members have through it."),
    })
    .superRefine((value, context) => {
      for (const [index, { role }] of value.grants.entries())
        if (role === "runner") context.addIssue({ code: "custom", path: ["grants", index, "role"], message: "runner is for service accounts" });
    });

const directory = z.strictObject({
  name: directorySlug.describe("Its place in the endpoint's address; never changes."),
  displayName: line(100).optional(),
  provider: z.enum(Object.keys(PROVIDERS) as [Provider, ...Provider[]]).optional(),
  holdPercent: z
    .number()
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe("Removals of more than this share of its people within an hour wait for a person; 20 when left out, 100 for never."),
  tokenFile: line(4096).describe("Where its SCIM token is written, once, with mode 0600; relative to this file."),
});

const groupRule = (roles: FileRoles) =>
  z
    .strictObject({
      directory: directorySlug,
      group: line(1000).describe("The group's name, as the directory sent it."),
      role: roleIn(roles).optional(),
      workspace: workspaceSlug.optional(),
      project: projectName.optional(),
      team: line(100).optional().describe("The team that the group's people are in; instead of a role."),
    })
    .superRefine((value, context) => {
      const wrong = ruleProblem(roles, value);
      if (wrong) context.addIssue({ code: "custom", message: wrong });
    });

const ssoConnection = z
  .strictObject({
    name: connectionSlug.describe("Part of the addresses that the identity provider is given; never changes."),
    displayName: line(100).optional().describe("What stands on the sign-in button."),
    provider: z.enum(Object.keys(SSO_PROVIDERS) as [SsoProvider, ...SsoProvider[]]).default("generic"),
    metadataFile: line(4096).optional().describe("SAML: the identity provider's metadata; relative to this file."),
    issuer: z.url().optional().describe("OpenID Connect: the issuer, with clientId and clientSecretFile."),
    clientId: line(400).optional(),
    clientSecretFile: line(4096).optional().describe("A file that holds the client secret; relative to this file."),
    attributes: attributeMap.partial().required({ email: true }).optional().describe("Which attribute holds what; the provider's usual ones when left out."),
    makesAccounts: z.boolean().optional().describe("Whether a first sign-in makes an account."),
    domains: z
      .array(line(253).transform((text) => text.toLowerCase()))
      .default([])
      .describe("Domains of e-mail addresses that sign in here, on the operator's word."),
  })
  .refine(
    ({ metadataFile, issuer, clientId, clientSecretFile }) =>
      metadataFile ? !(issuer || clientId || clientSecretFile) : issuer && clientId && clientSecretFile,
    {
      error: "needs a metadataFile (SAML), or issuer, clientId and clientSecretFile (OpenID Connect)",
    },
  );

/** The whole file, whose grants name these roles. */
export const setupFileSchema = (roles: FileRoles) =>
  z
    .strictObject({
      organization: line(100).describe("The organization's name."),
      allowNetworks: networks.optional(),
      workspaces: z.array(workspace).default([]),
      roles: z.array(ownRole).default([]).describe("Roles of the organization's own."),
      users: z.array(user(roles)).default([]),
      serviceAccounts: z.array(serviceAccount(roles)).default([]),
      teams: z.array(team(roles)).default([]),
      directories: z.array(directory).default([]),
      groupRules: z.array(groupRule(roles)).default([]),
      ssoConnections: z.array(ssoConnection).default([]),
    })
    .superRefine((file, context) => {
      const once = (list: string, names: string[]) => {
        for (const [index, name] of names.entries())
          if (names.indexOf(name) !== index) context.addIssue({ code: "custom", path: [list, index], message: `${name} is there twice` });
      };
      once(
        "workspaces",
        file.workspaces.map((item) => item.name),
      );
      once(
        "roles",
        file.roles.map((item) => item.name),
      );
      once(
        "users",
        file.users.map((item) => item.email),
      );
      once(
        "serviceAccounts",
        file.serviceAccounts.map((item) => `${item.workspace}/${item.name.toLowerCase()}`),
      );
      once(
        "serviceAccounts",
        file.serviceAccounts.map((item) => item.keyFile),
      );
      once(
        "teams",
        file.teams.map((item) => item.name.toLowerCase()),
      );
      once(
        "ssoConnections",
        file.ssoConnections.map((item) => item.name),
      );
      once(
        "directories",
        file.directories.map((item) => item.name),
      );
      once(
        "directories",
        file.directories.map((item) => item.tokenFile),
      );
    });

export type SetupFile = z.output<ReturnType<typeof setupFileSchema>>;
export type SetupGrant = z.output<ReturnType<typeof grant>>;
export type SetupUser = z.output<ReturnType<typeof user>>;
export type SetupWorkspace = z.output<typeof workspace>;
export type SetupServiceAccount = z.output<ReturnType<typeof serviceAccount>>;
export type SetupTeam = z.output<ReturnType<typeof team>>;
export type SetupDirectory = z.output<typeof directory>;
export type SetupSsoConnection = z.output<typeof ssoConnection>;
export type SetupGroupRule = z.output<ReturnType<typeof groupRule>>;

/** The file's JSON Schema. */
export function setupFileJsonSchema(): unknown {
  return z.toJSONSchema(setupFileSchema(rolesOf(null)), { io: "input" });
}

function ruleProblem(roles: FileRoles, { role, team, ...place }: { role?: string; team?: string; workspace?: string; project?: string }): string | undefined {
  if (Boolean(role) === Boolean(team)) return "needs a role or a team, not both";
  if (role === "runner") return "runner is for service accounts";
  if (role) return scopeProblem(roles, role, place);
  return place.workspace || place.project ? "a team has grants of its own: leave workspace and project out" : undefined;
}
