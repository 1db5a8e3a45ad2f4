import type { ListDefinition } from "@/components/table/list-params";
import { RUN_STATES } from "@/lib/runs/schema";

/** The pipelines list. */
export const PIPELINE_LIST: ListDefinition = {
  fields: [
    { key: "name", label: "Pipeline", kind: "text" },
    { key: "status", label: "Last run’s status", kind: "enum", options: RUN_STATES, canBeMissing: true },
    { key: "last", label: "Last run", kind: "time", canBeMissing: true },
    { key: "success", label: "Success, 30 days (%)", kind: "number", canBeMissing: true },
    { key: "duration", label: "Median duration", kind: "duration", canBeMissing: true },
    { key: "model", label: "Model", kind: "text", canBeMissing: true },
    { key: "tag", label: "Tag", kind: "text", canBeMissing: true },
    { key: "by", label: "Made by", kind: "text", canBeMissing: true, placeholder: "A name, or me" },
    { key: "created", label: "Created", kind: "time" },
  ],
  sortable: ["name", "last", "created"],
  defaultSort: { field: "last", direction: "desc" },
  columns: ["name", "status", "last", "strokes", "success", "duration", "schedule", "snapshots", "models", "tags", "by", "created"],
  hiddenAtFirst: ["by", "created"],
};

/** The snapshots of a pipeline. */
export const SNAPSHOT_LIST: ListDefinition = {
  fields: [
    { key: "name", label: "Name", kind: "text", canBeMissing: true },
    { key: "code", label: "Code digest", kind: "text", canBeMissing: true },
    { key: "stack", label: "Stack", kind: "text", canBeMissing: true },
    { key: "steps", label: "Steps", kind: "number" },
    { key: "client", label: "Client version", kind: "text", canBeMissing: true },
    { key: "by", label: "Made by", kind: "text", canBeMissing: true, placeholder: "A name, or me" },
    { key: "created", label: "Created", kind: "time" },
  ],
  sortable: ["created"],
  defaultSort: { field: "created", direction: "desc" },
  columns: ["created", "code", "packages", "stack", "steps", "by", "client", "last", "when"],
};

export const ROWS_PER_PAGE = 50;
