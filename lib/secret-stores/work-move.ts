import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { AGAIN, type Handler } from "@/lib/jobs/handler";
import { AppError } from "@/lib/kernel/errors";
import { inScope, type Tx } from "@/lib/kernel/transaction";
import { sameValues } from "@/lib/providers/secret-stores/contract";
import { openValues } from "@/lib/secrets/envelope";
import { placeValues, readVersion } from "@/lib/secrets/versions";
import { queue, readCopy, settleLater } from "./copies";
import { stopMove, whyStopped } from "./stop-move";
import { finishRollBack } from "./swap-places";

/*
 * Copies the versions of a workspace to another store, one after the other: read, written, read back and compared, and noted, each in a transaction of its
 * own. A worker that is killed leaves nothing half done: what it wrote and did not note is taken away (copies.ts), and the next one goes on.
 */

const SLICE_MS = 2_000;
const payloadSchema = z.object({ moveId: z.uuid(), workspaceId: z.uuid() });
export type Move = {
  id: string;
  workspaceId: string;
  organizationId: string;
  state: string;
  fromStoreId: string | null;
  toStoreId: string | null;
  actsFor: string | null;
  stoppedAt: string | null;
};
/** Where a slice is: what it has copied is not looked through again for each next one. */
type Cursor = { secretId: string; version: number };
const BEGINNING: Cursor = { secretId: "00000000-0000-0000-0000-000000000000", version: 0 };
type Left = { secretId: string; version: number };

/** All but what lives for minutes, tokens that connectors keep to end them. People name their own secrets as they like. */
export const IS_MOVED = sql`not (s.kind = 'connector' and s.name like 'credential %')`;

/** The versions that are still to be copied: all that lie elsewhere; while it is rolled back those that were made after the cut-over. */
export const leftToCopy = (moveId: string) => sql`
  from secret_move m join secret_version v on v.workspace_id = m.workspace_id join secret s on s.id = v.secret_id
  where m.id = ${moveId} and v.destroyed_at is null and ${IS_MOVED}
    and not exists (select 1 from secret_copy c where c.secret_id = v.secret_id and c.version = v.version)
    and case when m.state in ('copying', 'copied') then v.store_id is distinct from m.to_store_id
      else v.store_id is not distinct from m.to_store_id and v.created_at >= m.cut_over_at end`;

async function findMove(tx: Tx, id: string): Promise<Move | undefined> {
  const { rows } = await sql<Move>`
    select m.id, m.workspace_id as "workspaceId", w.organization_id as "organizationId", m.state, m.from_store_id as "fromStoreId", m.to_store_id as "toStoreId",
      m.acts_for as "actsFor", m.stopped_at as "stoppedAt"
    from secret_move m join workspace w on w.id = m.workspace_id where m.id = ${id} for share of m`.execute(tx);
  return rows[0];
}

/** Handles the outbox's item; may run twice, also at once. It throws while a store can't be used, to be tried again. */
export const workMove: Handler = async (payload, { signal }) => {
  const { moveId, workspaceId } = payloadSchema.parse(payload);
  const until = Date.now() + SLICE_MS;
  try {
    let after = BEGINNING;
    do {
      signal.throwIfAborted();
      const next = await inScope([workspaceId], (tx) => copyNext(tx, moveId, after));
      if (!next) return;
      after = next;
    } while (Date.now() <= until);
  } catch (error) {
    const reason = error instanceof AppError ? error.message : "Something went wrong on the server.";
    await inScope([workspaceId], (tx) => tx.updateTable("secret_move").set({ reason }).where("id", "=", moveId).execute());
    throw error;
  }
  return AGAIN;
};

/**
 * Copies the first version behind a place, and gives its place; the beginning when there is none behind it; nothing when there is none at all and the move
 * has gone on to its next state, or when it may not go on.
 */
async function copyNext(tx: Tx, moveId: string, after: Cursor): Promise<Cursor | undefined> {
  const move = await findMove(tx, moveId);
  if (!move || move.stoppedAt || (move.state !== "copying" && move.state !== "rolling-back")) return undefined;
  const stop = await whyStopped(tx, move);
  if (stop) {
    await stopMove(tx, move, stop);
    return undefined;
  }
  const { rows } = await sql<Left>`select v.secret_id as "secretId", v.version ${leftToCopy(moveId)}
      and (v.secret_id, v.version) > (${after.secretId}::uuid, ${after.version}::int) order by v.secret_id, v.version limit 1`.execute(tx);
  const [next] = rows;
  if (next) {
    await copyOne(tx, move, next);
    return next;
  }
  if (after !== BEGINNING) return BEGINNING; // what was made meanwhile may stand before it
  if (move.state === "copying")
    await tx.updateTable("secret_move").set({ state: "copied", reason: null }).where("id", "=", move.id).where("state", "=", "copying").execute();
  else await finishRollBack(tx, move);
  return undefined;
}

async function copyOne(tx: Tx, move: Move, { secretId, version }: Left): Promise<void> {
  // Who deletes or destroys it waits for the copy, and takes that with it.
  const { rows } = await sql<{
    isDeleted: boolean;
  }>`select s.deleted_at is not null as "isDeleted" from secret s where s.id = ${secretId} for key share`.execute(tx);
  const isOpen = await tx
    .selectFrom("secret_version")
    .select("version")
    .where("secret_id", "=", secretId)
    .where("version", "=", version)
    .where("destroyed_at", "is", null)
    .executeTakeFirst();
  const [secret] = rows;
  if (!secret || !isOpen) return;
  const { isDeleted } = secret;
  const place = { workspaceId: move.workspaceId, secretId, version };
  const target = move.state === "copying" ? move.toStoreId : move.fromStoreId;
  const row = { secret_id: secretId, version, workspace_id: move.workspaceId, move_id: move.id };
  const insert = (values: object) =>
    tx
      .insertInto("secret_copy")
      .values({ ...row, ...values })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  try {
    const values = await readVersion(tx, move.organizationId, place);
    const placed = await placeValues(tx, move.organizationId, place, values, target);
    const back =
      placed.store_id && placed.store_copy
        ? await readCopy(tx, { storeId: placed.store_id, copy: placed.store_copy }, place)
        : openValues(move.organizationId, place, placed);
    if (!sameValues(values, back)) throw new AppError("conflict", "What was read back from the store is not what was written.");
    await insert(placed);
    // What is deleted here is hidden there too.
    if (isDeleted && placed.store_id) await queue(tx, move.workspaceId, await settleLater(tx, { id: secretId, workspace_id: move.workspaceId }));
  } catch (error) {
    // What can't be opened stays where it is; a store that is away is waited for.
    if (!(error instanceof AppError) || (error.code !== "conflict" && error.code !== "internal")) throw error;
    await insert({ error: error.message.slice(0, 500) });
  }
}
