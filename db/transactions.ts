import "server-only";
import type { Duplex } from "node:stream";
import { type CompiledQuery, type DatabaseConnection, DefaultQueryExecutor, type Dialect, DummyDriver, type QueryResult, Transaction } from "kysely";
import type pg from "pg";
import { StatementNames } from "./statement-names";
import type { DB } from "./types";

// Transactions with as few round trips as they need. A connection takes statements without waiting for the answers to earlier ones, in
// their order: `begin` and its settings go out with the first statement, and statements that are awaited together travel together.

/** A statement whose answer nobody waits for, and the error that its failure means. */
export type LastStatement = { query: CompiledQuery; failure?: (error: unknown) => Error };

/** What is there of a connection between its `begin` and its end. */
export type OpenTransaction = {
  tx: Transaction<DB>;
  /**
   * `last`: statements that leave together with the commit; when one of them fails, nothing is kept. Error: theirs, or what `begin` or the
   * commit answered; also when a statement had failed and nothing could be kept.
   */
  commit: (last?: readonly LastStatement[]) => Promise<void>;
  /** Never throws: what brought it here is the error to tell. Nothing is left to do after a commit, however that ended. */
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
    const { tx, connection, close } = this.#on(client);
    let isReleased = false;
    const release = (isBroken: boolean) => {
      isReleased = true;
      client.release(isBroken);
    };
    return {
      tx,
      commit: async (last = []) => {
        last.forEach(requirePlain);
        const sent = last.map(({ query }) => connection.executeQuery(query));
        close();
        const [answer, ...before] = await Promise.allSettled([Promise.all([begun, client.query("commit")]), ...sent]);
        const failed = before.findIndex((one) => one.status === "rejected");
        const error = before[failed]?.status === "rejected" ? before[failed].reason : answer.status === "rejected" ? answer.reason : undefined;
        release(answer.status === "rejected" || isStalePlan(error));
        if (error !== undefined) throw last[failed]?.failure?.(error) ?? error;
        if (answer.status === "fulfilled" && answer.value[1].command !== "COMMIT") throw new Error(NEVER_KEPT);
      },
      rollback: async (cause) => {
        close();
        if (isReleased) return;
        const isBroken = await client.query("rollback").then(
          () => false,
          () => true,
        );
        release(isBroken || isStalePlan(cause));
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

  #on(client: pg.PoolClient): { tx: Transaction<DB>; connection: PipelinedConnection; close: () => void } {
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
    connections.set(tx, connection);
    return {
      tx,
      connection,
      close: () => {
        isOver = true;
      },
    };
  }
}

/**
 * What stands before a commit without being waited for must reach the database or stop the commit: a value that the driver could fail to
 * put into words would do neither.
 */
function requirePlain({ query }: LastStatement): void {
  if (query.parameters.some((value) => value !== null && typeof value !== "string" && typeof value !== "number"))
    throw new Error("a statement that leaves with its commit takes texts and numbers only");
}

/** On globalThis as the transactions themselves. */
globalThis.reeveConnections ??= new WeakMap();
const connections = globalThis.reeveConnections;

/** How many statements a transaction has sent. */
export const statementsSent = (tx: Transaction<DB>): number => connections.get(tx)?.sent ?? 0;

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
  sent = 0;
  readonly #client: pg.PoolClient;
  readonly #names: StatementNames;

  constructor(client: pg.PoolClient, names: StatementNames) {
    this.#client = client;
    this.#names = names;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    this.sent++;
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

declare global {
  var reeveConnections: WeakMap<Transaction<DB>, { sent: number }> | undefined;
}
