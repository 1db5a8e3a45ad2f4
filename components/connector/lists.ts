import type { ListDefinition } from "@/components/table/list-params";
import { ISSUE_PURPOSES, OUTCOMES, TYPE_TITLES } from "@/lib/connectors/schema";

/** The connectors of a workspace. */
export const CONNECTOR_LIST: ListDefinition = {
  fields: [
    { key: "name", label: "Name", kind: "text" },
    { key: "type", label: "Type", kind: "enum", options: Object.entries(TYPE_TITLES).map(([value, label]) => ({ value, label })) },
    { key: "method", label: "Method", kind: "enum" },
    { key: "resource", label: "Reaches", kind: "text", canBeMissing: true },
    { key: "issued", label: "Issued, 24 h", kind: "number" },
    { key: "verified", label: "Last verified", kind: "time", canBeMissing: true },
    { key: "expires", label: "Keys expire", kind: "time", canBeMissing: true, isAhead: true },
    { key: "owner", label: "Owner", kind: "text", canBeMissing: true },
    { key: "created", label: "Created", kind: "time" },
  ],
  sortable: ["name", "type", "method", "issued", "verified", "expires", "owner", "created"],
  defaultSort: { field: "name", direction: "asc" },
  columns: ["name", "type", "method", "resource", "short", "issued", "verified", "expires", "owner", "created"],
  hiddenAtFirst: ["created"],
};

/** The ledger of one connector. */
export const ISSUE_LIST: ListDefinition = {
  fields: [
    { key: "at", label: "Time", kind: "time" },
    { key: "who", label: "Who", kind: "text", canBeMissing: true },
    { key: "credential", label: "Credential", kind: "enum" },
    { key: "outcome", label: "Outcome", kind: "enum", options: OUTCOMES },
    { key: "purpose", label: "Purpose", kind: "enum", options: ISSUE_PURPOSES },
    { key: "resource", label: "Resource", kind: "text", canBeMissing: true },
    { key: "until", label: "Until", kind: "time", canBeMissing: true },
    { key: "request", label: "Request id", kind: "text" },
  ],
  sortable: ["at", "who", "outcome", "until"],
  defaultSort: { field: "at", direction: "desc" },
  columns: ["at", "outcome", "who", "run", "steps", "resource", "reach", "until", "credential", "purpose", "request"],
  hiddenAtFirst: ["request"],
};

export const ROWS_PER_PAGE = 50;
