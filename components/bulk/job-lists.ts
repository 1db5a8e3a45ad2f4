import type { ListDefinition } from "@/components/table/list-params";
import { BULK_LISTS, OUTCOMES } from "@/lib/bulk/schema";

/** The jobs of a workspace: fields to filter by, sort keys and columns. */
export const JOB_LIST: ListDefinition = {
  fields: [
    {
      key: "act",
      label: "Act",
      kind: "enum",
      options: [
        { value: "tag", label: "Tag" },
        { value: "untag", label: "Take tags off" },
        { value: "stop", label: "Stop" },
        { value: "delete", label: "Delete" },
      ],
    },
    { key: "list", label: "Things", kind: "enum", options: Object.entries(BULK_LISTS).map(([value, { many }]) => ({ value, label: many })) },
    {
      key: "state",
      label: "Status",
      kind: "enum",
      options: [
        { value: "queued", label: "Queued" },
        { value: "running", label: "Running" },
        { value: "completed", label: "Done" },
        { value: "cancelled", label: "Cancelled" },
        { value: "halted", label: "Stopped" },
      ],
    },
    { key: "by", label: "Asked for by", kind: "text" },
    { key: "project", label: "Project", kind: "text" },
    { key: "total", label: "How many", kind: "number" },
    { key: "created", label: "Asked for", kind: "time" },
    { key: "ended", label: "Ended", kind: "time", canBeMissing: true },
  ],
  sortable: ["state", "by", "project", "total", "created", "ended"],
  defaultSort: { field: "created", direction: "desc" },
  columns: ["state", "job", "result", "project", "by", "created", "ended"],
};

/** The things of one job. */
export const JOB_ITEM_LIST: ListDefinition = {
  fields: [
    { key: "outcome", label: "Outcome", kind: "enum", options: OUTCOMES },
    { key: "name", label: "Thing", kind: "text" },
    { key: "reason", label: "Reason", kind: "text", canBeMissing: true },
    { key: "done", label: "Done at", kind: "time", canBeMissing: true },
  ],
  sortable: ["position", "outcome", "name", "done"],
  defaultSort: { field: "position", direction: "asc" },
  columns: ["outcome", "name", "reason", "done"],
};

export const JOBS_PER_PAGE = 50;
