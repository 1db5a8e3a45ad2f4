import type { ListDefinition } from "@/components/table/list-params";

/** The projects of a workspace: fields to filter by, sort keys and columns. */
export const PROJECT_LIST: ListDefinition = {
  fields: [
    { key: "name", label: "Name", kind: "text" },
    { key: "display", label: "Display name", kind: "text" },
    { key: "description", label: "Description", kind: "text" },
    { key: "runs", label: "Runs", kind: "number" },
    { key: "models", label: "Models", kind: "number" },
    { key: "lastRun", label: "Last run", kind: "time", canBeMissing: true },
    { key: "created", label: "Created", kind: "time" },
  ],
  sortable: ["name", "runs", "models", "lastRun", "created"],
  defaultSort: { field: "name", direction: "asc" },
  columns: ["name", "description", "runs", "models", "artifacts", "grants", "lastRun", "created", "acts"],
};

export const PROJECTS_PER_PAGE = 50;
