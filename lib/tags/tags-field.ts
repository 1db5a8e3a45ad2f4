import "server-only";
import { sql } from "kysely";
import { conditionsSql, type Field, type Fields, type Operator } from "@/lib/kernel/list";

const INNER: Fields = { name: { kind: "text", sql: sql`tag.name` } };
const POSITIVE: Partial<Record<Operator, Operator>> = { notequals: "equals", notcontains: "contains", notoneof: "oneof" };

/** A filter by tag names on the thing whose id `id` refers to: some tag fits; for the negative operators none does. */
export function tagsField(id: string): Field {
  const carried = sql`select 1 from tag_resource tr join tag on tag.id = tr.tag_id where tr.resource_id = ${sql.ref(id)}`;
  return {
    kind: "text",
    where: (op, value) => {
      if (op === "isnull") return sql`not exists (${carried})`;
      if (op === "isnotnull") return sql`exists (${carried})`;
      const positive = POSITIVE[op];
      const fits = conditionsSql(INNER, [{ field: "name", op: positive ?? op, value }]);
      return positive ? sql`not exists (${carried} and ${fits})` : sql`exists (${carried} and ${fits})`;
    },
  };
}
