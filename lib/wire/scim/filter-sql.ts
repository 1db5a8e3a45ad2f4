import "server-only";
import { type RawBuilder, sql, type SqlBool } from "kysely";
import type { Comparison, Filter } from "./filter";
import { booleanOf, plainName } from "./json";
import { invalid } from "./problem";

// A filter as a condition on our rows. Only attributes of the table below can be asked for; every value is a parameter, so what it holds
// is literal text (SCIM-10).

type Type = "text" | "exact" | "boolean" | "time";
export type Attribute = { sql: RawBuilder<unknown>; type: Type } | { list: RawBuilder<unknown> };
export type Attributes = Record<string, Attribute>;
type Condition = RawBuilder<SqlBool>;

const wrong = (why: string) => invalid("invalidFilter", `The filter ${why}.`);

/** The condition of a filter. Error: 400 invalidFilter for attributes, comparisons and values that don't fit. */
export function conditionOf(filter: Filter, attributes: Attributes): Condition {
  switch (filter.kind) {
    case "and":
    case "or":
      return sql<SqlBool>`(${sql.join(
        filter.of.map((part) => conditionOf(part, attributes)),
        filter.kind === "and" ? sql` and ` : sql` or `,
      )})`;
    case "not":
      return sql<SqlBool>`(not coalesce(${conditionOf(filter.of, attributes)}, false))`;
    case "values": {
      const attribute = found(attributes, filter.path);
      if (!("list" in attribute)) throw wrong(`asks for the values of ${filter.path}, which has one`);
      return sql<SqlBool>`exists (select 1 from jsonb_array_elements(${attribute.list}) e where ${conditionOf(filter.of, ITEM)})`;
    }
    case "present": {
      const attribute = found(attributes, filter.path);
      if ("list" in attribute) return sql<SqlBool>`(coalesce(jsonb_array_length(${attribute.list}), 0) > 0)`;
      return attribute.type === "text" || attribute.type === "exact"
        ? sql<SqlBool>`(coalesce(${attribute.sql}, '') <> '')`
        : sql<SqlBool>`(${attribute.sql} is not null)`;
    }
    case "compare": {
      const attribute = found(attributes, filter.path);
      // An attribute with several values is compared by each (§3.4.2.2).
      if ("list" in attribute)
        return sql<SqlBool>`exists (select 1 from jsonb_array_elements(${attribute.list}) e where ${comparison(filter, ITEM.value as Scalar)})`;
      return comparison(filter, attribute);
    }
  }
}

type Scalar = Extract<Attribute, { type: Type }>;
const item = (key: string): Scalar => ({ sql: sql`(case when jsonb_typeof(e) = 'object' then e->>${key} else e#>>'{}' end)`, type: "text" });
const ITEM: Attributes = {
  value: item("value"),
  type: item("type"),
  display: item("display"),
  primary: { sql: sql`((e->>'primary')::boolean)`, type: "boolean" },
};

const SIGN = { gt: sql`>`, ge: sql`>=`, lt: sql`<`, le: sql`<=` };

function comparison({ path, op, value }: Comparison, { sql: column, type }: Scalar): Condition {
  if (value === null) {
    if (op !== "eq" && op !== "ne") throw wrong(`compares ${path} with nothing`);
    return op === "eq" ? sql<SqlBool>`(${column} is null)` : sql<SqlBool>`(${column} is not null)`;
  }
  if (type === "boolean") {
    const wanted = booleanOf(value);
    if (wanted === undefined || (op !== "eq" && op !== "ne")) throw wrong(`compares ${path}, which is true or false, with something else`);
    return op === "eq" ? sql<SqlBool>`(${column} = ${wanted})` : sql<SqlBool>`(${column} is distinct from ${wanted})`;
  }
  if (typeof value !== "string") throw wrong(`compares ${path}, which is text, with ${JSON.stringify(value)}`);
  if (type === "time") {
    if (Number.isNaN(Date.parse(value)) || op === "co" || op === "sw" || op === "ew") throw wrong(`compares ${path}, which is a time, with something else`);
    const sign = op === "eq" ? sql`=` : op === "ne" ? sql`<>` : SIGN[op];
    return sql<SqlBool>`(${column} ${sign} ${value}::timestamptz)`;
  }
  const [left, right] = type === "exact" ? [column, sql`${value}::text`] : [sql`lower(${column})`, sql`lower(${value}::text)`];
  if (op === "eq") return sql<SqlBool>`(${left} = ${right})`;
  if (op === "ne") return sql<SqlBool>`(${left} is distinct from ${right})`;
  if (op === "co") return sql<SqlBool>`(strpos(${left}, ${right}) > 0)`;
  if (op === "sw") return sql<SqlBool>`(starts_with(${left}, ${right}))`;
  if (op === "ew") return sql<SqlBool>`(right(${left}, length(${right})) = ${right})`;
  return sql<SqlBool>`(${left} collate "C" ${SIGN[op]} ${right} collate "C")`;
}

/** Names are found with or without the schema's URN before them. */
function found(attributes: Attributes, path: string): Attribute {
  const name = plainName(path);
  const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (!attribute) throw wrong(`asks for ${path.slice(0, 100)}, which can't be filtered by`);
  return attribute;
}
