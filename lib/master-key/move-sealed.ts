import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { systemActor } from "@/lib/identity/actor";
import { inEveryWorkspace } from "@/lib/jobs/every-workspace";
import { AGAIN, type Handler } from "@/lib/jobs/handler";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { type MasterKey, masterKey } from "@/lib/kernel/master-keys";
import { systemContext } from "@/lib/kernel/request";
import type { Tx } from "@/lib/kernel/transaction";
import { type Place, wrapAnew } from "@/lib/secrets/envelope";
import { keepRetiredFiles } from "./key-files";
import { MASTER_KEY_RETIRED } from "./schema";
import { countOthers, sealAnew, wrapAllAnew } from "./sealed-rows";

/*
 * Moves what rests under an old master key to the active one: data keys are wrapped anew, in batches, values are never touched. Each batch is
 * one transaction with its count, so a worker that is killed leaves nothing half done and the next one goes on. Readers open either key
 * meanwhile. An old key ends when nothing is left under it.
 */

const SLICE_MS = 2_000;
/** How many versions one transaction moves, unless the item says otherwise. */
const BATCH = 500;
const payloadSchema = z.object({ batch: z.number().int().positive().default(BATCH) });

type Cursor = { secretId: string; version: number };
type Step = { is: "over" } | { is: "moved"; after: Cursor } | { is: "passed" };

/** Handles the outbox's item; may run twice, also at once. */
export const moveSealed: Handler = async (payload, { signal }) => {
  const { batch } = payloadSchema.parse(payload);
  const until = Date.now() + SLICE_MS;
  let after: Cursor = { secretId: "00000000-0000-0000-0000-000000000000", version: 0 };
  do {
    signal.throwIfAborted();
    const step: Step = await inEveryWorkspace((tx) => moveBatch(tx, after, batch));
    if (step.is === "over") return;
    if (step.is === "passed") return endPass();
    after = step.after;
  } while (Date.now() <= until);
  return AGAIN;
};

async function movingKeys(tx: Tx): Promise<{ active: MasterKey; retiring: string[] } | undefined> {
  const rows = await tx.selectFrom("master_key").select(["id", "state", "total"]).where("state", "<>", "retired").execute();
  const retiring = rows.filter((row) => row.state === "retiring").map((row) => row.id);
  const row = rows.find(({ state }) => state === "active");
  if (!row || retiring.length === 0) return undefined;
  const active = masterKey(row.id);
  if (row.total === null) {
    const total = (await countVersions(tx, active)) + (await countOthers(tx, active));
    await tx.updateTable("master_key").set({ total }).where("id", "=", active.id).execute();
  }
  return { active, retiring };
}

async function moveBatch(tx: Tx, after: Cursor, batch: number): Promise<Step> {
  const keys = await movingKeys(tx);
  if (!keys) return { is: "over" };
  for (const id of keys.retiring) masterKey(id); // without it the move waits, sealed
  const { rows } = await sql<Place & { organizationId: string; master_key_id: string; wrapped_key: Buffer }>`
    select v.secret_id as "secretId", v.version, v.workspace_id as "workspaceId", w.organization_id as "organizationId", v.master_key_id, v.wrapped_key
    from secret_version v join workspace w on w.id = v.workspace_id
    where v.master_key_id = any(${keys.retiring}::text[]) and (v.secret_id, v.version) > (${after.secretId}::uuid, ${after.version}::int)
    order by v.secret_id, v.version limit ${batch} for update of v skip locked`.execute(tx);
  const last = rows.at(-1);
  if (!last) return { is: "passed" };
  const anew = rows.flatMap(({ organizationId, master_key_id, wrapped_key, ...place }) => {
    try {
      return [{ ...place, wrapped: wrapAnew(keys.active, organizationId, place, { master_key_id, wrapped_key }).wrapped_key }];
    } catch (error) {
      unreadable(`version ${place.version} of secret ${place.secretId}`, error);
      return [];
    }
  });
  await sql`update secret_version v set master_key_id = ${keys.active.id}, wrapped_key = u.wrapped
    from unnest(${anew.map((row) => row.secretId)}::uuid[], ${anew.map((row) => row.version)}::int[], ${anew.map((row) => row.wrapped)}::bytea[]) as u(secret_id, version, wrapped)
    where v.secret_id = u.secret_id and v.version = u.version and v.sealed is not null`.execute(tx);
  await count(tx, keys.active, anew.length);
  return { is: "moved", after: last };
}

