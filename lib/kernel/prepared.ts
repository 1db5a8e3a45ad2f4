import "server-only";
import { type CompiledQuery, DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import type { DB } from "@/db/types";
import type { Tx } from "./transaction";

// Statements whose text never changes are built once: what takes the time of a small read is not PostgreSQL but putting the statement
// together. The builder is called once, with marks for its values; every run puts the values where the marks ended up.

const builder = new Kysely<DB>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

class Mark {
  constructor(readonly position: number) {}
}

/**
 * Makes a read of `build`, which must hand each value on to the statement as it is: it sees marks, not values, so it can't look at them.
 * Error: a value that the statement doesn't use.
 */
export function prepared<V extends readonly unknown[], R>(
  build: (db: Kysely<DB>, ...values: V) => { compile: () => CompiledQuery<R> },
): (tx: Tx, ...values: V) => Promise<R[]> {
  let statement: CompiledQuery<R> | undefined;
  return async (tx, ...values) => {
    if (!statement) {
      const marks = values.map((_, position) => new Mark(position));
      const compiled = build(builder, ...(marks as unknown as V)).compile();
      for (const mark of marks)
        if (!compiled.parameters.includes(mark)) throw new Error(`value ${mark.position + 1} of a prepared statement is not used as it is`);
      statement = compiled;
    }
    const parameters = statement.parameters.map((value) => (value instanceof Mark ? values[value.position] : value));
    return (await tx.executeQuery<R>({ ...statement, parameters })).rows;
  };
}
