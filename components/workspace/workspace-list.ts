import type { ListDefinition } from "@/components/table/list-params";

/** The workspaces list: fields to filter by, sort keys and columns. */
export const WORKSPACE_LIST: ListDefinition = {
  fields: [
    { key: "name", label: "Name", kind: "text" },
    {
      key: "state",
      label: "State",
      kind: "enum",
      options: [
        { value: "active", label: "Active" },
        { value: "suspended", label: "Suspended" },
      ],
    },
    { key: "projects", label: "Projects", kind: "number" },
    { key: "members", label: "Members", kind: "number" },
    { key: "runs", label: "Runs in 7 days", kind: "number" },
    { key: "failed", label: "Failed in 7 days", kind: "number" },
    { key: "lastRun", label: "Last run", kind: "time", canBeMissing: true },
    { key: "created", label: "Created", kind: "time" },
  ],
  sortable: ["name", "projects", "members", "runs", "failed", "lastRun", "created"],
  defaultSort: { field: "name", direction: "asc" },
  columns: ["name", "state", "projects", "members", "runs", "failed", "lastRun", "created", "manage"],
};

export const WORKSPACES_PER_PAGE = 50;
