import "server-only";
import { type RawBuilder, sql } from "kysely";

/**
 * A limit that stands in the statement as it is. As a value PostgreSQL can't plan with it once for all, and so plans a list's joins anew each
 * time, for longer than it reads them. Only for limits of a few sizes: each makes a statement of its own.
 */
export const limitOf = (rows: number): RawBuilder<unknown> => sql`limit ${sql.lit(rows)}`;
