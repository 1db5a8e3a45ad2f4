import "server-only";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { DB } from "./types";

// The app role's pool. Times come back as text with microseconds (never through Date, which would lose digits that keyset paging
// needs); bigint comes back as a number.

const TYPES = {
  getTypeParser(oid: number, format?: "text" | "binary"): (text: string) => unknown {
    if (oid === pg.types.builtins.INT8) return Number;
    if (oid === pg.types.builtins.TIMESTAMPTZ) return isoTime;
    return pg.types.getTypeParser(oid, format as "text");
  },
};

/** `2026-11-19 08:14:52.1+00` → `2026-11-19T08:14:52.100000Z`. The connection's zone is UTC. */
function isoTime(text: string): string {
  const [day, rest = ""] = text.split(" ");
  const [clock, fraction = ""] = rest.replace(/[+-]\d\d(:?\d\d)?$/, "").split(".");
  return `${day}T${clock}.${fraction.padEnd(6, "0")}Z`;
}

/** Opens a pool and a Kysely on it. `json` columns stay text (verbatim), `jsonb` columns are parsed. */
export function connect(connectionString: string, options: { max?: number; applicationName?: string; connectionTimeoutMs?: number } = {}): Kysely<DB> {
  const pool = new pg.Pool({
    connectionString,
    max: options.max ?? 12,
    connectionTimeoutMillis: options.connectionTimeoutMs ?? 10_000, // a request that gets no connection says so instead of waiting for ever
    application_name: options.applicationName ?? "reeve",
    options: "-c search_path=reeve -c timezone=UTC -c idle_in_transaction_session_timeout=30000",
    types: TYPES,
  });
  pool.on("error", () => undefined); // an idle connection that ends is replaced at the next query
  // One that ends while it is held, between two statements, must not end the process: its next statement rejects.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
}

declare global {
  var reeveDatabase: Kysely<DB> | undefined;
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
