import "server-only";
import { sql } from "kysely";
import type { Tx } from "@/lib/kernel/transaction";
import type { Move } from "./work-move";

// Where a version lies and where its other copy does change places in one statement: everything of a move at once, or nothing.

/** What was copied becomes what holds, and what held the copy; gives how many versions. */
export async function swapPlaces(tx: Tx, moveId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with there as (select c.secret_id, c.version, c.store_id, c.store_copy, c.master_key_id, c.wrapped_key, c.sealed from secret_copy c
        join secret_version v on v.secret_id = c.secret_id and v.version = c.version
        where c.move_id = ${moveId} and c.error is null and v.destroyed_at is null order by c.secret_id, c.version for update of v, c),
      kept as (update secret_copy c set store_id = v.store_id, store_copy = v.store_copy, master_key_id = v.master_key_id, wrapped_key = v.wrapped_key, sealed = v.sealed
        from secret_version v, there where v.secret_id = there.secret_id and v.version = there.version and c.secret_id = there.secret_id and c.version = there.version
        returning c.secret_id),
      held as (update secret_version v set store_id = there.store_id, store_copy = there.store_copy, master_key_id = there.master_key_id,
          wrapped_key = there.wrapped_key, sealed = there.sealed
        from there where v.secret_id = there.secret_id and v.version = there.version returning v.secret_id)
    select (select count(*)::int from held) as count, (select count(*)::int from kept) as kept`.execute(tx);
  return rows[0]?.count ?? 0;
}

/** The end of a way back: everything lies where it lay before the move, and what was made since lies there too. */
export async function finishRollBack(tx: Tx, move: Move): Promise<void> {
  await swapPlaces(tx, move.id);
  await tx.updateTable("secret_move").set({ state: "rolled-back", reason: null }).where("id", "=", move.id).execute();
}
