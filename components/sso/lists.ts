import type { FilterField, ListDefinition } from "@/components/table/list-params";
import { type AttemptMode, type AttemptOutcome, REFUSALS } from "@/lib/sso/schema";

// The lists of a connection's pages.

export const ROWS_PER_PAGE = 50;

export const MODES: Record<AttemptMode, string> = { sign_in: "Sign-in", test: "Test login", link: "Linking" };
export const OUTCOMES: Record<AttemptOutcome, string> = {
  open: "Not finished",
  signed_in: "Signed in",
  tested: "Test passed",
  linked: "Linked",
  refused: "Refused",
};

const options = (words: Record<string, string>) => Object.entries(words).map(([value, label]) => ({ value, label }));
const list = (fields: FilterField[], defaultSort: ListDefinition["defaultSort"]): ListDefinition => ({
  fields,
  sortable: fields.map((field) => field.key),
  defaultSort,
  columns: fields.map((field) => field.key),
});

export const PEOPLE = list(
  [
    { key: "who", label: "Account", kind: "text" },
    { key: "email", label: "E-mail address", kind: "text", canBeMissing: true },
    { key: "subject", label: "Subject there", kind: "text" },
    { key: "state", label: "State", kind: "enum", options: options({ active: "Active", deactivated: "Deactivated" }) },
    { key: "linked", label: "Linked", kind: "time" },
    { key: "last", label: "Last sign-in", kind: "time", canBeMissing: true },
  ],
  { field: "who", direction: "asc" },
);

export const ATTEMPTS = list(
  [
    { key: "at", label: "Time", kind: "time" },
    { key: "mode", label: "Kind", kind: "enum", options: options(MODES) },
    { key: "who", label: "Who", kind: "text", canBeMissing: true },
    { key: "email", label: "E-mail address", kind: "text", canBeMissing: true },
    { key: "outcome", label: "Outcome", kind: "enum", options: options(OUTCOMES) },
    { key: "refusal", label: "Refused because", kind: "enum", canBeMissing: true, options: options(REFUSALS) },
    { key: "address", label: "From", kind: "text", canBeMissing: true },
  ],
  { field: "at", direction: "desc" },
);
