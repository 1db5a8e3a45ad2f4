import type { ListDefinition } from "@/components/table/list-params";
import { RUN_STATES } from "@/lib/runs/schema";

/** What a run alone can be. */
const OF_RUNS_ONLY = new Set(["waiting", "lost"]);

/** The steps list: fields to filter by, sort keys and columns. */
export const STEP_LIST: ListDefinition = {
  fields: [
    { key: "name", label: "Step", kind: "text" },
    { key: "status", label: "Status", kind: "enum", options: RUN_STATES.filter(({ value }) => !OF_RUNS_ONLY.has(value)) },
    { key: "run", label: "Run", kind: "text" },
    { key: "run_number", label: "Run №", kind: "number" },
    { key: "pipeline", label: "Pipeline", kind: "text", canBeMissing: true },
    { key: "model", label: "Model", kind: "text", canBeMissing: true },
    { key: "model_version", label: "Model version", kind: "text", canBeMissing: true },
    { key: "reads", label: "Reads artifact", kind: "text", canBeMissing: true },
    { key: "writes", label: "Writes artifact", kind: "text", canBeMissing: true },
    { key: "code", label: "Code digest", kind: "text", canBeMissing: true },
    { key: "cache_key", label: "Cache key", kind: "text", canBeMissing: true },
    { key: "docstring", label: "Description", kind: "text", canBeMissing: true },
    { key: "tag", label: "Tag of the run", kind: "text", canBeMissing: true },
    { key: "by", label: "Started by", kind: "text", placeholder: "A name, or me" },
    { key: "try", label: "Try", kind: "number" },
    { key: "started", label: "Started", kind: "time" },
    { key: "ended", label: "Ended", kind: "time", canBeMissing: true },
    { key: "duration", label: "Duration", kind: "duration", canBeMissing: true },
  ],
  sortable: ["started", "duration"],
  defaultSort: { field: "started", direction: "desc" },
  columns: ["status", "step", "run", "pipeline", "by", "model", "code", "cache", "try", "docstring", "tags", "started", "ended", "duration"],
  hiddenAtFirst: ["cache", "docstring", "tags", "ended"],
  metadata: "step_run",
};

export const STEPS_PER_PAGE = 50;
