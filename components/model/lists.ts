import type { ListDefinition } from "@/components/table/list-params";
import { STAGES } from "@/lib/models/schema";

/** The models list. */
export const MODEL_LIST: ListDefinition = {
  fields: [
    { key: "name", label: "Model", kind: "text" },
    { key: "production", label: "In production", kind: "text", canBeMissing: true, placeholder: "A version" },
    { key: "staging", label: "In staging", kind: "text", canBeMissing: true, placeholder: "A version" },
    { key: "latest", label: "Newest version made", kind: "time", canBeMissing: true },
    { key: "versions", label: "Versions", kind: "number" },
    { key: "description", label: "Description", kind: "text", canBeMissing: true },
    { key: "tag", label: "Tag", kind: "text", canBeMissing: true },
    { key: "by", label: "Made by", kind: "text", canBeMissing: true, placeholder: "A name, or me" },
    { key: "created", label: "Created", kind: "time" },
  ],
  sortable: ["name", "latest", "created"],
  defaultSort: { field: "created", direction: "desc" },
  columns: ["name", "latest", "production", "staging", "versions", "tags", "by", "updated", "created"],
  hiddenAtFirst: ["created"],
};

/** The model versions of a project; those of one model leave out its name. */
export const MODEL_VERSION_LIST: ListDefinition = {
  fields: [
    { key: "model", label: "Model", kind: "text" },
    { key: "version", label: "Version", kind: "text" },
    { key: "number", label: "Version number", kind: "number" },
    { key: "stage", label: "Stage", kind: "enum", options: STAGES, canBeMissing: true },
    { key: "pipeline", label: "Pipeline", kind: "text", canBeMissing: true },
    { key: "run", label: "Run", kind: "text", canBeMissing: true },
    { key: "description", label: "Description", kind: "text", canBeMissing: true },
    { key: "tag", label: "Tag", kind: "text", canBeMissing: true },
    { key: "by", label: "Made by", kind: "text", canBeMissing: true, placeholder: "A name, or me" },
    { key: "created", label: "Made", kind: "time" },
  ],
  sortable: ["number", "created"],
  defaultSort: { field: "created", direction: "desc" },
  columns: ["version", "model", "stage", "run", "pipeline", "metrics", "tags", "by", "created"],
  metadata: "model_version",
};

export const VERSIONS_OF_MODEL: ListDefinition = {
  ...MODEL_VERSION_LIST,
  fields: MODEL_VERSION_LIST.fields.filter((field) => field.key !== "model"),
  columns: MODEL_VERSION_LIST.columns.filter((id) => id !== "model"),
};

export const ROWS_PER_PAGE = 50;
