// A list's URL: filters, match, sort, columns, page. Parsed on the server, written by the table on the client (so without a library that
// every page would have to carry), so that a view can be shared and Back works. What is unknown or not valid is dropped and named, never an error.
import { momentIn } from "@/components/ui/time-words";
import { withoutOne } from "@/lib/kernel/or-rule";

export type FieldKind = "text" | "enum" | "number" | "duration" | "time" | "metadata";

export type FilterField = {
  key: string;
  label: string;
  kind: FieldKind;
  /** The values of an enum, with their words. An enum without them takes any word. */
  options?: readonly { value: string; label: string }[];
  /** Of a time: it lies ahead, so that "within 14 days" is asked of it and not "in the last". */
  isAhead?: boolean;
  /** True when a row may lack it: "not recorded" is then a value of the field. */
  canBeMissing?: boolean;
  placeholder?: string;
};

export type SortKey = { field: string; direction: "asc" | "desc" };

/** What a list can do: its filter fields, sort keys and columns by id, in their default order. */
export type ListDefinition = {
  fields: readonly FilterField[];
  sortable: readonly string[];
  defaultSort: SortKey;
  columns: readonly string[];
  hiddenAtFirst?: readonly string[];
  /** The kind of thing that the rows are, as metadata names it: any key that was logged on them is then a field, `meta.<key>`. */
  metadata?: "pipeline_run" | "step_run" | "artifact_version" | "model_version";
  /** True where these keys can be columns too. */
  showsMetadata?: boolean;
};

export const OPERATORS = {
  text: ["is", "not", "contains", "lacks", "starts", "ends", "missing", "recorded"],
  enum: ["is", "not", "missing", "recorded"],
  number: ["eq", "ne", "lt", "lte", "gt", "gte", "between", "missing", "recorded"],
  duration: ["lt", "lte", "gt", "gte", "between", "missing", "recorded"],
  time: ["last", "within", "before", "after", "between", "missing", "recorded"],
  metadata: ["eq", "ne", "lt", "lte", "gt", "gte", "between", "is", "not", "contains", "lacks", "starts", "ends", "missing", "recorded"],
} as const satisfies Record<FieldKind, readonly string[]>;

export type FilterOperator = (typeof OPERATORS)[FieldKind][number];
/** `or`: one of this and the filter before it is enough. */
export type Filter = { field: string; op: FilterOperator; values: string[]; or?: boolean };

export type ListView = {
  filters: Filter[];
  /** True when any one filter is enough; else all must hold, those joined by `or` together. */
  matchesAny: boolean;
  sort: SortKey;
  /** Visible columns in order; null for the default. */
  columns: string[] | null;
  /** The signed cursor of the page, undefined on the first. */
  after?: string;
  /** True when the total is to be counted beyond 10,000. */
  countsAll: boolean;
  /** The row whose panel is open. */
  open?: string;
  /** What the URL said and we did not use, in words. */
  dropped: string[];
};

const OPERATOR_WORDS: Record<FilterOperator, string> = {
  is: "is",
  not: "is not",
  contains: "contains",
  lacks: "does not contain",
  starts: "starts with",
  ends: "ends with",
  missing: "is not recorded",
  recorded: "is recorded",
  eq: "=",
  ne: "≠",
  lt: "<",
  lte: "≤",
  gt: ">",
  gte: "≥",
  between: "between",
  last: "in the last",
  within: "within",
  before: "before",
  after: "after",
};

/** The operator in words; enums say "any of" once there are several values. */
export function operatorWords(filter: Pick<Filter, "op" | "values">): string {
  if (filter.op === "is" && filter.values.length > 1) return "is any of";
  if (filter.op === "not" && filter.values.length > 1) return "is none of";
  return OPERATOR_WORDS[filter.op];
}

/** The operators that a field offers, "not recorded" only where a row may lack it. */
export function operatorsOf(field: FilterField): readonly FilterOperator[] {
  return OPERATORS[field.kind].filter(
    (op) => (field.canBeMissing || (op !== "missing" && op !== "recorded")) && (op !== "within" || field.isAhead) && (op !== "last" || !field.isAhead),
  );
}

/** How many values an operator takes. */
export function arity(op: FilterOperator): "none" | "one" | "two" | "many" {
  if (op === "missing" || op === "recorded") return "none";
  if (op === "between") return "two";
  if (op === "is" || op === "not") return "many";
  return "one";
}

