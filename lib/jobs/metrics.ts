import "server-only";
/*
 * Metrics for Prometheus. Invariant: totals only, no names of workspaces, people or things, so that who may scrape learns
 * nothing that the access rules keep. The request histogram and the process' own figures are kept by scripts/preload.mjs.
 */
import { timingSafeEqual } from "node:crypto";
import { sql } from "kysely";
import { Gauge, Registry } from "prom-client";
import { inEveryWorkspace } from "@/lib/jobs/every-workspace";
import { processMetrics } from "@/lib/jobs/scrape";
import { whySealed } from "@/lib/kernel/active-master-key";
import { environment } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";

declare global {
  var reeveGauges: ReturnType<typeof gauges> | undefined;
}

/** What the database says is one number for all processes: it lies apart from what they count themselves. */
function gauges() {
  const registry = new Registry();
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  return {
    registry,
    up: gauge("reeve_database_up", "1 when the database answered this scrape."),
    sealed: gauge("reeve_sealed", "1 when a master key is missing: secrets can't be read."),
    runs: gauge("reeve_runs_in_progress", "Runs that have not ended."),
    sessions: gauge("reeve_sessions", "Browser sessions that have not expired."),
    waiting: gauge("reeve_outbox_waiting", "Items of the outbox that are due or in work."),
    failing: gauge("reeve_outbox_failing", "Items of the outbox that failed at least once and wait for their next try."),
    oldest: gauge("reeve_outbox_oldest_seconds", "Age of the oldest item in the outbox."),
  };
}

/** The text of a scrape. A database that is away shows as reeve_database_up 0. */
export async function metricsText(): Promise<string> {
  globalThis.reeveGauges ??= gauges();
  const { registry, up, sealed, runs, sessions, waiting, failing, oldest } = globalThis.reeveGauges;
  try {
    const totals = await readTotals();
    up.set(1);
    sealed.set(totals.sealed);
    runs.set(totals.runs);
    sessions.set(totals.sessions);
    waiting.set(totals.waiting);
    failing.set(totals.failing);
    oldest.set(totals.oldest);
  } catch (error) {
    log.warn("metrics without the database", { error: error instanceof Error ? error.message : String(error) });
    up.set(0);
  }
  return (await Promise.all([processMetrics(), registry.metrics()])).join("\n");
}

type Totals = { sealed: number; runs: number; sessions: number; waiting: number; failing: number; oldest: number };

async function readTotals(): Promise<Totals> {
  return inEveryWorkspace(async (tx) => {
    const { rows } = await sql<Omit<Totals, "sealed">>`
      select (select count(*) from run where in_progress) as runs,
        (select count(*) from session where expires_at > now()) as sessions,
        (select count(*) from outbox where available_at <= now()) as waiting,
        (select count(*) from outbox where available_at > now() and attempts > 0) as failing,
        (select coalesce(extract(epoch from now() - min(created_at)), 0)::float8 from outbox) as oldest`.execute(tx);
    return { ...(rows[0] as Omit<Totals, "sealed">), sealed: (await whySealed(tx)) ? 1 : 0 };
  });
}

/** True when the header carries REEVE_METRICS_TOKEN; undefined when none is set. */
export function mayScrape(authorization: string | null): boolean | undefined {
  const token = environment().metricsToken;
  if (!token) return undefined;
  const [wanted, given] = [Buffer.from(`Bearer ${token}`), Buffer.from(authorization ?? "")];
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}
