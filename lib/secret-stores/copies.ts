import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { sql } from "kysely";
import { answerFor } from "@/lib/kernel/ask-outside";
import type { QueueItem } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { inScope, type Tx } from "@/lib/kernel/transaction";
import type { OpenStore } from "@/lib/providers/secret-stores/registry";
import { openStore } from "./open-store";

/*
 * Values in an outside store. Each object there is named in the database before it is touched: a check, in a transaction of its own. What is
 * written belongs to the change that needs it, which removes the check when it is kept; of a change that fails or is killed the check stays,
 * and the worker makes the object what the database says (settle-copies.ts). So nothing is half written, whatever ends when.
 */

export type Copy = { storeId: string; copy: string };
type VersionPlace = { workspaceId: string; secretId: string; version: number };
type Values = Record<string, string>;

export const CHECK_TOPIC = "secret-store.check";
/** A change that has not been kept by then is over. */
const CHANGE_S = 120;
/** What the worker does with one object takes less. */
const HAND_S = 60;

/** The store that new versions of a workspace go to; null for Reeve's own. */
export async function storeOfWorkspace(tx: Tx, workspaceId: string): Promise<string | null> {
  // Held, so that nothing goes to the old place once a move has cut over.
  const row = await tx.selectFrom("workspace").select("secret_store_id").where("id", "=", workspaceId).forShare().executeTakeFirst();
  return row?.secret_store_id ?? null;
}

/** Writes values to a store, once; the change that calls it keeps where. Errors: unavailable; as of `openStore`. */
export async function writeCopy(tx: Tx, storeId: string, place: VersionPlace, values: Values): Promise<Copy> {
  const store = await openStore(tx, storeId);
  const content = createHash("sha256").update(JSON.stringify(values)).digest("hex");
  const { id, copy } = answerFor(tx, `write ${storeId} ${place.secretId} ${place.version} ${content}`, async () => {
    const copy = randomBytes(4).toString("hex");
    const [id = ""] = await beginChecks(place.workspaceId, [{ ...place, storeId, copy }]);
    await store.write({ ...place, copy }, values);
    return { id, copy };
  });
  await endChecks(tx, [id]);
  return { storeId, copy };
}

/** Reads values from a store. Errors: unavailable; conflict when they are not there any more; as of `openStore`. */
export async function readCopy(tx: Tx, { storeId, copy }: Copy, place: VersionPlace): Promise<Values> {
  const store = await openStore(tx, storeId);
  return answerFor(tx, `read ${storeId} ${place.secretId} ${place.version} ${copy}`, async () => ({ ...(await store.read({ ...place, copy })) }));
}

type Named = VersionPlace & Copy;

/** Names what is going to be touched, and lets the worker look after it when nobody says that it was kept. */
async function beginChecks(workspaceId: string, objects: readonly Named[], { isBack = false } = {}): Promise<string[]> {
  return inScope([workspaceId], async (tx) => {
    if (isBack) await requireNotInHand(tx, objects[0]?.secretId ?? "");
    const rows = await insertChecks(tx, workspaceId, objects, CHANGE_S);
    const items = [...new Set(objects.map((one) => one.secretId))].map((secretId) => ({
      workspace_id: workspaceId,
      topic: CHECK_TOPIC,
      payload: JSON.stringify({ workspaceId, secretId }),
      available_at: sql<string>`clock_timestamp() + make_interval(secs => ${CHANGE_S + 1})`,
    }));
    await tx.insertInto("outbox").values(items).execute();
    return rows;
  });
}

async function insertChecks(tx: Tx, workspaceId: string, objects: readonly Named[], afterS: number): Promise<string[]> {
  const due = sql<string>`clock_timestamp() + make_interval(secs => ${afterS})`;
  const rows = objects.map(({ storeId, secretId, version, copy }) => ({
    id: newId(),
    workspace_id: workspaceId,
    store_id: storeId,
    secret_id: secretId,
    version,
    copy,
    due_at: due,
  }));
  const kept = await tx
    .insertInto("secret_store_check")
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(["store_id", "secret_id", "version", "copy"])
        .doUpdateSet((eb) => ({ id: eb.ref("excluded.id"), due_at: eb.ref("excluded.due_at"), claimed_at: null })),
    )
    .returning("id")
    .execute();
  return kept.map((row) => row.id);
}

/** What the worker is hiding at this moment can't be brought back before it has: its call would come last. Error: unavailable. */
async function requireNotInHand(tx: Tx, secretId: string): Promise<void> {
  const { rows } = await sql<{ busy: boolean }>`
    select coalesce(claimed_at > clock_timestamp() - make_interval(secs => ${HAND_S}), false) as busy from secret_store_check where secret_id = ${secretId} for update`.execute(
    tx,
  );
  if (rows.some((row) => row.busy))
    throw new AppError("unavailable", "The values are being put away in their store at this moment.", { fix: "Try again in a minute.", reason: "store_busy" });
}

