import "server-only";
import type { Duplex } from "node:stream";
import { type CompiledQuery, type DatabaseConnection, DefaultQueryExecutor, type Dialect, DummyDriver, type QueryResult, Transaction } from "kysely";
import type pg from "pg";
import { StatementNames } from "./statement-names";
import type { DB } from "./types";

// Transactions with as few round trips as they need. A connection takes statements without waiting for the answers to earlier ones, in
// their order: `begin` and its settings go out with the first statement, and statements that are awaited together travel together.

/** What is there of a connection between its `begin` and its end. */
export type OpenTransaction = {
  tx: Transaction<DB>;
  /** Error: what `begin` or the commit answered; also when a statement had failed and nothing could be kept. */
  commit: () => Promise<void>;
  /** Never throws: what brought it here is the error to tell. */
  rollback: (cause: unknown) => Promise<void>;
};

const NEVER_KEPT = "the transaction had failed before its commit: nothing was kept";
/** A table was changed by a migration after the statement was prepared: it works again on a new connection. */
export const isStalePlan = (error: unknown): boolean => error instanceof Error && error.message.includes("cached plan must not change result type");

export class Transactions {
  readonly #names = new StatementNames();
  readonly #pool: pg.Pool;
  readonly #parts;

  constructor(pool: pg.Pool, dialect: Dialect) {
    this.#pool = pool;
    this.#parts = {
      compiler: dialect.createQueryCompiler(),
      adapter: dialect.createAdapter(),
      kysely: { config: { dialect }, dialect, driver: new DummyDriver() },
    };
  }

  /** Takes a connection and begins. `settings`: statements that take no parameters, such as `set local x = 'y'`. */
  async begin(settings: string): Promise<OpenTransaction> {
    const client = await this.#pool.connect();
    sendTogether(client);
    const begun = client.query(`begin; ${settings}`);
    begun.catch(() => undefined); // told by commit; the statements behind it fail with it
    const { tx, close } = this.#on(client);
    return {
      tx,
      commit: async () => {
        close();
        try {
          const [, { command }] = await Promise.all([begun, client.query("commit")]);
          if (command !== "COMMIT") throw new Error(NEVER_KEPT);
          client.release();
        } catch (error) {
          client.release(!(error instanceof Error && error.message === NEVER_KEPT));
          throw error;
        }
      },
      rollback: async (cause) => {
        close();
        const isBroken = await client.query("rollback").then(
          () => false,
          () => true,
        );
        client.release(isBroken || isStalePlan(cause));
      },
    };
  }

  /** Runs statements that need no transaction: each is one of its own. */
  async withoutTransaction<T>(work: (db: Transaction<DB>) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    const { tx, close } = this.#on(client);
    try {
      const result = await work(tx);
      client.release();
      return result;
    } catch (error) {
      client.release(isStalePlan(error) || !this.#isUsable(client));
      throw error;
    } finally {
      close();
    }
  }

  /** False after the connection was lost. */
  #isUsable(client: pg.PoolClient): boolean {
    return (client as unknown as { _queryable: boolean })._queryable;
  }

  #on(client: pg.PoolClient): { tx: Transaction<DB>; close: () => void } {
    let isOver = false;
    const connection = new PipelinedConnection(client, this.#names);
    const { compiler, adapter, kysely } = this.#parts;
    const executor = new DefaultQueryExecutor(compiler, adapter, {
      provideConnection: (consumer) => {
        if (isOver) throw new Error("the transaction is over: a statement came after its end");
        return consumer(connection);
      },
    });
    const tx = new Transaction<DB>({ ...kysely, executor });
    return {
      tx,
      close: () => {
        isOver = true;
      },
    };
  }
}

/** The streams whose writes are held back for a moment. */
const held = new WeakSet<Duplex>();

/** Statements of one moment leave in one write: each write is a call of the operating system, dearer than all else about a small statement. */
function sendTogether(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  if (held.has(stream)) return;
  held.add(stream);
  stream.cork();
  process.nextTick(() => {
    held.delete(stream);
    stream.uncork();
  });
}

class PipelinedConnection implements DatabaseConnection {
  readonly #client: pg.PoolClient;
  readonly #names: StatementNames;

  constructor(client: pg.PoolClient, names: StatementNames) {
    this.#client = client;
    this.#names = names;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    sendTogether(this.#client);
    const { command, rowCount, rows } = await this.#client.query({ text: sql, values: parameters as unknown[], name: this.#names.of(sql) });
    const changes = command === "INSERT" || command === "UPDATE" || command === "DELETE" || command === "MERGE";
    return { rows: rows as R[], numAffectedRows: changes ? BigInt(rowCount ?? 0) : undefined };
  }

  // biome-ignore lint/correctness/useYield: nothing is streamed
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error("statements of a transaction are not streamed");
  }
}
