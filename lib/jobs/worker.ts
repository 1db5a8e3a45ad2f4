import "server-only";
/*
 * The worker's loop: drains the outbox every 2 s and at once when a NOTIFY says so; every minute it sweeps, writes
 * counted refusals, looks for lost runs, silent directories and keys that end soon, and begins the rounds of canaries that are due. The poll is the truth; a lost notification costs at most its interval. A database that is away is
 * waited for.
 */
import pg from "pg";
import { queueDueRounds } from "@/lib/canaries/settings";
import { alarmSilentDirectories } from "@/lib/directories/sweep-silent";
import { alarmExpiring } from "@/lib/expiry/alarm-expiring";
import { environment } from "@/lib/kernel/env";
import { flushRefusedSignIns } from "@/lib/identity/record-refused-sign-in";
import { drainOutbox } from "@/lib/jobs/outbox";
import { sweepExpired } from "@/lib/jobs/sweep";
import { log } from "@/lib/kernel/log";
import { reconcileRuns } from "@/lib/runs/reconcile-run";

/** Notified by commands that leave something in the outbox. */
export const OUTBOX_CHANNEL = "reeve_outbox";
const POLL_MS = 2_000;
const SWEEP_MS = 60_000;
const AWAY_WAIT_MS = 2_000;

/** Works until `stopping` aborts, then ends what it has begun and returns. */
export async function runWorker(stopping: AbortSignal): Promise<void> {
  const wake = new Wake();
  stopping.addEventListener("abort", () => wake.now());
  const listening = listen(stopping, () => wake.now());
  let sweptAt = 0;
  while (!stopping.aborted) {
    try {
      while (!stopping.aborted && (await drainOutbox()) > 0);
      if (Date.now() - sweptAt > SWEEP_MS) {
        sweptAt = Date.now();
        await flushRefusedSignIns();
        await reconcileRuns();
        await queueDueRounds();
        await alarmSilentDirectories();
        await alarmExpiring();
        const swept = await sweepExpired();
        if (Object.values(swept).some((count) => count > 0)) log.debug("swept expired rows", swept);
      }
    } catch (error) {
      log.warn("the worker couldn't reach the database; it tries again", { error: error instanceof Error ? error.message : String(error) });
    }
    if (!stopping.aborted) await wake.wait(POLL_MS);
  }
  await listening;
}

/** A timer that somebody may end early. */
class Wake {
  private end: (() => void) | undefined;
  private isDue = false;

  now(): void {
    this.isDue = true;
    this.end?.();
  }

  async wait(ms: number): Promise<void> {
    if (!this.isDue) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.isDue = false;
    this.end = undefined;
  }
}

/** Listens on a connection of its own, opened again whenever it breaks. */
async function listen(stopping: AbortSignal, onNotification: () => void): Promise<void> {
  while (!stopping.aborted) {
    const client = new pg.Client({ connectionString: environment().appDatabaseUrl, application_name: "reeve-worker-listen", keepAlive: true });
    const ended = new Promise<void>((resolve) => {
      client.once("end", resolve);
      client.once("error", () => resolve());
    });
    const stop = () => void client.end().catch(() => undefined);
    try {
      await client.connect();
      client.on("notification", onNotification);
      await client.query(`listen ${OUTBOX_CHANNEL}`);
      stopping.addEventListener("abort", stop, { once: true });
      if (stopping.aborted) stop();
      await ended;
    } catch (error) {
      log.debug("listening broke off", { error: error instanceof Error ? error.message : String(error) });
    } finally {
      stopping.removeEventListener("abort", stop);
      await client.end().catch(() => undefined);
    }
    if (!stopping.aborted) await new Promise((resolve) => setTimeout(resolve, AWAY_WAIT_MS));
  }
}
