import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import { AppError } from "./errors";
import { isUuid } from "./id";
import { authenticationKey } from "./keys";
import { orGroups } from "./or-rule";

// One list mechanism for the pages and the wire: conditions on named fields become SQL, one sort key with the id as tie-break,
// keyset or offset. A field that an entity does not name can't be filtered or sorted by (AZ-11).

export type FieldKind = "text" | "enum" | "uuid" | "number" | "time" | "bool" | "metadata";

export const OPERATORS = {
  text: ["equals", "notequals", "contains", "notcontains", "startswith", "endswith", "oneof", "notoneof", "isnull", "isnotnull", "gt", "gte", "lt", "lte"],
  enum: ["equals", "notequals", "contains", "notcontains", "startswith", "endswith", "oneof", "notoneof", "isnull", "isnotnull"],
  uuid: ["equals", "notequals", "contains", "notcontains", "startswith", "endswith", "oneof", "notoneof", "isnull", "isnotnull"],
  number: ["equals", "notequals", "gt", "gte", "lt", "lte", "oneof", "notoneof", "isnull", "isnotnull", "between"],
  time: ["equals", "notequals", "gt", "gte", "lt", "lte", "in", "isnull", "isnotnull", "oneof"],
  bool: ["equals", "notequals", "isnull", "isnotnull"],
  /** A value that is a number or a text: equals and comparisons mean the number, the rest the text. */
  metadata: [
    "equals",
    "notequals",
    "gt",
    "gte",
    "lt",
    "lte",
    "between",
    "oneof",
    "notoneof",
    "contains",
    "notcontains",
    "startswith",
    "endswith",
    "isnull",
    "isnotnull",
  ],
} as const satisfies Record<FieldKind, readonly string[]>;

export type Operator = (typeof OPERATORS)[FieldKind][number];

/** `value` of oneof, notoneof, in and between is a list; of isnull and isnotnull it is empty. */
/** `or`: one of this and the condition before it is enough. */
export type Condition = { field: string; op: Operator; value: string | readonly string[]; or?: boolean };

export type Field = {
  kind: FieldKind;
  /** The SQL of the value, e.g. sql.ref("run.name"). */
  sql?: RawBuilder<unknown>;
  /** For fields that are not one value (tags, metadata): the whole condition. */
  where?: (op: Operator, value: string | readonly string[]) => RawBuilder<SqlBool>;
  /** For a field that stands for many: the one that `<name>.<key>` means. */
  keyed?: (key: string) => Field;
  /** False for what may be filtered but not sorted by. */
  sortable?: boolean;
  /** Never null: sorting and paging then need no place for missing values, and follow the index. */
  required?: boolean;
};

export type Fields = Record<string, Field>;

export type ListSpec = {
  conditions: readonly Condition[];
  logic?: "and" | "or";
  sort: { field: string; direction: "asc" | "desc" };
  limit: number;
  offset?: number;
  /** The last row's sort value (null for "not recorded") and id. */
  after?: Cursor;
};

export type Cursor = { value: string | number | null; id: string };

const COMPARISONS = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;

/** The condition of a spec's filters. Errors: invalid_input for an unknown field, an operator or value that does not fit. */
export function conditionsSql(fields: Fields, conditions: readonly Condition[], logic: "and" | "or" = "and"): RawBuilder<SqlBool> {
  if (conditions.length === 0) return sql<SqlBool>`true`;
  const joined = (parts: RawBuilder<SqlBool>[], by: "and" | "or") => sql<SqlBool>`(${sql.join(parts, by === "or" ? sql` or ` : sql` and `)})`;
  const groups = orGroups(conditions).map((group) => {
    const [only, ...more] = group.map((condition) => conditionSql(fields, condition));
    return only && more.length === 0 ? only : joined([...(only ? [only] : []), ...more], "or");
  });
  return joined(groups, logic);
}

