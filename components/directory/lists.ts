import type { FilterField, ListDefinition } from "@/components/table/list-params";

// The lists of a directory's page.

export const ROWS_PER_PAGE = 50;

const state = (key: string, label: string): FilterField => ({
  key,
  label,
  kind: "enum",
  options: [
    { value: "active", label: "Active" },
    { value: "deactivated", label: "Deactivated" },
  ],
});
const list = (fields: FilterField[], defaultSort: ListDefinition["defaultSort"]): ListDefinition => ({
  fields,
  sortable: fields.map((field) => field.key),
  defaultSort,
  columns: fields.map((field) => field.key),
});

const people = list(
  [
    { key: "user", label: "User name", kind: "text" },
    { key: "name", label: "Account", kind: "text" },
    state("said", "The directory says"),
    state("held", "Here"),
    { key: "groups", label: "Groups", kind: "text", canBeMissing: true },
    { key: "updated", label: "Last change", kind: "time" },
  ],
  { field: "user", direction: "asc" },
);
export const PEOPLE: ListDefinition = {
  ...people,
  fields: [
    ...people.fields,
    {
      key: "drift",
      label: "Directory and account",
      kind: "enum",
      options: [
        { value: "differs", label: "Differ" },
        { value: "same", label: "Agree" },
      ],
    },
  ],
};

export const GROUPS = list(
  [
    { key: "name", label: "Group", kind: "text" },
    { key: "members", label: "Members", kind: "number" },
    { key: "rules", label: "Rules", kind: "number" },
    { key: "updated", label: "Last change", kind: "time" },
  ],
  { field: "name", direction: "asc" },
);

const KINDS = { account: "Account", name: "Name", membership: "Membership", grant: "Grant", group: "Group" };
export const driftKind = (kind: string): string => KINDS[kind as keyof typeof KINDS] ?? kind;

export const DRIFT = list(
  [
    { key: "kind", label: "Of", kind: "enum", options: Object.entries(KINDS).map(([value, label]) => ({ value, label })) },
    { key: "what", label: "Who or what", kind: "text" },
    { key: "said", label: "The directory says", kind: "text" },
    { key: "held", label: "Here", kind: "text" },
    { key: "why", label: "Because", kind: "text" },
    { key: "since", label: "Since", kind: "time" },
  ],
  { field: "since", direction: "desc" },
);

export const REQUESTS = list(
  [
    { key: "at", label: "Time", kind: "time" },
    { key: "method", label: "Method", kind: "enum", options: ["GET", "POST", "PUT", "PATCH", "DELETE"].map((value) => ({ value, label: value })) },
    { key: "subject", label: "Asked for", kind: "text" },
    { key: "status", label: "Result", kind: "number" },
    { key: "duration", label: "Took (ms)", kind: "number" },
    { key: "detail", label: "Refused because", kind: "text", canBeMissing: true },
  ],
  { field: "at", direction: "desc" },
);

export const TABS = [
  { id: "overview", path: "", label: "Overview" },
  { id: "people", path: "/people", label: "People" },
  { id: "groups", path: "/groups", label: "Groups" },
  { id: "rules", path: "/rules", label: "Group rules" },
  { id: "drift", path: "/drift", label: "Drift" },
  { id: "requests", path: "/requests", label: "Requests" },
] as const;
export type DirectoryTab = (typeof TABS)[number]["id"];

export const directoryPath = (id: string, tab: DirectoryTab = "overview"): string =>
  `/settings/directory/${id}${TABS.find((one) => one.id === tab)?.path ?? ""}`;

export const holdPath = (directoryId: string, holdId: string): string => `/settings/directory/${directoryId}/holds/${holdId}`;
