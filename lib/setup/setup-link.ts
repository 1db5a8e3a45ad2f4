import "server-only";
/*
 * The one-time link to the set-up page. Only a hash of its secret is stored; it holds for 24 hours, a new one replaces it
 * at each start, and there is none once an organization exists.
 */
import { createHash, randomBytes } from "node:crypto";
import { sql } from "kysely";
import { environment } from "@/lib/kernel/env";
import { inScope, type Tx } from "@/lib/kernel/transaction";

const LIFETIME_HOURS = 24;

/** Makes the link of this start and forgets older ones; undefined when the installation is set up. The secret stands in the fragment, which browsers don't send. */
export async function newSetupLink(): Promise<string | undefined> {
  const secret = randomBytes(32).toString("base64url");
  const isNeeded = await inScope([], async (tx) => {
    const organization = await tx.selectFrom("organization").select("id").limit(1).executeTakeFirst();
    await tx.deleteFrom("setup_secret").where("used_at", "is", null).execute();
    if (organization) return false;
    await tx
      .insertInto("setup_secret")
      .values({ sha256: hashOf(secret), expires_at: sql<string>`clock_timestamp() + make_interval(hours => ${LIFETIME_HOURS})` })
      .execute();
    return true;
  });
  return isNeeded ? `${environment().url}/setup#${secret}` : undefined;
}

/** True when the secret opens the set-up page now. */
export async function isSetupSecret(tx: Tx, secret: string): Promise<boolean> {
  const row = await openSecret(tx, secret).select("expires_at").executeTakeFirst();
  return row !== undefined;
}

/** Uses the secret up, in the transaction that makes the organization; false when it doesn't hold (any more). */
export async function useSetupSecret(tx: Tx, secret: string): Promise<boolean> {
  const result = await tx
    .updateTable("setup_secret")
    .set({ used_at: sql<string>`clock_timestamp()` })
    .where("sha256", "=", hashOf(secret))
    .where("used_at", "is", null)
    .where("expires_at", ">", sql<string>`clock_timestamp()`)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

function openSecret(tx: Tx, secret: string) {
  return tx
    .selectFrom("setup_secret")
    .where("sha256", "=", hashOf(secret))
    .where("used_at", "is", null)
    .where("expires_at", ">", sql<string>`clock_timestamp()`);
}

function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
