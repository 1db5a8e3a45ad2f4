import type { ListDefinition } from "@/components/table/list-params";
import { ROLES } from "@/lib/authz/permissions";

const roles = Object.entries(ROLES)
  .filter(([id]) => id !== "member")
  .map(([value, role]) => ({ value, label: role.title }));

/** The service accounts list: of a workspace, or of the organization with the workspace of each. */
const list = (hasWorkspace: boolean): ListDefinition => ({
  fields: [
    { key: "name", label: "Name", kind: "text" },
    {
      key: "state",
      label: "State",
      kind: "enum",
      options: [
        { value: "active", label: "Active" },
        { value: "deactivated", label: "Deactivated" },
      ],
    },
    ...(hasWorkspace ? [{ key: "workspace", label: "Workspace", kind: "text" as const, canBeMissing: true }] : []),
    { key: "role", label: "Role", kind: "enum", options: roles, canBeMissing: true },
    { key: "keys", label: "Keys", kind: "number" },
    { key: "used", label: "Last used", kind: "time", canBeMissing: true },
    { key: "expires", label: "Next expiry", kind: "time", canBeMissing: true },
    { key: "owner", label: "Made by", kind: "text", canBeMissing: true },
    { key: "description", label: "Description", kind: "text" },
    { key: "created", label: "Created", kind: "time" },
  ],
  sortable: ["name", "state", "keys", "used", "expires", "owner", "created", ...(hasWorkspace ? ["workspace"] : [])],
  defaultSort: { field: "name", direction: "asc" },
  columns: ["name", "state", ...(hasWorkspace ? ["workspace"] : []), "role", "keys", "used", "expires", "owner", "created"],
});

export const WORKSPACE_ACCOUNTS = list(false);
export const ORGANIZATION_ACCOUNTS = list(true);
export const ACCOUNTS_PER_PAGE = 50;
