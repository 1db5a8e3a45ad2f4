import "server-only";
/*
 * Drains the outbox: items that commands left in their transaction, done outside it. Each is leased, so that several
 * workers share the work and a killed one loses nothing; the lease's token keeps a late worker from ending another's item.
 */
import { sql } from "kysely";
import { inEveryWorkspace } from "@/lib/jobs/every-workspace";
import { AGAIN, type Handler } from "@/lib/jobs/handler";
import { handlers as registered } from "@/lib/jobs/handlers";
import { newId } from "@/lib/kernel/id";
import { log } from "@/lib/kernel/log";

const BATCH = 20;
const LEASE_S = 60;
const RETRY_BASE_S = 2;
const RETRY_MAX_S = 3600;
const ERROR_MAX_CHARACTERS = 500;

interface Item {
  id: number;
  workspace_id: string | null;
  topic: string;
  payload: Record<string, unknown>;
  attempts: number;
}

/** Does what is due, up to one batch; returns how many items were taken. */
export async function drainOutbox(handlers: ReadonlyMap<string, Handler> = registered): Promise<number> {
  const token = newId();
  const items = await inEveryWorkspace(async (tx) => {
    const { rows } = await sql<Item>`
      update outbox set leased_until = clock_timestamp() + make_interval(secs => ${LEASE_S}), lease_token = ${token}, attempts = attempts + 1
      where id in (select id from outbox where available_at <= clock_timestamp() and (leased_until is null or leased_until < clock_timestamp())
        order by available_at, id limit ${BATCH} for update skip locked)
      returning id, workspace_id, topic, payload, attempts`.execute(tx);
    return rows.sort((a, b) => a.id - b.id);
  });
  await Promise.all(items.map((item) => work(item, token, handlers)));
  return items.length;
}

async function work(item: Item, token: string, handlers: ReadonlyMap<string, Handler>): Promise<void> {
  try {
    const handler = handlers.get(item.topic);
    if (!handler) throw new Error(`no handler for the topic ${item.topic}`);
    const left = await handler(item.payload, {
      id: item.id,
      workspaceId: item.workspace_id,
      attempts: item.attempts,
      signal: AbortSignal.timeout(LEASE_S * 1000),
    });
    await inEveryWorkspace(async (tx) => {
      if (left === AGAIN)
        await tx
          .updateTable("outbox")
          .set({ leased_until: null, lease_token: null, attempts: 0, last_error: null, available_at: sql<string>`clock_timestamp()` })
          .where("id", "=", item.id)
          .where("lease_token", "=", token)
          .execute();
      else await tx.deleteFrom("outbox").where("id", "=", item.id).where("lease_token", "=", token).execute();
    });
  } catch (error) {
    const waitS = Math.min(RETRY_BASE_S ** item.attempts, RETRY_MAX_S);
    log.warn("an outbox item failed", { id: item.id, topic: item.topic, attempts: item.attempts, waitS, error });
    await inEveryWorkspace((tx) =>
      tx
        .updateTable("outbox")
        .set({
          leased_until: null,
          lease_token: null,
          last_error: String(error instanceof Error ? error.message : error).slice(0, ERROR_MAX_CHARACTERS),
          available_at: sql<string>`clock_timestamp() + make_interval(secs => ${waitS})`,
        })
        .where("id", "=", item.id)
        .where("lease_token", "=", token)
        .execute(),
    );
  }
}
