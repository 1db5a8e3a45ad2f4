import "server-only";
import { sql } from "kysely";
import type { Tx } from "@/lib/kernel/transaction";

// Ends what acts as a person from command lines by their own logins: devices lock and password logins run out. Personal tokens are apart,
// as they are made and revoked by name.

/**
 * Locks all devices of a person and ends their password logins; returns how many devices were not locked before. Devices that the person
 * had locked themselves become `by`'s, so that unlocking them brings nothing back.
 */
export async function endCommandLines(tx: Tx, personId: string, by: string): Promise<number> {
  return (await endCommandLinesOf(tx, [personId], by)).length;
}

/** The same of many; gives whose each device was that was not locked before. */
export async function endCommandLinesOf(tx: Tx, personIds: readonly string[], by: string): Promise<string[]> {
  const lock = (where: "=" | "<>") =>
    tx
      .updateTable("device")
      .set((eb) => ({ status: "locked", locked_by: by, generation: eb("generation", "+", 1), updated_at: sql<string>`clock_timestamp()` }))
      .where("principal_id", "=", sql<string>`any(${[...personIds]}::uuid[])`)
      .where("status", where, "locked")
      .returning("principal_id")
      .execute();
  await lock("=");
  const locked = await lock("<>");
  await sql`update principal set epoch = epoch + 1 where id = any(${[...personIds]}::uuid[])`.execute(tx);
  return locked.flatMap((row) => row.principal_id ?? []);
}

/** Ends every login by name and password, and the tokens that it asked for. */
export async function endPasswordLogins(tx: Tx, personId: string): Promise<void> {
  await tx
    .updateTable("principal")
    .set((eb) => ({ epoch: eb("epoch", "+", 1) }))
    .where("id", "=", personId)
    .execute();
}