/** Operators whose value is a span such as 7d. */
export const takesSpan = (op: FilterOperator): boolean => op === "last" || op === "within";

const METADATA = "meta.";
const OF_NUMBERS: readonly FilterOperator[] = ["eq", "ne", "lt", "lte", "gt", "gte", "between"];

/** The field of a key that was logged. In an address "~" ends the field and "," a column, so they are written as %7E and %2C there. */
export const metadataField = (key: string, kind: "number" | "text" | "metadata" = "metadata"): FilterField => ({
  key: `${METADATA}${key.replaceAll("%", "%25").replaceAll("~", "%7E").replaceAll(",", "%2C")}`,
  label: key,
  kind,
  canBeMissing: true,
});

const metadataKey = (field: string) => field.slice(METADATA.length).replaceAll("%2C", ",").replaceAll("%7E", "~").replaceAll("%25", "%");

/** The field that a filter names; undefined when the list has no such field. */
export function fieldOf(definition: ListDefinition, key: string): FilterField | undefined {
  const isMetadata = definition.metadata !== undefined && key.startsWith(METADATA) && key.length > METADATA.length && key.length <= METADATA.length + 255;
  return isMetadata ? metadataField(metadataKey(key)) : definition.fields.find((known) => known.key === key);
}

/** So many keys of metadata are columns at most. */
export const MAX_METADATA_COLUMNS = 10;

/** The keys of metadata that are columns of a view, as they were logged, with the ids of their columns. */
export const metadataColumns = (view: Pick<ListView, "columns">): { id: string; key: string }[] =>
  (view.columns ?? []).filter((id) => id.startsWith(METADATA)).map((id) => ({ id, key: metadataKey(id) }));

/** The field with the operators that go with an operator that was chosen: numbers or texts. */
export function fieldFor(definition: ListDefinition, { field: key, op }: Pick<Filter, "field" | "op">): FilterField | undefined {
  const field = fieldOf(definition, key);
  if (field?.kind !== "metadata" || op === "missing" || op === "recorded") return field;
  return { ...field, kind: OF_NUMBERS.includes(op) ? "number" : "text" };
}

/** Before a filter of the address: or the one before it. */
const OR = "or~";
const MAX_FILTERS = 12;
const MAX_VALUES = 20;
const SPAN = /^(\d{1,4})(m|h|d|w)$/;
const SPAN_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/;

const MAX_TEXT = 2000;
type Parameter = string | string[] | undefined;

const texts = (value: Parameter): string[] => [value ?? []].flat().filter((text) => text.length <= MAX_TEXT);
const text = (value: Parameter): string | undefined => texts(value)[0];

/** Reads the view from the search parameters. Never throws. */
export function readListView(definition: ListDefinition, searchParams: Record<string, Parameter>): ListView {
  const { match, sort: sortKey, cols, after, count, open } = searchParams;
  const raw = { f: texts(searchParams.f), match: text(match), sort: text(sortKey), cols: text(cols), after: text(after), count: text(count), open: text(open) };
  const dropped: string[] = [];
  const filters: Filter[] = [];
  let isCut = true; // an "or" whose own group lost its beginning begins it
  for (const said of raw.f) {
    const isOr = said.startsWith(OR);
    const filter = readFilter(definition, isOr ? said.slice(OR.length) : said);
    if (filter && filters.length < MAX_FILTERS) {
      filters.push(isOr && !isCut ? { ...filter, or: true } : filter);
      isCut = false;
    } else {
      dropped.push(`the filter ${clip(said)}`);
      if (!isOr) isCut = true;
    }
  }
  const isAny = raw.match === "any" || (filters.length > 1 && filters.slice(1).every((filter) => filter.or));
  let sort = definition.defaultSort;
  if (raw.sort) {
    const field = raw.sort.replace(/^-/, "");
    if (definition.sortable.includes(field)) sort = { field, direction: raw.sort.startsWith("-") ? "desc" : "asc" };
    else dropped.push(`the sort key ${clip(field)}`);
  }
  let columns: string[] | null = null;
  if (raw.cols) {
    const asked = [...new Set(raw.cols.split(","))];
    const keys = asked.filter((id) => definition.showsMetadata && fieldOf(definition, id)?.kind === "metadata").slice(0, MAX_METADATA_COLUMNS);
    const known = asked.filter((id) => definition.columns.includes(id) || keys.includes(id));
    for (const id of asked) if (!known.includes(id)) dropped.push(`the column ${clip(id)}`);
    if (known.length > 0) columns = known;
  }
  return {
    filters: isAny ? filters.map(({ or: _, ...filter }) => filter) : filters,
    matchesAny: isAny && filters.length > 1,
    sort,
    columns,
    after: raw.after || undefined,
    countsAll: raw.count === "all",
    open: raw.open || undefined,
    dropped,
  };
}

