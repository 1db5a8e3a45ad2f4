import "server-only";
import { sql } from "kysely";
import type { Tx } from "@/lib/kernel/transaction";

/** How long a token that says no end is kept for being revoked. */
const KEPT_DAYS = 30;

/** Tokens that were kept to be revoked go with their end: nothing asks for them any more. */
export async function forgetEndedTokens(tx: Tx): Promise<{ numDeletedRows: bigint }> {
  const { rows } = await sql<{ secret_id: string }>`
    update connector_issue i set ending_secret_id = null, ending = null from connector_issue was
    where was.id = i.id and was.ending_secret_id is not null and was.revoking_at is null
      and (was.revoked_at is not null or coalesce(was.expires_at, was.issued_at + make_interval(days => ${KEPT_DAYS})) < clock_timestamp())
    returning was.ending_secret_id as secret_id`.execute(tx);
  const ids = rows.map((row) => row.secret_id);
  if (ids.length > 0) {
    await tx.deleteFrom("secret_version").where("secret_id", "in", ids).execute();
    await tx.deleteFrom("secret").where("id", "in", ids).execute();
  }
  return { numDeletedRows: BigInt(ids.length) };
}
