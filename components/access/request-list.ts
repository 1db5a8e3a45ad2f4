import type { ListDefinition } from "@/components/table/list-params";
import { type Choice, roleFilter, SCOPES } from "./grant-list";

/** Requests for access. `own`: the organization's own roles, to filter by. */
export const requestList = (own: readonly Choice[]): ListDefinition => ({
  fields: [
    { key: "who", label: "Asked by", kind: "text" },
    roleFilter(own),
    { key: "scope", label: "Scope", kind: "enum", options: SCOPES },
    {
      key: "state",
      label: "State",
      kind: "enum",
      options: ["open", "granted", "refused", "withdrawn", "expired"].map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) })),
    },
    { key: "created", label: "Asked", kind: "time" },
    { key: "expires", label: "Expires", kind: "time" },
  ],
  sortable: ["who", "created", "expires"],
  defaultSort: { field: "created", direction: "desc" },
  columns: ["what", "who", "reason", "until", "created", "state", "decided", "actions"],
});

/** Invitations. `own`: as above. */
export const invitationList = (own: readonly Choice[]): ListDefinition => ({
  fields: [
    { key: "email", label: "E-mail address", kind: "text" },
    roleFilter(own),
    { key: "workspace", label: "Workspace", kind: "text", canBeMissing: true },
    {
      key: "state",
      label: "State",
      kind: "enum",
      options: ["open", "accepted", "revoked", "expired"].map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) })),
    },
    { key: "created", label: "Made", kind: "time" },
    { key: "expires", label: "Expires", kind: "time" },
  ],
  sortable: ["email", "created", "expires"],
  defaultSort: { field: "created", direction: "desc" },
  columns: ["email", "role", "scope", "by", "created", "expires", "state", "actions"],
});

export const PER_PAGE = 50;
