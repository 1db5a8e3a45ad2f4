import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { measure, type Target } from "./load";

// What one answer costs the database, whoever else is on the machine: PostgreSQL's own count of the statements of the app's role
// (pg_stat_statements), taken around a few answers. It counts only while this file looks, so that it takes no time from the figures.

export type Reads = {
  /** Statements sent, with `begin` and `commit`: as many round trips, where none are sent together. */
  statements: number;
  transactions: number;
  /** Buffers of 8 KB touched, in memory or not. */
  buffers: number;
  planningMs: number;
  executingMs: number;
  /** The statement that took longest, and its share of the executing time. */
  slowest: string;
};

const TIMES = 5;
const WARM_CLIENTS = 16;
const WARM_UP = 120;

/** Asks PostgreSQL to load its counters: they need a restart after this. */
export const requestCounters = (superuser: pg.Client) => superuser.query("alter system set shared_preload_libraries = 'pg_stat_statements'");

/** After the restart: there, and idle. */
export async function installCounters(superuser: pg.Client): Promise<void> {
  await superuser.query("create extension if not exists pg_stat_statements schema public");
  await superuser.query("alter system set pg_stat_statements.track = 'none'");
  await superuser.query("alter system set pg_stat_statements.track_planning = on");
  await superuser.query("select pg_reload_conf()");
}

/** Counts what one time of the target does. */
export async function readsOf(superuser: pg.Client, target: Target): Promise<Reads> {
  await measure(target, { clients: WARM_CLIENTS, count: WARM_UP, seconds: 60 }); // what each process and connection loads once isn't part of an answer
  await count(superuser, "all");
  await superuser.query("select public.pg_stat_statements_reset()");
  await measure(target, { clients: 1, count: TIMES, seconds: 60 });
  const { rows } = await superuser.query<{ query: string; calls: number; buffers: number; planning: number; executing: number }>(
    `select s.query, s.calls::float8 as calls, (s.shared_blks_hit + s.shared_blks_read)::float8 as buffers, s.total_plan_time as planning, s.total_exec_time as executing
     from public.pg_stat_statements s join pg_roles r on r.oid = s.userid where r.rolname = 'reeve_app' and s.toplevel and s.query not like '%reeve_outbox%' order by executing desc`,
  );
  await count(superuser, "none");
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0) / TIMES;
  const [slowest] = rows;
  return {
    statements: sum((row) => row.calls),
    transactions: sum((row) => (/^begin\b/i.test(row.query) ? row.calls : 0)),
    buffers: sum((row) => row.buffers),
    planningMs: sum((row) => row.planning),
    executingMs: sum((row) => row.executing),
    slowest: slowest ? `${(slowest.executing / TIMES).toFixed(2)} ms: ${slowest.query.replace(/\s+/g, " ").trim()}` : "",
  };
}

async function count(superuser: pg.Client, what: "all" | "none"): Promise<void> {
  await superuser.query(`alter system set pg_stat_statements.track = '${what}'`);
  await superuser.query("select pg_reload_conf()");
  await sleep(100); // a connection reads its settings before its next statement
}
