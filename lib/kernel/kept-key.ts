import "server-only";
import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { activeMasterKey } from "./active-master-key";
import { AppError } from "./errors";
import { firstMasterKey } from "./master-keys";
import { sealUnder, unseal } from "./seal";
import type { Tx } from "./transaction";

// Keys that outlive a master key: made once, kept sealed under the active one, and sealed anew when that moves. For what can't be sealed anew
// itself: the sign-on library's own store, and commitments, which are computed from values that nobody opens.

export const KEPT_KEYS = "kept keys";

/** Purposes whose key used to be derived from the master key: rows from then still open. */
const DERIVED_BEFORE: Record<string, string> = { "sso-store": "select 1 from sso_store limit 1" };

const opened = new Map<string, Buffer>();

/** 32 bytes for one purpose, the same ones always. Error: sealed. */
export async function keptKey(tx: Tx, purpose: string): Promise<Buffer> {
  const read = () => tx.selectFrom("kept_key").select("sealed").where("purpose", "=", purpose).executeTakeFirst();
  let row = await read();
  if (!row) {
    const first = await firstKey(tx, purpose);
    const key = await activeMasterKey(tx);
    const sealed = sealUnder(key, KEPT_KEYS, purpose, first.toString("base64"));
    await sql`insert into kept_key (purpose, sealed) select ${purpose}, ${sealed} from master_key where id = ${key.id} and state = 'active' for share
      on conflict do nothing`.execute(tx);
    row = await read();
  }
  if (!row) throw new AppError("unavailable", "The master key is just being changed.", { fix: "Try again." });
  const name = row.sealed.toString("base64");
  const known = opened.get(name) ?? Buffer.from(unseal(KEPT_KEYS, purpose, row.sealed), "base64");
  if (opened.size > 100) opened.clear();
  opened.set(name, known);
  return known;
}

async function firstKey(tx: Tx, purpose: string): Promise<Buffer> {
  const before = DERIVED_BEFORE[purpose];
  const { rows } = before ? await sql.raw(before).execute(tx) : { rows: [] };
  return rows.length > 0 ? firstMasterKey().derive(purpose) : randomBytes(32);
}
