import type { ListDefinition } from "@/components/table/list-params";
import { ROLE_CHOICES, SCOPES } from "./grant-list";

export const REQUEST_LIST: ListDefinition = {
  fields: [
    { key: "who", label: "Asked by", kind: "text" },
    { key: "role", label: "Role", kind: "enum", options: ROLE_CHOICES },
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
};

export const INVITATION_LIST: ListDefinition = {
  fields: [
    { key: "email", label: "E-mail address", kind: "text" },
    { key: "role", label: "Role", kind: "enum", options: ROLE_CHOICES },
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
};

export const PER_PAGE = 50;
