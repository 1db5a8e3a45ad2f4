import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import { AppError } from "./errors";
import { afterSql, type Condition, conditionsSql, type Fields, type ListSpec, openCursor, orderSql, sealCursor } from "./list";
import { type Kept, keptTotal, readsAll } from "./kept-total";
import { limitOf } from "./limit-of";
import { withoutOne } from "./or-rule";
import type { Tx } from "./transaction";

// One page of a console list by keyset: the rows in order, the signed cursor of the next page, the total (which stops at 10,000, or sooner where counting is dear, unless
// all are asked for), and for an empty answer under filters how many rows there would be without each of them.

const COUNTED_UP_TO = 10_000;

const condition = z.object({
  field: z.string(),
  op: z.string() as z.ZodType<Condition["op"]>,
  value: z.union([z.string(), z.array(z.string())]),
  or: z.boolean().optional(),
});

/** Input of a console list; the page's parser has already dropped what it does not know. */
export const keysetInput = z.strictObject({
  conditions: z.array(condition).max(20),
  matchesAny: z.boolean().default(false),
  sort: z.object({ field: z.string(), direction: z.enum(["asc", "desc"]) }),
  after: z.string().optional(),
  limit: z.number().int().min(1).max(1000).default(50),
  countsAll: z.boolean().default(false),
});

export type KeysetPage<Row> = { rows: Row[]; total: { count: number; isExact: boolean }; next: string | null; countsWithout: number[] | null };

export type KeysetQuery = {
  /** What rows are made of, with its alias `x`: columns of it are selected as they are. E.g. sql`(select …) x`. */
  source: RawBuilder<unknown>;
  /** Fields that name columns of `x`. */
  fields: Fields;
  /** The same for counting, where another way of asking is better (lib/metadata/metadata-filter.ts). */
  countFields?: Fields;
  /** Where counting stops, when not at 10,000. */
  countedUpTo?: number;
  input: z.output<typeof keysetInput>;
  /** Which kept total is that of the list without filters, where one is. */
  kept?: Kept;
  /** The total under the filters, for those to whom the kept one would be told. */
  totalOfAll?: { count: number; isExact: boolean };
  /** What the reader may see; never left out. */
  visible: RawBuilder<SqlBool>;
  /** Names the list and its place, and who reads it: a cursor is good for these only. */
  list: string;
  readerId: string;
};

/** Reads one page. Errors: bad_request for a cursor that is not ours, invalid_input for an unknown field or a value that does not fit. */
export async function keysetPage<Row extends { id: string }>(tx: Tx, query: KeysetQuery): Promise<KeysetPage<Row>> {
  const { source, fields, input, visible, readerId, countedUpTo = COUNTED_UP_TO } = query;
  const logic = input.matchesAny ? "or" : "and";
  const list = `${query.list} ${input.sort.field} ${input.sort.direction}`;
  const { conditions, sort, limit } = input;
  const spec: ListSpec = { conditions, logic, sort, limit, after: input.after ? openCursor(input.after, list, readerId) : undefined };
  const sortField = Object.hasOwn(fields, sort.field) ? fields[sort.field]?.sql : undefined;
  if (!sortField) throw new AppError("invalid_input", `There is no field ${sort.field} to sort by.`);
  const matching = (chosen: readonly Condition[], by: Fields = fields) => sql<SqlBool>`${visible} and ${conditionsSql(by, chosen, logic)}`;
  const counted = (chosen: readonly Condition[], upTo: number) => count(matching(chosen, query.countFields), upTo);
  const count = async (where: RawBuilder<SqlBool>, upTo: number) => {
    const most = input.countsAll ? sql`` : limitOf(upTo + 1);
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from (select 1 from ${source} where ${where} ${most}) counted`.execute(tx);
    return rows[0]?.count ?? 0;
  };
  const finding = sql<Row & { sort_value: string | number | null }>`
    select x.*, ${sortField} as sort_value from ${source}
    where ${matching(conditions)} and ${afterSql(fields, spec, "x.id")} order by ${orderSql(fields, spec, "x.id")} ${limitOf(limit + 1)}`.execute(tx);
  const totalOf = async () => {
    const kept = query.kept && conditions.length === 0 ? await keptTotal(tx, query.kept) : null;
    if (kept !== null) return { count: kept, isExact: true };
    if (query.totalOfAll && query.kept && readsAll(query.kept)) return query.totalOfAll;
    const total = await counted(conditions, countedUpTo);
    const isExact = input.countsAll || total <= countedUpTo;
    return { count: isExact ? total : countedUpTo, isExact };
  };
  const [{ rows: found }, total] = await Promise.all([finding, totalOf()]);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  let countsWithout: number[] | null = null;
  if (rows.length === 0 && conditions.length > 0 && !spec.after) {
    countsWithout = [];
    for (const at of conditions.keys()) countsWithout.push(await counted(withoutOne(conditions, at), COUNTED_UP_TO));
  }
  return {
    rows,
    total,
    next: found.length > limit && last ? sealCursor({ value: last.sort_value, id: last.id }, list, readerId) : null,
    countsWithout,
  };
}
