import { ORIGINS } from "@/components/ui/origin";
import type { FilterField, ListDefinition } from "@/components/table/list-params";
import { OUTCOMES } from "@/lib/audit/schema";

const FIELDS: FilterField[] = [
  { key: "at", label: "Time", kind: "time" },
  { key: "actor", label: "Actor", kind: "text" },
  { key: "action", label: "Action", kind: "text", placeholder: "run.started, session" },
  { key: "type", label: "Kind of target", kind: "text", placeholder: "run, session, workspace" },
  { key: "target", label: "Target", kind: "text", canBeMissing: true },
  { key: "thing", label: "About this id", kind: "text", canBeMissing: true },
  { key: "outcome", label: "Outcome", kind: "enum", options: OUTCOMES },
  { key: "origin", label: "Origin", kind: "enum", options: Object.entries(ORIGINS).map(([value, { word }]) => ({ value, label: word })) },
  {
    key: "credential",
    label: "Credential",
    kind: "enum",
    options: [
      { value: "session", label: "Browser session" },
      { value: "api_key", label: "API key" },
      { value: "workload", label: "Token of a run" },
      { value: "operator", label: "Operator on the host" },
      { value: "system", label: "Reeve itself" },
    ],
  },
  { key: "behalf", label: "On behalf of", kind: "text", canBeMissing: true },
  { key: "address", label: "Address", kind: "text", canBeMissing: true },
  { key: "request", label: "Request id", kind: "text" },
  { key: "reason", label: "Reason", kind: "text", canBeMissing: true },
  { key: "changed", label: "Changed field", kind: "enum", placeholder: "role, status" },
  { key: "seq", label: "№", kind: "number" },
];

const list = (fields: FilterField[], columns: string[]): ListDefinition => ({
  fields,
  sortable: ["seq"],
  defaultSort: { field: "seq", direction: "desc" },
  columns: [...columns, "behalf", "credential", "address", "request", "reason"],
  hiddenAtFirst: ["behalf", "credential", "address", "request", "reason"],
});

/** The audit list of one workspace. */
export const WORKSPACE_ENTRIES = list(FIELDS, ["seq", "at", "actor", "origin", "action", "target", "outcome"]);

/** The audit list of the organization: the same, and the workspace. */
export const ORGANIZATION_ENTRIES = list(
  [...FIELDS, { key: "workspace", label: "Workspace", kind: "text", canBeMissing: true }],
  ["seq", "at", "actor", "origin", "action", "target", "workspace", "outcome"],
);

export const ENTRIES_PER_PAGE = 100;
