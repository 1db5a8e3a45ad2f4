import type { FilterField, ListDefinition } from "@/components/table/list-params";
import { type Rights, type RoleId, ROLES } from "@/lib/authz/permissions";
import { roleTitle as titleOf } from "@/lib/authz/role-rule";
import { SOURCES } from "@/lib/access/schema";

/** The roles as choices, Member left out: everybody is one. */
export const ROLE_CHOICES = Object.entries(ROLES)
  .filter(([id]) => id !== "member")
  .map(([value, { title }]) => ({ value, label: title }));

/** A role of the organization's own, as forms offer it. */
export type OwnRole = { value: string; label: string; summary: string; base: RoleId; rights: Rights };

/** The roles that can be given at a scope, to a kind of account: those of the table, and the organization's own. */
export const rolesAt = (scope: string, kind: "user" | "service_account", own: readonly OwnRole[] = []): { value: string; label: string }[] => [
  ...ROLE_CHOICES.filter(({ value }) => {
    const role = ROLES[value as RoleId];
    if (!(role.scope as readonly string[]).includes(scope)) return false;
    return kind === "user" ? value !== "runner" : value !== "approver" && scope !== "organization";
  }),
  ...own.filter(({ base, rights }) => (ROLES[base].scope as readonly string[]).includes(scope) && (kind === "user" || !rights["approval:decide"])),
];

export type Choice = { value: string; label: string };

/** The field of lists by which rows are found by role. `own`: the organization's own roles. */
export const roleFilter = (own: readonly Choice[]): FilterField => ({
  key: "role",
  label: "Role",
  kind: "enum",
  options: [...ROLE_CHOICES, ...own.map(({ value, label }) => ({ value, label }))],
});

export const roleTitle = (role: string): string => titleOf(role);

export const SCOPES = [
  { value: "organization", label: "Whole organization" },
  { value: "workspace", label: "Workspace" },
  { value: "project", label: "Project" },
] as const;

const fieldsWith = (own: readonly Choice[]): FilterField[] => [
  { key: "who", label: "Who", kind: "text" },
  roleFilter(own),
  { key: "scope", label: "Scope", kind: "enum", options: SCOPES },
  { key: "source", label: "Through", kind: "enum", options: SOURCES },
  { key: "through", label: "Team or group", kind: "text", canBeMissing: true },
  {
    key: "kind",
    label: "Kind",
    kind: "enum",
    options: [
      { value: "user", label: "Person" },
      { value: "service_account", label: "Service account" },
    ],
  },
  {
    key: "state",
    label: "State",
    kind: "enum",
    options: [
      { value: "active", label: "Active" },
      { value: "expiring", label: "Ends within 7 days" },
      { value: "deactivated", label: "Deactivated" },
    ],
  },
  {
    key: "effect",
    label: "Effect",
    kind: "enum",
    options: [
      { value: "allow", label: "Allows" },
      { value: "deny", label: "Denies" },
    ],
  },
  { key: "project", label: "Project", kind: "text", canBeMissing: true },
  { key: "thing", label: "Shared thing", kind: "text", canBeMissing: true },
  { key: "since", label: "Since", kind: "time" },
  { key: "until", label: "Ends", kind: "time", canBeMissing: true },
  { key: "lastSeen", label: "Last seen", kind: "time", canBeMissing: true },
];

const COLUMNS = ["who", "role", "scope", "source", "since", "until", "lastSeen", "state", "by", "reason", "actions"];

/** The members of a workspace, or of the organization and all its workspaces. `own`: the organization's own roles, to filter by. */
export const grantsList = (isOrganization: boolean, own: readonly Choice[]): ListDefinition => ({
  fields: [...fieldsWith(own), ...(isOrganization ? [{ key: "workspace", label: "Workspace", kind: "text", canBeMissing: true } as const] : [])],
  sortable: ["who", "role", "since", "until", "lastSeen"],
  defaultSort: { field: "who", direction: "asc" },
  columns: COLUMNS,
  hiddenAtFirst: ["by", "reason"],
});

export const GRANTS_PER_PAGE = 50;
