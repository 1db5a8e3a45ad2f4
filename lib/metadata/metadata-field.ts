import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { AppError } from "@/lib/kernel/errors";
import { conditionsSql, type Field, type Fields, OPERATORS, type Operator } from "@/lib/kernel/list";
import { numberOf } from "./write-metadata";

// A string's JSON text without its quotes: what a person means by the value.
const INNER: Fields = {
  text: { kind: "text", sql: sql`case when left(m.value, 1) = '"' and position('\\u0000' in m.value) = 0 then m.value::jsonb #>> '{}' else m.value end` },
  number: { kind: "number", sql: sql`m.value_number` },
};
const COMPARED: ReadonlySet<string> = new Set(["gt", "gte", "lt", "lte"]);
const EVERY: ReadonlySet<string> = new Set(OPERATORS.text);

/** A filter by logged metadata on the thing whose id `id` refers to: `key:value` or `key:op:value`. Error: invalid_input for other forms. */
export function metadataField(id: string): Field {
  return {
    kind: "text",
    where: (op, value) => {
      const text = op === "equals" && typeof value === "string" ? value : "";
      const colon = text.indexOf(":");
      if (colon < 1) throw new AppError("invalid_input", "run_metadata is key:value or key:operator:value.", { fields: { run_metadata: "form" } });
      return sql`exists (select 1 from metadata_entry m where m.resource_id = ${sql.ref(id)} and m.key = ${text.slice(0, colon)} and ${valueFits(text.slice(colon + 1))})`;
    },
  };
}

function valueFits(text: string): RawBuilder<SqlBool> {
  const colon = text.indexOf(":");
  const prefix = colon > 0 ? text.slice(0, colon) : "";
  const op = (EVERY.has(prefix) ? prefix : "equals") as Operator;
  const rest = EVERY.has(prefix) ? text.slice(colon + 1) : text;
  if (COMPARED.has(op)) return conditionsSql(INNER, [{ field: "number", op, value: rest }]);
  if (op === "oneof" || op === "notoneof") return conditionsSql(INNER, [{ field: "text", op, value: listOf(rest) }]);
  const same = conditionsSql(INNER, [{ field: "text", op, value: rest }]);
  const number = op === "equals" ? numberOf(rest) : null;
  return number === null ? same : sql`(${same} or m.value_number = ${number})`;
}

function listOf(text: string): string[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list.map(String);
  } catch {
    // falls to the error below
  }
  throw new AppError("invalid_input", "run_metadata: oneof takes a JSON list.", { fields: { run_metadata: "list" } });
}