function readFilter(definition: ListDefinition, text: string): Filter | undefined {
  const [key = "", op = "", ...rest] = text.split("~");
  const operator = Object.keys(OPERATOR_WORDS).find((known) => known === op) as FilterOperator | undefined;
  const field = operator && fieldFor(definition, { field: key, op: operator });
  if (!field || !operator || !operatorsOf(field).includes(operator)) return undefined;
  const values = splitValues(rest.join("~")).filter((value) => isValue(field, operator, value));
  const filter = { field: key, op: operator, values };
  return isComplete(filter) ? filter : undefined;
}

/** True when the filter has as many values as its operator takes. */
export function isComplete({ op, values }: Pick<Filter, "op" | "values">): boolean {
  const takes = arity(op);
  if (takes === "none") return values.length === 0;
  if (takes === "one") return values.length === 1;
  if (takes === "two") return values.length === 2;
  return values.length > 0 && values.length <= MAX_VALUES;
}

/** True when the text fits the field and operator: a number, a span such as 7d, a day or minute, a known value. */
export function isValue(field: FilterField, op: FilterOperator, text: string): boolean {
  if (text === "") return false;
  if (field.kind === "enum") return field.options?.some((option) => option.value === text) ?? true;
  if (field.kind === "number" || field.kind === "duration") return Number.isFinite(Number(text));
  if (field.kind === "time")
    return takesSpan(op) ? SPAN.test(text) : MOMENT.test(text) && !Number.isNaN(Date.parse(`${text}${text.length > 10 ? ":00" : "T00:00:00"}Z`));
  return true;
}

/** The canonical search string of a view, with "?" or empty. Changing anything but the page goes back to the first page. */
export function viewSearch(definition: ListDefinition, view: ListView): string {
  const parts: string[] = view.filters.map(
    (filter) => `f=${encode(`${filter.or ? OR : ""}${filter.field}~${filter.op}${filter.values.length > 0 ? `~${joinValues(filter.values)}` : ""}`)}`,
  );
  if (view.matchesAny && view.filters.length > 1) parts.push("match=any");
  const { field, direction } = view.sort;
  if (field !== definition.defaultSort.field || direction !== definition.defaultSort.direction)
    parts.push(`sort=${direction === "desc" ? "-" : ""}${encode(field)}`);
  if (view.columns) parts.push(`cols=${view.columns.map(encode).join(",")}`);
  if (view.after) parts.push(`after=${encode(view.after)}`);
  if (view.countsAll) parts.push("count=all");
  if (view.open) parts.push(`open=${encode(view.open)}`);
  return parts.length > 0 ? `?${parts.join("&")}` : "";
}

/** The view with one filter joined to the one before it by "or", or parted from it. */
export function toggleOr(view: ListView, at: number): ListView {
  const joined = view.filters.map((filter, index) => index > 0 && (view.matchesAny || filter.or === true) !== (index === at));
  return joinedBy(view, view.filters, joined);
}

/** The view with the filter at `from` put behind the one at `to`, as its "or": what dropping a chip on another does. */
export function joinFilters(view: ListView, from: number, to: number): ListView {
  const moved = view.filters[from];
  const target = view.filters[to];
  if (!moved || !target || from === to) return view;
  const all = view.filters.map((filter, index) => ({ ...filter, or: index > 0 && (view.matchesAny || filter.or === true) }));
  const rest = withoutOne(all, from);
  const behind = rest.findIndex((filter) => sameFilter(filter, target)) + 1;
  const order = [...rest.slice(0, behind), { ...moved, or: true }, ...rest.slice(behind)];
  return joinedBy(
    view,
    order,
    order.map((filter) => filter.or === true),
  );
}

const sameFilter = (a: Filter, b: Filter) => a.field === b.field && a.op === b.op && a.values.join() === b.values.join();

function joinedBy(view: ListView, filters: readonly Filter[], joined: readonly boolean[]): ListView {
  const isAny = filters.length > 1 && joined.slice(1).every(Boolean);
  const kept = filters.map(({ or: _, ...filter }, index) => (!isAny && index > 0 && joined[index] ? { ...filter, or: true } : filter));
  return { ...view, filters: kept, matchesAny: isAny, after: undefined, countsAll: false };
}

