import type { ListDefinition } from "@/components/table/list-params";
import { STORE_OPTIONS } from "@/lib/secret-stores/schema";
import { KIND_TITLES, PURPOSES, SCOPES } from "@/lib/secrets/row-schema";

/** The secrets of a workspace. */
export const SECRET_LIST: ListDefinition = {
  fields: [
    { key: "name", label: "Name", kind: "text" },
    { key: "kind", label: "Kind", kind: "enum", options: Object.entries(KIND_TITLES).map(([value, label]) => ({ value, label })) },
    { key: "scope", label: "Scope", kind: "enum", options: SCOPES },
    { key: "project", label: "Project", kind: "text", canBeMissing: true },
    { key: "keys", label: "Keys", kind: "number" },
    { key: "version", label: "Version", kind: "number" },
    { key: "bound", label: "Bindings", kind: "number" },
    {
      key: "leaked",
      label: "Leaked",
      kind: "enum",
      options: [
        { value: "yes", label: "Yes" },
        { value: "no", label: "No" },
      ],
    },
    { key: "store", label: "Store", kind: "enum", options: STORE_OPTIONS },
    { key: "owner", label: "Owner", kind: "text", canBeMissing: true },
    { key: "used", label: "Last used", kind: "time", canBeMissing: true },
    { key: "rotated", label: "Last rotated", kind: "time" },
    { key: "expires", label: "Expires", kind: "time", canBeMissing: true, isAhead: true },
    { key: "created", label: "Created", kind: "time" },
  ],
  sortable: ["name", "kind", "scope", "keys", "version", "bound", "store", "owner", "used", "rotated", "expires", "created"],
  defaultSort: { field: "name", direction: "asc" },
  columns: ["name", "kind", "scope", "keys", "version", "bound", "store", "owner", "used", "rotated", "expires", "created"],
  hiddenAtFirst: ["created"],
};

/** The uses of one secret. */
export const USE_LIST: ListDefinition = {
  fields: [
    { key: "at", label: "Time", kind: "time" },
    { key: "who", label: "Who", kind: "text" },
    { key: "purpose", label: "Purpose", kind: "enum", options: PURPOSES },
    { key: "reason", label: "Reason", kind: "text", canBeMissing: true },
    { key: "version", label: "Version", kind: "number" },
    { key: "credential", label: "Credential", kind: "enum" },
    { key: "run", label: "Run", kind: "text", canBeMissing: true },
    { key: "step", label: "Step", kind: "text", canBeMissing: true },
    {
      key: "exactness",
      label: "How known",
      kind: "enum",
      options: [
        { value: "exact", label: "Exact" },
        { value: "inferred", label: "Inferred" },
      ],
      canBeMissing: true,
    },
    { key: "request", label: "Request id", kind: "text" },
  ],
  sortable: ["at", "who", "purpose", "version"],
  defaultSort: { field: "at", direction: "desc" },
  columns: ["at", "run", "step", "who", "credential", "version", "held", "purpose", "exactness", "reason", "entry", "request"],
  hiddenAtFirst: ["request"],
};

/** The uses of one of the organization's, in all workspaces. */
export const ORGANIZATION_USE_LIST: ListDefinition = {
  ...USE_LIST,
  fields: [...USE_LIST.fields, { key: "workspace", label: "Workspace", kind: "text" }],
  columns: ["at", "workspace", ...USE_LIST.columns.slice(1)],
};

export const ROWS_PER_PAGE = 50;