/** Takes an object in hand; false when a change has named it since. */
export async function takeInHand(tx: Tx, checkId: string): Promise<boolean> {
  const taken = await tx
    .updateTable("secret_store_check")
    .set({ claimed_at: sql<string>`clock_timestamp()` })
    .where("id", "=", checkId)
    .returning("id")
    .executeTakeFirst();
  return taken !== undefined;
}

/** Says, with the change, that the objects are as it wants them. Error: unavailable when the worker has taken them in hand meanwhile. */
async function endChecks(tx: Tx, ids: readonly string[]): Promise<void> {
  const ended = await tx
    .deleteFrom("secret_store_check")
    .where("id", "in", [...ids])
    .where("claimed_at", "is", null)
    .returning("id")
    .execute();
  if (ended.length < ids.length)
    throw new AppError("unavailable", "The secret store took too long, so nothing was changed.", { fix: "Try again.", reason: "store_slow" });
}

/** The objects of a secret in outside stores, with those that a move has made or left. `open`: of versions that were not destroyed. */
async function copiesOf(tx: Tx, secretId: string): Promise<(Named & { isOpen: boolean })[]> {
  const { rows } = await sql<Named & { isOpen: boolean }>`
    select v.workspace_id as "workspaceId", v.secret_id as "secretId", v.version, p.store_id as "storeId", p.store_copy as copy, v.destroyed_at is null as "isOpen"
    from secret_version v cross join lateral (select v.store_id, v.store_copy union all
      select c.store_id, c.store_copy from secret_copy c where c.secret_id = v.secret_id and c.version = v.version) p
    where v.secret_id = ${secretId} and p.store_id is not null`.execute(tx);
  return rows;
}

/** Leaves work for the worker, where no command does. */
export async function queue(tx: Tx, workspaceId: string, items: readonly QueueItem[]): Promise<void> {
  const rows = items.map((item) => ({ workspace_id: workspaceId, topic: item.topic, payload: JSON.stringify(item.payload) }));
  if (rows.length > 0) await tx.insertInto("outbox").values(rows).execute();
}

/** After a deletion or destruction: the worker makes the objects what the database says now. A destroyed version has no other place left. */
export async function settleLater(tx: Tx, secret: { id: string; workspace_id: string }): Promise<QueueItem[]> {
  const { rows: destroyed } = await sql<Named>`
    delete from secret_copy c using secret_version v where v.secret_id = c.secret_id and v.version = c.version and v.secret_id = ${secret.id} and v.destroyed_at is not null
    returning c.workspace_id as "workspaceId", c.secret_id as "secretId", c.version, c.store_id as "storeId", c.store_copy as copy`.execute(tx);
  const objects = [...(await copiesOf(tx, secret.id)), ...destroyed.filter((one) => one.storeId)];
  if (objects.length === 0) return [];
  await insertChecks(tx, secret.workspace_id, objects, 0);
  return [{ topic: CHECK_TOPIC, payload: { workspaceId: secret.workspace_id, secretId: secret.id } }];
}

/** Ends the other places that a move has made or left: what lies in Reeve's own store at once, objects elsewhere by the worker. */
export async function forgetCopies(tx: Tx, workspaceId: string, moveId: string): Promise<QueueItem[]> {
  const ended = await tx
    .deleteFrom("secret_copy")
    .where("move_id", "=", moveId)
    .returning(["secret_id as secretId", "version", "store_id as storeId", "store_copy as copy"])
    .execute();
  const objects = ended.flatMap((row) => (row.storeId && row.copy ? [{ ...row, workspaceId, storeId: row.storeId, copy: row.copy }] : []));
  for (let at = 0; at < objects.length; at += 1_000) await insertChecks(tx, workspaceId, objects.slice(at, at + 1_000), 0);
  return [...new Set(objects.map((one) => one.secretId))].map((secretId) => ({ topic: CHECK_TOPIC, payload: { workspaceId, secretId } }));
}

/** Before a deleted secret is back: its objects can be read again. Errors: unavailable; as of `openStore`. */
export async function bringBackCopies(tx: Tx, secret: { id: string; workspace_id: string; deleted_at: string | null }): Promise<void> {
  const objects = (await copiesOf(tx, secret.id)).filter((one) => one.isOpen);
  if (objects.length === 0) return;
  const stores = new Map<string, OpenStore>();
  for (const { storeId } of objects) if (!stores.has(storeId)) stores.set(storeId, await openStore(tx, storeId));
  const ids = answerFor(tx, `restore ${secret.id} ${secret.deleted_at}`, async () => {
    const checks = await beginChecks(secret.workspace_id, objects, { isBack: true });
    for (const one of objects) await makeLive(stores.get(one.storeId) as OpenStore, one);
    return checks;
  });
  await endChecks(tx, ids);
}

/** Brings an object back that is hidden; one that its store has no more stays so, and reading it says that. */
export async function makeLive(store: OpenStore, place: Named): Promise<void> {
  try {
    await store.read(place);
  } catch (error) {
    if (error instanceof AppError && error.reason === "store_deleted") return store.restore(place);
    if (!(error instanceof AppError && error.reason === "store_not_found")) throw error;
  }
}