/** The field of a name, also of one with a key: `meta.auc`. */
function fieldOf(fields: Fields, name: string): Field | undefined {
  if (Object.hasOwn(fields, name)) return fields[name];
  const dot = name.indexOf(".");
  const family = dot > 0 && Object.hasOwn(fields, name.slice(0, dot)) ? fields[name.slice(0, dot)] : undefined;
  return family?.keyed?.(name.slice(dot + 1));
}

function conditionSql(fields: Fields, { field: name, op, value }: Condition): RawBuilder<SqlBool> {
  const field = fieldOf(fields, name);
  if (!field) throw new AppError("invalid_input", `There is no field ${name} to filter by.`, { fields: { [name]: "unknown field" } });
  const operators: readonly string[] = OPERATORS[field.kind];
  if (!operators.includes(op))
    throw new AppError("invalid_input", `${name} has no operator ${op}; it has ${operators.join(", ")}.`, { fields: { [name]: "operator" } });
  if (field.where) return field.where(op, value);
  const column = field.sql ?? sql.ref(name);
  if (op === "isnull") return sql<SqlBool>`${column} is null`;
  if (op === "isnotnull") return sql<SqlBool>`${column} is not null`;
  const wrong = (what: string) => new AppError("invalid_input", `${name}: ${what}`, { fields: { [name]: what } });
  const one = (text: string) => typed(field.kind, text, wrong);
  const asText = field.kind === "uuid" ? sql`${column}::text` : column;
  const text = Array.isArray(value) ? undefined : (value as string);
  switch (op) {
    case "oneof":
    case "notoneof": {
      const list = Array.isArray(value) ? value : [value as string];
      if (list.length === 0) return op === "oneof" ? sql<SqlBool>`false` : sql<SqlBool>`true`;
      const items = sql.join(list.map(one));
      return op === "oneof" ? sql<SqlBool>`${column} in (${items})` : sql<SqlBool>`(${column} is null or ${column} not in (${items}))`;
    }
    case "in":
    case "between": {
      const [from, to] = Array.isArray(value) ? value : (value as string).split(",");
      if (from === undefined || to === undefined) throw wrong("needs two values");
      return sql<SqlBool>`${column} between ${one(from)} and ${one(to)}`;
    }
  }
  if (text === undefined) throw wrong("takes one value");
  switch (op) {
    case "contains":
      return sql<SqlBool>`${asText} ilike ${`%${likeText(text)}%`}`;
    case "notcontains":
      return sql<SqlBool>`(${column} is null or ${asText} not ilike ${`%${likeText(text)}%`})`;
    case "startswith":
      return sql<SqlBool>`${asText} like ${`${likeText(text)}%`}`;
    case "endswith":
      return sql<SqlBool>`${asText} like ${`%${likeText(text)}`}`;
    case "notequals":
      return sql<SqlBool>`${column} is distinct from ${one(text)}`;
    case "gt":
    case "gte":
    case "lt":
    case "lte":
      return sql<SqlBool>`${column} ${sql.raw(COMPARISONS[op])} ${one(text)}`;
    default:
      return sql<SqlBool>`${column} = ${one(text)}`;
  }
}

/** Escapes what LIKE would read as a pattern. */
export const likeText = (text: string): string => text.replace(/[\\%_]/g, (sign) => `\\${sign}`);

const TIME = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?(Z|[+-]\d\d(:?\d\d)?)?$/;
const TRUE = new Set(["true", "True", "1", "yes", "y"]);
const FALSE = new Set(["false", "False", "0", "no", "n"]);

/** PostgreSQL's largest `integer`. */
const MAX_INTEGER = 2_147_483_647;

