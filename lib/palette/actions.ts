import "server-only";
import { can } from "@/lib/authz/can";
import { explain } from "@/lib/authz/explain";
import type { Permission } from "@/lib/authz/permissions";
import type { CallContext } from "@/lib/kernel/command";
import { environment } from "@/lib/kernel/env";
import type { PaletteAction } from "./schema";

// What one can do from the palette. An action that the actor may not do, on something that the actor may read, is listed with the
// reason; one on what the actor may not read does not exist.

type Action = {
  id: string;
  label: string;
  icon: string;
  permission: Permission;
  /** What must be readable for the action to exist at all. */
  reads: Permission;
  path: string;
  command?: string;
};

const IN_WORKSPACE: Action[] = [
  {
    id: "new-stack",
    label: "New stack",
    icon: "layers",
    permission: "stack:create",
    reads: "stack:read",
    path: "/stacks/new",
    command: "zenml stack register <name> -o <orchestrator> -a <artifact-store>",
  },
  {
    id: "new-component",
    label: "New component",
    icon: "blocks",
    permission: "component:create",
    reads: "component:read",
    path: "/components/new",
    command: "zenml artifact-store register <name> --flavor=<flavor>",
  },
  {
    id: "new-secret",
    label: "New secret",
    icon: "key-round",
    permission: "secret:create",
    reads: "secret:read",
    path: "/secrets/new",
    command: "zenml secret create <name> --<key>=<value>",
  },
  {
    id: "new-connector",
    label: "New connector",
    icon: "plug",
    permission: "connector:create",
    reads: "connector:read",
    path: "/connectors/new",
    command: "zenml service-connector register <name> --type <type> --auth-method <method>",
  },
  {
    id: "new-service-account",
    label: "New service account",
    icon: "bot",
    permission: "service-account:create",
    reads: "service-account:read",
    path: "/settings/service-accounts",
    command: "zenml service-account create <name>",
  },
  {
    id: "new-project",
    label: "New project",
    icon: "plus",
    permission: "project:create",
    reads: "project:read",
    path: "/settings/projects",
    command: "zenml project register <name>",
  },
  {
    id: "invite",
    label: "Invite a person",
    icon: "users",
    permission: "grant:create",
    reads: "grant:read",
    path: "/access/invitations",
    command: "zenml user create <e-mail>",
  },
];

const IN_ORGANIZATION: Action[] = [
  { id: "new-workspace", label: "New workspace", icon: "layout-grid", permission: "workspace:create", reads: "session:read", path: "/workspaces" },
  {
    id: "invite-to-organization",
    label: "Invite a person to the organization",
    icon: "users",
    permission: "invitation:create",
    reads: "invitation:read",
    path: "/access/invitations",
  },
  {
    id: "connect-identity-provider",
    label: "Connect an identity provider",
    icon: "log-in",
    permission: "sso-connection:create",
    reads: "sso-connection:read",
    path: "/settings/sso/new",
  },
  {
    id: "connect-directory",
    label: "Connect a directory",
    icon: "id-card",
    permission: "directory:create",
    reads: "directory:read",
    path: "/settings/directory",
  },
];

/** The actions of the place that one is in. */
export function paletteActions({ actor, workspace }: Pick<CallContext, "actor" | "workspace">): PaletteAction[] {
  const here = { workspaceId: workspace?.id, ownerId: actor.id };
  const offered = (action: Action, target: typeof here, prefix: string): PaletteAction[] => {
    if (!can(actor, action.reads, target).allowed) return [];
    const decision = explain(actor, action.permission, target);
    return [
      {
        id: action.id,
        label: action.label,
        icon: action.icon,
        href: `${prefix}${action.path}`,
        command: action.command ?? null,
        refusal: decision.allowed ? null : decision.sentence,
      },
    ];
  };
  const place = workspace?.state === "active" ? IN_WORKSPACE.flatMap((action) => offered(action, here, `/${workspace.slug}`)) : [];
  const organization = IN_ORGANIZATION.flatMap((action) => offered(action, { workspaceId: undefined, ownerId: actor.id }, ""));
  const login: PaletteAction[] =
    workspace?.state === "active"
      ? [
          {
            id: "login",
            label: `Connect the command line to ${workspace.slug}`,
            icon: "terminal",
            href: `/${workspace.slug}`,
            command: `zenml login ${environment().url}/${workspace.slug}`,
            refusal: null,
          },
        ]
      : [];
  return [...place, ...login, ...organization];
}
