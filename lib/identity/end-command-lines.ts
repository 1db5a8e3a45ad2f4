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
  const lock = (where: "=" | "<>") =>
    tx
      .updateTable("device")
      .set((eb) => ({ status: "locked", locked_by: by, generation: eb("generation", "+", 1), updated_at: sql<string>`clock_timestamp()` }))
      .where("principal_id", "=", personId)
      .where("status", where, "locked")
      .executeTakeFirst();
  await lock("=");
  const { numUpdatedRows } = await lock("<>");
  await endPasswordLogins(tx, personId);
  return Number(numUpdatedRows);
}

/** Ends every login by name and password, and the tokens that it asked for. */
export async function endPasswordLogins(tx: Tx, personId: string): Promise<void> {
  await tx
    .updateTable("principal")
    .set((eb) => ({ epoch: eb("epoch", "+", 1) }))
    .where("id", "=", personId)
    .execute();
}