function typed(kind: FieldKind, text: string, wrong: (what: string) => AppError): Expression<unknown> | RawBuilder<unknown> {
  switch (kind) {
    case "uuid":
      if (!isUuid(text)) throw wrong("is not a valid UUID");
      return sql`${text.toLowerCase()}::uuid`;
    case "number": {
      const number = Number(text);
      if (text.trim() === "" || !Number.isFinite(number)) throw wrong("is not a number");
      // What no integer column can hold is compared as a float, so that it is unequal instead of an error.
      return Number.isInteger(number) && Math.abs(number) <= MAX_INTEGER ? sql`${number}` : sql`${number}::float8`;
    }
    case "time":
      if (!TIME.test(text) || Number.isNaN(Date.parse(text.replace(" ", "T")))) throw wrong("is not a time (YYYY-MM-DD HH:MM:SS)");
      return sql`${text}::timestamptz`;
    case "bool":
      if (TRUE.has(text)) return sql`true`;
      if (FALSE.has(text)) return sql`false`;
      throw wrong("is neither true nor false");
    default:
      if (text.includes("\u0000")) throw wrong("has a character that no text has");
      return sql`${text}`;
  }
}

/** The sort key's SQL. Error: invalid_input for a field that can't be sorted by. */
export function sortColumn(fields: Fields, name: string): RawBuilder<unknown> {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!field || field.sortable === false || (field.where && !field.sql))
    throw new AppError("invalid_input", `There is no field ${name} to sort by.`, { fields: { sort: "unknown field" } });
  return field.sql ?? sql.ref(name);
}

/** `order by` of a spec: the key, nulls last in both directions, then the id in the same direction. */
export function orderSql(fields: Fields, spec: Pick<ListSpec, "sort">, id: string): RawBuilder<unknown> {
  const column = sortColumn(fields, spec.sort.field);
  const direction = sql.raw(spec.sort.direction === "asc" ? "asc" : "desc");
  return nullable(fields, spec.sort.field)
    ? sql`${column} ${direction} nulls last, ${sql.ref(id)} ${direction}`
    : sql`${column} ${direction}, ${sql.ref(id)} ${direction}`;
}

const nullable = (fields: Fields, name: string): boolean => !fields[name]?.required;

/** The condition of the rows after a cursor, in the order of `orderSql`. */
export function afterSql(fields: Fields, spec: ListSpec, id: string): RawBuilder<SqlBool> {
  if (!spec.after) return sql<SqlBool>`true`;
  const column = sortColumn(fields, spec.sort.field);
  const sign = sql.raw(spec.sort.direction === "asc" ? ">" : "<");
  const kind = fields[spec.sort.field]?.kind ?? "text";
  const { value, id: lastId } = spec.after;
  const tie = sql`${sql.ref(id)} ${sign} ${lastId}::uuid`;
  if (value === null) return sql<SqlBool>`(${column} is null and ${tie})`;
  const last = typed(kind, String(value), () => new AppError("bad_request", "The page cursor is not valid.", { fix: "Open the list from its first page." }));
  const past = sql`(${column}, ${sql.ref(id)}) ${sign} (${last}, ${lastId}::uuid)`;
  return nullable(fields, spec.sort.field) ? sql<SqlBool>`(${past} or ${column} is null)` : sql<SqlBool>`${past}`;
}

/** Signs a cursor for one list and reader, so that it can't be made up or carried to another person's list (AZ-10). */
export function sealCursor(cursor: Cursor, list: string, readerId: string): string {
  const body = Buffer.from(JSON.stringify([cursor.value, cursor.id])).toString("base64url");
  return `${body}.${cursorMac(body, list, readerId).toString("base64url")}`;
}

/** Reads a signed cursor. Error: bad_request when it was tampered with or belongs to another list or reader. */
export function openCursor(text: string, list: string, readerId: string): Cursor {
  const [body = "", mac = ""] = text.split(".");
  const given = Buffer.from(mac, "base64url");
  const expected = cursorMac(body, list, readerId);
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new AppError("bad_request", "The page cursor is not valid.", { fix: "Open the list from its first page." });
  const [value, id] = JSON.parse(Buffer.from(body, "base64url").toString()) as [string | number | null, string];
  return { value, id };
}

const cursorMac = (body: string, list: string, readerId: string) =>
  createHmac("sha256", authenticationKey("cursor")).update(`${list}\n${readerId}\n${body}`).digest().subarray(0, 16);
