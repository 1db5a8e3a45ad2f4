import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { type Condition, type Field, likeText } from "./list";

// Conditions of console lists on what a row refers to: the row itself keeps its index and order, the other table is asked for a fit.

export type LinkedOp = Condition["op"];

/** The values of a condition as a list. */
export const valuesOf = (value: Condition["value"]): readonly string[] => (typeof value === "string" ? [value] : value);

const isNegated = (op: LinkedOp) => op === "notequals" || op === "notoneof" || op === "notcontains";

/** The condition, or its opposite for the negative operators. */
export const unless = (op: LinkedOp, condition: RawBuilder<SqlBool>): RawBuilder<SqlBool> => (isNegated(op) ? sql<SqlBool>`not ${condition}` : condition);

/** A text condition on a column of another table, found through `link`. "Not recorded" means that no such row exists. */
export function linked(link: (match: RawBuilder<SqlBool>) => RawBuilder<SqlBool>, column: RawBuilder<unknown>) {
  return (op: LinkedOp, value: Condition["value"]): RawBuilder<SqlBool> => {
    if (op === "isnull") return sql<SqlBool>`not ${link(sql<SqlBool>`true`)}`;
    if (op === "isnotnull") return link(sql<SqlBool>`true`);
    const [first = ""] = valuesOf(value);
    const pattern = {
      contains: `%${likeText(first)}%`,
      notcontains: `%${likeText(first)}%`,
      startswith: `${likeText(first)}%`,
      endswith: `%${likeText(first)}`,
    }[op as string];
    const match = pattern === undefined ? sql<SqlBool>`${column} in (${sql.join(valuesOf(value))})` : sql<SqlBool>`${column} ilike ${pattern}`;
    return unless(op, link(match));
  };
}

/** Who made a row, by name; "me" is the reader. `column` is the reference of the creator's id. */
export function creatorField(actor: { id: string }, column: string): Field {
  const creator = sql.ref(column);
  const byName = linked(
    (match) => sql<SqlBool>`exists (select 1 from principal x where x.id = ${creator} and ${match})`,
    sql`coalesce(nullif(x.full_name, ''), x.name)`,
  );
  return {
    kind: "text",
    where: (op, value) => {
      const isMe = (op === "oneof" || op === "notoneof") && valuesOf(value).includes("me");
      if (!isMe) return byName(op, value);
      const others = valuesOf(value).filter((name) => name !== "me");
      const mine = sql<SqlBool>`${creator} = ${actor.id}`;
      return unless(op, others.length > 0 ? sql<SqlBool>`(${mine} or ${byName("oneof", others)})` : mine);
    },
  };
}
