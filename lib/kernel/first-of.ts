import "server-only";
import { type RawBuilder, sql } from "kysely";

/**
 * The first of two columns that holds something, for the condition of a join. Not `coalesce`: under row-level security PostgreSQL takes an index
 * only for conditions that it knows to give nothing away, `case` is one of them, and with `coalesce` it read the joined table from end to end.
 */
export const firstOf = (first: string, second: string): RawBuilder<unknown> =>
  sql`case when ${sql.ref(first)} is null then ${sql.ref(second)} else ${sql.ref(first)} end`;