/** A value that doesn't open stops nothing, and keeps its key from ending. */
function unreadable(what: string, error: unknown): void {
  if (error instanceof AppError && error.code === "sealed") throw error;
  log.error("a sealed value does not open, so it stays under its master key", { what, error });
}

const count = (tx: Tx, active: MasterKey, moved: number) => sql`update master_key set moved = moved + ${moved} where id = ${active.id}`.execute(tx);

/** How many versions are not under the key. */
async function countVersions(tx: Tx, key: MasterKey): Promise<number> {
  const { rows } = await sql<{ left: number }>`
    select count(*)::int as left from secret_version where sealed is not null and master_key_id <> ${key.id}`.execute(tx);
  return rows[0]?.left ?? 0;
}

/** Ends old keys when nothing is left under them. */
async function endPass(): Promise<unknown> {
  const ended = await inEveryWorkspace(async (tx) => {
    const keys = await movingKeys(tx);
    if (!keys) return [];
    await count(tx, keys.active, (await sealAnew(tx, keys.active, unreadable)) + (await wrapAllAnew(tx, keys.active, unreadable)));
    const left = (await countVersions(tx, keys.active)) + (await countOthers(tx, keys.active));
    if (left === 0) return retire(tx, keys.active, keys.retiring);
    const isLocked = await hasLocked(tx, keys.retiring);
    if (!isLocked) await sql`update master_key set failed = ${left}, moved_at = clock_timestamp() where id = ${keys.active.id}`.execute(tx);
    return isLocked ? AGAIN : [];
  });
  if (ended === AGAIN) return AGAIN;
  if (ended.length > 0) keepRetiredFiles(ended);
  return undefined;
}

/** Whether somebody else holds a version that is still to move. */
async function hasLocked(tx: Tx, retiring: readonly string[]): Promise<boolean> {
  const { rows } = await sql<{ all: number; free: number }>`
    select (select count(*)::int from secret_version where master_key_id = any(${retiring}::text[])) as all,
      (select count(*)::int from (select 1 from secret_version where master_key_id = any(${retiring}::text[]) for update skip locked) x) as free`.execute(tx);
  return (rows[0]?.all ?? 0) > (rows[0]?.free ?? 0);
}

async function retire(tx: Tx, active: MasterKey, retiring: readonly string[]): Promise<readonly string[]> {
  const moved = await tx
    .updateTable("master_key")
    .set({ moved_at: sql<string>`clock_timestamp()` })
    .where("id", "=", active.id)
    .returning(["began_by", "began_by_name", "moved"])
    .executeTakeFirstOrThrow();
  const ended = await tx
    .updateTable("master_key")
    .set({ state: "retired", retired_at: sql<string>`clock_timestamp()` })
    .where("id", "in", [...retiring])
    .where("state", "=", "retiring")
    .returning("id")
    .execute();
  const organization = await tx.selectFrom("organization").select("id").executeTakeFirstOrThrow();
  const facts = { actor: systemActor(organization.id), request: systemContext(), workspaceId: null, action: MASTER_KEY_RETIRED, outcome: "allowed" as const };
  const onBehalfOf = moved.began_by ? { id: moved.began_by, name: moved.began_by_name ?? "" } : null;
  if (ended.length > 0)
    await recordAudit(
      tx,
      facts,
      ended.map(({ id }) => ({
        target: { type: "master-key", id, name: id },
        before: { state: "retiring" },
        after: { state: "retired", active: active.id, moved: moved.moved },
        onBehalfOf,
      })),
    );
  return ended.map((row) => row.id);
}
