import type { ListDefinition } from "@/components/table/list-params";
import { SOURCES } from "@/lib/access/schema";
import { DECISIONS, MEANWHILE, type ReviewRow } from "@/lib/access-reviews/schema";
import { type Choice, ROLE_CHOICES, roleFilter } from "./grant-list";

/** The page of a review. */
export const reviewPath = ({ workspace, id }: Pick<ReviewRow, "workspace" | "id">): string =>
  workspace ? `/${workspace}/access/reviews/${id}` : `/access/reviews/${id}`;

/** Reviews. `own`: the organization's own roles, to filter by. */
export const reviewList = (own: readonly Choice[]): ListDefinition => ({
  fields: [
    { key: "name", label: "Name", kind: "text" },
    { ...roleFilter(own), canBeMissing: true },
    { key: "workspace", label: "Workspace", kind: "text", canBeMissing: true },
    { key: "by", label: "Opened by", kind: "text" },
    {
      key: "state",
      label: "State",
      kind: "enum",
      options: [
        { value: "open", label: "Not finished" },
        { value: "overdue", label: "Overdue" },
        { value: "signed", label: "Signed off" },
        { value: "cancelled", label: "Cancelled" },
      ],
    },
    { key: "due", label: "Due", kind: "time" },
    { key: "created", label: "Opened", kind: "time" },
  ],
  sortable: ["name", "due", "created"],
  defaultSort: { field: "created", direction: "desc" },
  columns: ["name", "of", "state", "progress", "due", "created", "by", "closed"],
});

/** The rows of one. `own`: as above. */
export const reviewItemList = (own: readonly Choice[]): ListDefinition => ({
  fields: [
    { key: "who", label: "Who", kind: "text" },
    {
      key: "kind",
      label: "Kind",
      kind: "enum",
      options: [
        { value: "user", label: "Person" },
        { value: "service_account", label: "Service account" },
        { value: "team", label: "Team" },
      ],
    },
    roleFilter(own),
    { key: "workspace", label: "Workspace", kind: "text", canBeMissing: true },
    { key: "project", label: "Project", kind: "text", canBeMissing: true },
    { key: "source", label: "Through", kind: "enum", options: SOURCES },
    { key: "decision", label: "Decision", kind: "enum", options: [{ value: "undecided", label: "Undecided" }, ...DECISIONS] },
    {
      key: "risk",
      label: "Marked",
      kind: "text",
      placeholder: "unused, administers, deactivated",
    },
    {
      key: "meanwhile",
      label: "Meanwhile",
      kind: "enum",
      canBeMissing: true,
      options: Object.entries(MEANWHILE).map(([value, label]) => ({ value, label })),
    },
    { key: "since", label: "Since", kind: "time" },
    { key: "used", label: "Last used", kind: "time", canBeMissing: true },
  ],
  sortable: ["who", "role", "since", "used"],
  defaultSort: { field: "who", direction: "asc" },
  columns: ["who", "role", "scope", "source", "since", "used", "marks", "decision", "actions", "by", "until"],
  hiddenAtFirst: ["by", "until"],
});

export const REVIEWS_PER_PAGE = 50;
export const ITEMS_PER_PAGE = 100;

/** The roles that a review of a place can be of. */
export const reviewableRoles = (isWorkspace: boolean, own: readonly Choice[]): Choice[] => [
  ...ROLE_CHOICES.filter(({ value }) => !isWorkspace || !["system-admin", "auditor"].includes(value)),
  ...own.map(({ value, label }) => ({ value, label })),
];
