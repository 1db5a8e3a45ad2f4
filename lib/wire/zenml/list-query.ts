import "server-only";
import { AppError } from "@/lib/kernel/errors";
import { type Condition, type Fields, type ListSpec, OPERATORS, type Operator, sortColumn } from "@/lib/kernel/list";

// The wire's list parameters → a ListSpec (WIRE §5): `field=[op:]value`, repeated for several, `sort_by`, `logical_operator`, `page`, `size`.

const RESERVED = new Set([
  "page",
  "size",
  "sort_by",
  "logical_operator",
  "hydrate",
  "scope_type",
  "include_full_metadata",
  "include_python_packages",
  "include_config_schema",
  "expand_secrets",
]);
const EVERY_OPERATOR: ReadonlySet<string> = new Set(Object.values(OPERATORS).flat());
const MAX_SIZE = 10_000;

export type WireList = { spec: ListSpec; page: number; size: number };

/** Parses the parameters. Errors: invalid_input (422) for an unknown filter or sort key, a bad value, page or size. */
export function parseList(query: URLSearchParams, fields: Fields, options: { defaultSort?: string; ignore?: readonly string[] } = {}): WireList {
  const page = whole(query, "page", 1, Number.MAX_SAFE_INTEGER, 1);
  const size = whole(query, "size", 1, MAX_SIZE, 20);
  const logic = query.get("logical_operator") ?? "and";
  if (logic !== "and" && logic !== "or") throw new AppError("invalid_input", "logical_operator is and, or or.");
  const conditions: Condition[] = [];
  for (const [name, text] of query) {
    if (RESERVED.has(name) || options.ignore?.includes(name)) continue;
    conditions.push(parseCondition(name, text, fields));
  }
  const [direction, key] = sortKey(query.get("sort_by") ?? options.defaultSort ?? "created");
  sortColumn(fields, key);
  return { spec: { conditions, logic, sort: { field: key, direction }, limit: size, offset: (page - 1) * size }, page, size };
}

function sortKey(text: string): ["asc" | "desc", string] {
  const colon = text.indexOf(":");
  if (colon < 0) return ["asc", text];
  const direction = text.slice(0, colon);
  if (direction !== "asc" && direction !== "desc") throw new AppError("invalid_input", "sort_by starts with asc: or desc:.");
  return [direction, text.slice(colon + 1)];
}

/** `op:value`; a prefix that is no operator is literal text. */
function parseCondition(field: string, text: string, fields: Fields): Condition {
  const colon = text.indexOf(":");
  const prefix = colon > 0 ? text.slice(0, colon) : "";
  if (!EVERY_OPERATOR.has(prefix) || (prefix === "in" && fields[field]?.kind !== "time")) return { field, op: "equals", value: text };
  const op = prefix as Operator;
  const rest = text.slice(colon + 1);
  if (op === "oneof" || op === "notoneof") {
    let list: unknown;
    try {
      list = JSON.parse(rest);
    } catch {
      list = undefined;
    }
    if (!Array.isArray(list)) throw new AppError("invalid_input", `${field}: ${op} takes a JSON list.`, { fields: { [field]: "list" } });
    return { field, op, value: list.map(String) };
  }
  return { field, op, value: rest };
}

function whole(query: URLSearchParams, name: string, least: number, most: number, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const number = Number(text);
  if (!Number.isInteger(number) || number < least || number > most)
    throw new AppError("invalid_input", `${name} is a whole number from ${least}${most === MAX_SIZE ? ` to ${most}` : ""}.`, { fields: { [name]: "range" } });
  return number;
}

/** Error: bad_request (400 ValueError) for a page past the end, as the client expects. */
export function checkPage(page: number, size: number, total: number): void {
  const pages = Math.max(1, Math.ceil(total / size));
  if (page > pages)
    throw new AppError(
      "bad_request",
      `Invalid page ${page}. The requested page size is ${size} and there are a total of ${total} items for this query. The maximum page value therefore is ${pages}.`,
    );
}

/** Python style booleans: `True`, `true`, `1`, `yes`, `y`. */
export function booleanParameter(query: URLSearchParams, name: string, fallback: boolean): boolean {
  const text = query.get(name);
  if (text === null) return fallback;
  if (["true", "True", "1", "yes", "y"].includes(text)) return true;
  if (["false", "False", "0", "no", "n"].includes(text)) return false;
  throw new AppError("invalid_input", `${name} is neither true nor false.`, { fields: { [name]: "boolean" } });
}
