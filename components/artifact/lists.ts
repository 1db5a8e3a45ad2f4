import type { ListDefinition } from "@/components/table/list-params";
import { ARTIFACT_KINDS, SAVE_TYPES, USES } from "@/lib/artifacts/row-schema";

/** The artifacts list: fields to filter by, sort keys and columns. */
export const ARTIFACT_LIST: ListDefinition = {
  fields: [
    { key: "name", label: "Artifact", kind: "text" },
    { key: "type", label: "Type", kind: "enum", options: ARTIFACT_KINDS },
    { key: "data_type", label: "Data type", kind: "text" },
    { key: "versions", label: "Versions", kind: "number" },
    { key: "latest", label: "Latest version", kind: "text" },
    { key: "pipeline", label: "Producer’s pipeline", kind: "text", canBeMissing: true },
    { key: "step", label: "Producer’s step", kind: "text", canBeMissing: true },
    { key: "used", label: "Used by", kind: "enum", options: USES },
    { key: "model", label: "Model", kind: "text", canBeMissing: true },
    { key: "items", label: "Items", kind: "number", canBeMissing: true },
    { key: "store", label: "Store", kind: "text", canBeMissing: true },
    { key: "tag", label: "Tag", kind: "text", canBeMissing: true },
    { key: "updated", label: "Updated", kind: "time" },
  ],
  sortable: ["name", "updated"],
  defaultSort: { field: "updated", direction: "desc" },
  columns: ["name", "type", "versions", "latest", "producer", "used", "items", "size", "store", "tags", "updated"],
  hiddenAtFirst: ["items"],
  metadata: "artifact_version",
};

/** The versions list. */
export const VERSION_LIST: ListDefinition = {
  fields: [
    { key: "artifact", label: "Artifact", kind: "text" },
    { key: "version", label: "Version", kind: "text" },
    { key: "type", label: "Type", kind: "enum", options: ARTIFACT_KINDS },
    { key: "data_type", label: "Data type", kind: "text" },
    { key: "saved", label: "Saved as", kind: "enum", options: SAVE_TYPES },
    { key: "run", label: "Producer’s run", kind: "text", canBeMissing: true },
    { key: "run_number", label: "Producer’s run №", kind: "number" },
    { key: "pipeline", label: "Producer’s pipeline", kind: "text", canBeMissing: true },
    { key: "step", label: "Producer’s step", kind: "text", canBeMissing: true },
    { key: "used", label: "Used by", kind: "enum", options: USES },
    { key: "read_by_step", label: "Read by step", kind: "text", canBeMissing: true },
    { key: "read_by_run", label: "Read by run №", kind: "number" },
    { key: "model", label: "Model", kind: "text", canBeMissing: true },
    { key: "store", label: "Store", kind: "text", canBeMissing: true },
    { key: "uri", label: "URI", kind: "text" },
    { key: "content", label: "Content digest", kind: "text", canBeMissing: true },
    { key: "items", label: "Items", kind: "number", canBeMissing: true },
    { key: "tag", label: "Tag", kind: "text", canBeMissing: true },
    { key: "by", label: "Made by", kind: "text", placeholder: "A name, or me" },
    { key: "created", label: "Made", kind: "time" },
  ],
  sortable: ["created", "items"],
  defaultSort: { field: "created", direction: "desc" },
  columns: ["artifact", "version", "type", "data_type", "producer", "used", "content", "items", "size", "store", "uri", "tags", "by", "created"],
  hiddenAtFirst: ["data_type", "items", "uri", "by"],
  metadata: "artifact_version",
};

export const ROWS_PER_PAGE = 50;

/** Views that the versions list brings: what nothing uses, and what no step is known to have made. */
export const VERSION_PRESETS = [
  { label: "Unused", filters: [{ field: "used", op: "is", values: ["nothing"] }] },
  { label: "No producer", filters: [{ field: "run", op: "missing", values: [] }] },
] as const;
