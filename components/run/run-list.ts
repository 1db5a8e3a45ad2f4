import { ORIGINS } from "@/components/ui/origin";
import { type ListDefinition, type ListView, metadataColumns } from "@/components/table/list-params";
import { RUN_STATES } from "@/lib/runs/schema";

/** The runs list: fields to filter by, sort keys and columns. */
export const RUN_LIST: ListDefinition = {
  fields: [
    { key: "status", label: "Status", kind: "enum", options: RUN_STATES },
    { key: "name", label: "Run", kind: "text" },
    { key: "pipeline", label: "Pipeline", kind: "text", canBeMissing: true },
    { key: "stack", label: "Stack", kind: "text", canBeMissing: true },
    { key: "by", label: "Started by", kind: "text", placeholder: "A name, or me" },
    { key: "origin", label: "Origin", kind: "enum", options: Object.entries(ORIGINS).map(([value, { word }]) => ({ value, label: word })) },
    { key: "model", label: "Model", kind: "text", canBeMissing: true },
    { key: "version", label: "Model version", kind: "text", canBeMissing: true },
    { key: "code", label: "Code digest", kind: "text", canBeMissing: true },
    { key: "tag", label: "Tag", kind: "text", canBeMissing: true },
    { key: "started", label: "Started", kind: "time", canBeMissing: true },
    { key: "ended", label: "Ended", kind: "time", canBeMissing: true },
    { key: "duration", label: "Duration", kind: "duration", canBeMissing: true },
    { key: "number", label: "№", kind: "number" },
  ],
  sortable: ["number", "status", "name", "started", "ended", "created", "duration"],
  defaultSort: { field: "created", direction: "desc" },
  columns: ["number", "status", "run", "pipeline", "stack", "by", "model", "code", "tags", "steps", "started", "ended", "duration"],
  hiddenAtFirst: ["steps", "ended"],
  metadata: "pipeline_run",
  showsMetadata: true,
};

export const RUNS_PER_PAGE = 50;

/** What the columns of a view need that costs a read of its own: only what is shown is read. */
export const runExtras = (view: Pick<ListView, "columns">) => ({
  withSteps: view.columns?.includes("steps") ?? false,
  metadata: metadataColumns(view).map(({ key }) => key),
});