/** The view without the filter at that place. */
export const withoutFilter = (view: ListView, at: number): ListView => ({ ...view, filters: withoutOne(view.filters, at), after: undefined, countsAll: false });

/** The view with one more filter; itself when it has that one already. */
export function withFilter(view: ListView, filter: Filter): ListView {
  if (view.filters.some((known) => sameFilter(known, filter))) return view;
  return { ...view, filters: [...view.filters, filter], after: undefined, countsAll: false };
}

export type ListCondition = {
  field: string;
  op:
    | "equals"
    | "notequals"
    | "contains"
    | "notcontains"
    | "startswith"
    | "endswith"
    | "oneof"
    | "notoneof"
    | "isnull"
    | "isnotnull"
    | "lt"
    | "lte"
    | "gt"
    | "gte"
    | "between"
    | "in";
  value: string | string[];
  or?: boolean;
};

/** What a list's query is asked for, of a view: one page by keyset. `now` is in milliseconds since 1970. */
export function pageInput(definition: ListDefinition, view: ListView, limit: number, now: number, zone: string) {
  return {
    conditions: listConditions(definition, view.filters, now, zone),
    matchesAny: view.matchesAny,
    sort: view.sort,
    after: view.after,
    limit,
    countsAll: view.countsAll,
  };
}

/** The filters as conditions for a query. `now` in ms; days and minutes are read in `zone`. */
export function listConditions(definition: ListDefinition, filters: readonly Filter[], now: number, zone: string): ListCondition[] {
  return filters.map((filter) => {
    const known = fieldOf(definition, filter.field);
    const isTime = known?.kind === "time";
    const field = known?.kind === "metadata" ? `${METADATA}${known.label}` : filter.field;
    const values = isTime && !takesSpan(filter.op) ? filter.values.map((text) => momentIn(text, zone)) : filter.values;
    const first = values[0] ?? "";
    const made = (op: ListCondition["op"], value: string | string[] = first): ListCondition => ({ field, op, value, ...(filter.or && { or: true }) });
    switch (filter.op) {
      case "is":
        return made("oneof", values);
      case "not":
        return made("notoneof", values);
      case "contains":
        return made("contains");
      case "lacks":
        return made("notcontains");
      case "starts":
        return made("startswith");
      case "ends":
        return made("endswith");
      case "missing":
        return made("isnull", "");
      case "recorded":
        return made("isnotnull", "");
      case "eq":
        return made("equals");
      case "ne":
        return made("notequals");
      case "between":
        return made(isTime ? "in" : "between", values);
      case "last":
        return made("gte", new Date(now - spanMs(first)).toISOString());
      // What is over by then counts too: it wants a person all the more.
      case "within":
        return made("lt", new Date(now + spanMs(first)).toISOString());
      case "before":
        return made("lt");
      case "after":
        return made("gt");
      default:
        return made(filter.op);
    }
  });
}

function spanMs(text: string): number {
  const [, count = "0", unit = "d"] = SPAN.exec(text) ?? [];
  return Number(count) * SPAN_MS[unit as keyof typeof SPAN_MS];
}

/** "7d" → "7 days". */
export function spanWords(text: string): string {
  const [, count, unit] = SPAN.exec(text) ?? [];
  if (!count || !unit) return text;
  const word = { m: "minute", h: "hour", d: "day", w: "week" }[unit];
  return `${count} ${word}${count === "1" ? "" : "s"}`;
}

/** The words of a filter's values, as its chip shows them. */
export function valueWords(field: FilterField, filter: Pick<Filter, "op" | "values">): string {
  if (takesSpan(filter.op)) return spanWords(filter.values[0] ?? "");
  const words = filter.values.map(
    (value) => field.options?.find((option) => option.value === value)?.label ?? (field.kind === "duration" ? `${value} s` : value.replace("T", " ")),
  );
  return filter.op === "between" ? words.join(" and ") : words.join(", ");
}

function splitValues(text: string): string[] {
  if (text === "") return [];
  return text
    .split(/(?<!\\),/)
    .map((value) => value.replaceAll("\\,", ",").trim())
    .filter(Boolean);
}

const joinValues = (values: readonly string[]) => values.map((value) => value.replaceAll(",", "\\,")).join(",");
const encode = (text: string) => encodeURIComponent(text).replaceAll("%2C", ",").replaceAll("%3A", ":");
const clip = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
