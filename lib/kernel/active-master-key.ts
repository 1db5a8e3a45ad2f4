import "server-only";
import { sql } from "kysely";
import { AppError } from "./errors";
import { firstMasterKey, type MasterKey, masterKey, masterKeys } from "./master-keys";
import type { Tx } from "./transaction";

// Which master key seals what is new: the table says, so that all processes change over in one moment. What is written under a key holds a
// lock that the change waits for, so that nothing is written under the old one once the new one is active.

/** The key to seal with, until the transaction ends. Error: sealed. */
export async function activeMasterKey(tx: Tx): Promise<MasterKey> {
  const held = () => tx.selectFrom("master_key").select("id").where("state", "=", "active").forShare().executeTakeFirst();
  const found = await held();
  if (found) return masterKey(found.id);
  const first = firstMasterKey();
  await tx
    .insertInto("master_key")
    .values({ id: first.id, state: "active" })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await held();
  if (!row) throw new AppError("unavailable", "The master key is just being changed.", { fix: "Try again." });
  return masterKey(row.id);
}

/** Why what is sealed can't be read and nothing can be sealed; undefined when all is well. */
export async function whySealed(tx: Tx): Promise<AppError | undefined> {
  const { rows } = await sql<{ id: string }>`select id from master_key where state <> 'retired' order by state`.execute(tx);
  try {
    if (rows.length === 0) firstMasterKey();
    const known = new Set(masterKeys().map((key) => key.id));
    for (const { id } of rows) if (!known.has(id)) masterKey(id);
    return undefined;
  } catch (error) {
    if (error instanceof AppError && error.code === "sealed") return error;
    throw error;
  }
}
