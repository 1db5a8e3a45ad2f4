import { filterOf } from "@/components/project/paths";
import type { ListDefinition } from "@/components/table/list-params";
import { CAUSES, type Cause, SURFACES, type Surface } from "@/lib/canaries/schema";

// The pages of the revocation monitor and the list of its trials.

export const REVOCATION = "/settings/revocation";
export const TRIALS_PER_PAGE = 50;
export const TABS = [
  { id: "monitor", href: REVOCATION, label: "Monitor" },
  { id: "trials", href: `${REVOCATION}/trials`, label: "Trials" },
] as const;

export const VERDICTS = [
  { value: "refused", label: "Over in time" },
  { value: "late", label: "Late" },
  { value: "open", label: "Still open" },
  { value: "not measured", label: "Not measured" },
];

const choices = (of: Record<string, string | { label: string }>) =>
  Object.entries(of).map(([value, one]) => ({ value, label: typeof one === "string" ? one : one.label }));

const FIELDS: ListDefinition["fields"] = [
  { key: "at", label: "Time", kind: "time" },
  { key: "cause", label: "What ended it", kind: "enum", options: choices(CAUSES) },
  { key: "surface", label: "Surface", kind: "enum", options: choices(SURFACES) },
  { key: "seconds", label: "Until refused (s)", kind: "number", canBeMissing: true },
  { key: "verdict", label: "Verdict", kind: "enum", options: VERDICTS },
  { key: "canary", label: "Canary", kind: "text" },
];

export const TRIALS: ListDefinition = {
  fields: FIELDS,
  sortable: FIELDS.map((field) => field.key),
  defaultSort: { field: "at", direction: "desc" },
  columns: FIELDS.map((field) => field.key),
};

/** The trials of a cause on a surface. */
export const trialsPath = (cause: Cause, surface: Surface): string =>
  `${REVOCATION}/trials?${new URLSearchParams([
    ["f", filterOf("cause", "is", cause)],
    ["f", filterOf("surface", "is", surface)],
  ])}`;

/** What the trail says of a canary. */
export const entriesPath = (canary: string): string => `/audit?f=${encodeURIComponent(filterOf("target", "contains", canary))}`;

/** Seconds as they are read: `0.012 s`. */
export const secondsText = (seconds: number): string => `${seconds < 1 ? seconds.toFixed(3) : seconds.toFixed(2)} s`;
