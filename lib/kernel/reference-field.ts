import "server-only";
import { type RawBuilder, sql } from "kysely";
import { type Condition, conditionsSql, type Field, type Fields } from "./list";
import { isUuid } from "./id";

const INNER: Fields = {
  id: { kind: "text", sql: sql`r.id::text` },
  name: { kind: "text", sql: sql`r.name` },
};

/** A filter by the name or the id of what a row refers to, such as `model=churn` or `model=<uuid>`. */
export function referenceField(column: RawBuilder<unknown>, table: string): Field {
  return {
    kind: "text",
    where: (op, value) => {
      if (op === "isnull") return sql`${column} is null`;
      if (op === "isnotnull") return sql`${column} is not null`;
      // A plain comparison, so that an index on the column gives the list its order.
      if (op === "equals" && isUuid(value)) return sql`${column} = ${value.toLowerCase()}::uuid`;
      if (op === "equals") return sql`${column} in (select r.id from ${sql.table(table)} r where ${conditionsSql(INNER, [{ field: "name", op, value }])})`;
      const both: Condition[] = [
        { field: "id", op, value },
        { field: "name", op, value },
      ];
      return sql`${column} in (select r.id from ${sql.table(table)} r where ${conditionsSql(INNER, both, op.startsWith("not") ? "and" : "or")})`;
    },
  };
}
