import "server-only";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { Transactions } from "./transactions";
import type { DB } from "./types";

// The app role's pool. Times come back as text with microseconds (never through Date, which would lose digits that keyset paging
// needs); bigint comes back as a number. Statements on one connection are sent without waiting for each other's answers.

const TYPES = {
  getTypeParser(oid: number, format?: "text" | "binary"): (text: string) => unknown {
    if (oid === pg.types.builtins.INT8) return Number;
    if (oid === pg.types.builtins.TIMESTAMPTZ) return isoTime;
    return pg.types.getTypeParser(oid, format as "text");
  },
};

/** `2026-11-19 08:14:52.1+00` → `2026-11-19T08:14:52.100000Z`. The connection's zone is UTC. */
export function isoTime(text: string): string {
  // What nearly every time looks like: a year of four digits, and six or fewer digits of a second.
  if (text.length >= 22 && text.length <= 29 && text.endsWith("+00") && text.charCodeAt(10) === 32) {
    const end = text.length - 3;
    if (end === 26) return `${text.slice(0, 10)}T${text.slice(11, 26)}Z`;
    if (end === 19) return `${text.slice(0, 10)}T${text.slice(11, 19)}.000000Z`;
  }
  const [day, rest = ""] = text.split(" ");
  const [clock, fraction = ""] = rest.replace(/[+-]\d\d(:?\d\d)?$/, "").split(".");
  return `${day}T${clock}.${fraction.padEnd(6, "0")}Z`;
}

// On globalThis as the pool itself: the web server holds this file several times.
globalThis.reeveTransactions ??= new WeakMap();
const transactions = globalThis.reeveTransactions;

/** Opens a pool and a Kysely on it. `json` columns stay text (verbatim), `jsonb` columns are parsed. */
export function connect(connectionString: string, options: { max?: number; applicationName?: string; connectionTimeoutMs?: number } = {}): Kysely<DB> {
  const config: pg.PoolConfig & { pipeline: boolean } = {
    connectionString,
    max: options.max ?? 12,
    connectionTimeoutMillis: options.connectionTimeoutMs ?? 10_000, // a request that gets no connection says so instead of waiting for ever
    application_name: options.applicationName ?? "reeve",
    options: "-c search_path=reeve -c timezone=UTC -c idle_in_transaction_session_timeout=30000",
    types: TYPES,
    pipeline: true,
  };
  const pool = new pg.Pool(config);
  pool.on("error", () => undefined); // an idle connection that ends is replaced at the next query
  // One that ends while it is held, between two statements, must not end the process: its next statement rejects.
  pool.on("connect", (client) => client.on("error", () => undefined));
  const dialect = new PostgresDialect({ pool });
  const db = new Kysely<DB>({ dialect });
  transactions.set(db, new Transactions(pool, dialect));
  return db;
}

/** How transactions are opened on a Kysely that `connect` made. */
export function transactionsOf(db: Kysely<DB>): Transactions {
  const found = transactions.get(db);
  if (!found) throw new Error("this Kysely was not made by connect()");
  return found;
}

declare global {
  var reeveDatabase: Kysely<DB> | undefined;
  var reeveTransactions: WeakMap<Kysely<DB>, Transactions> | undefined;
}

/** The process' Kysely as the app role (`REEVE_APP_DATABASE_URL`), kept on globalThis so that reloads don't open another pool. */
export function database(): Kysely<DB> {
  if (!globalThis.reeveDatabase) {
    const url = process.env.REEVE_APP_DATABASE_URL;
    if (!url) throw new Error("REEVE_APP_DATABASE_URL is not set: start Reeve with `npm start`, which sets it.");
    globalThis.reeveDatabase = connect(url);
  }
  return globalThis.reeveDatabase;
}

/** Ends the pool; the next `database()` opens a new one. */
export async function closeDatabase(): Promise<void> {
  const open = globalThis.reeveDatabase;
  globalThis.reeveDatabase = undefined;
  await open?.destroy();
}
