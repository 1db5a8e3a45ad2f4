import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { type Condition, conditionsSql, type Fields, type ListSpec, orderSql } from "./list";
import type { Tx } from "./transaction";

// One page of a list by offset: the exact total and the ids in order; a slice then loads those rows with what hangs on them in a
// fixed number of queries.

export type IdPage = { total: number; ids: string[] };

export type IdPageQuery = {
  /** The tables, e.g. sql`artifact_version av`. */
  from: RawBuilder<unknown>;
  /** The reference of the id, e.g. `av.id`. */
  id: string;
  fields: Fields;
  spec: ListSpec;
  /** Conditions that hold whatever `spec.logic` says. */
  always?: readonly Condition[];
  /** What the reader may see; never left out. */
  visible: RawBuilder<SqlBool>;
  /** The total where it is known already; nothing is counted then. */
  total?: number;
};

/** Counts and reads. Errors: invalid_input for an unknown field or a value that does not fit. */
export async function pageOfIds(tx: Tx, query: IdPageQuery): Promise<IdPage> {
  const { from, id, fields, spec } = query;
  const where = sql`${query.visible} and ${conditionsSql(fields, query.always ?? [])} and ${conditionsSql(fields, spec.conditions, spec.logic)}`;
  const [counted, { rows }] = await Promise.all([
    query.total === undefined ? sql<{ total: number }>`select count(*) as total from ${from} where ${where}`.execute(tx) : { rows: [{ total: query.total }] },
    sql<{ id: string }>`select ${sql.ref(id)} as id from ${from} where ${where}
      order by ${orderSql(fields, spec, id)} limit ${sql.lit(spec.limit)} offset ${sql.lit(spec.offset ?? 0)}`.execute(tx),
  ]);
  const total = Number(counted.rows[0]?.total ?? 0);
  return { total, ids: rows.map((row) => row.id) };
}

/** Puts loaded rows into the order of the page; a row that went away meanwhile is left out. */
export function inOrder<T extends { id: string }>(ids: readonly string[], rows: readonly T[]): T[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id)).filter((row): row is T => row !== undefined);
}
