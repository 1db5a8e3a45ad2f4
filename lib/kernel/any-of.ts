import "server-only";
import { type RawBuilder, sql } from "kysely";

/** `where("id", "=", anyOf(ids))`: one text however many ids there are, so that the statement is planned once (`in` has one per length). */
export const anyOf = (ids: readonly string[]): RawBuilder<string> => sql<string>`any(${ids}::uuid[])`;
