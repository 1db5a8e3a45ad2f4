import "server-only";
import { sql } from "kysely";
import { endCommandLines } from "@/lib/identity/end-command-lines";
import type { Tx } from "@/lib/kernel/transaction";

// What a leaver loses, whoever ends the account. On the next request nothing of theirs holds: sessions and password logins are gone, devices locked,
// tokens revoked, and keys of service accounts that they made or saw end too, after the days of grace that a workspace may set (PERMISSIONS §3
// rule 10). Grants stay as they were, for the record and for a return; they give nothing while the account is not active.

export type EndedAccess = {
  sessions: number;
  devices: number;
  personalTokens: number;
  requests: number;
  keys: { account: string; key: string; endsAt: string }[];
};

/** Ends an active account; gives what ended with it. `byId`: who locks the devices: never the person, who could unlock their own. Callers call `keepASystemAdmin` after. */
export async function endAccess(tx: Tx, personId: string, by: "person" | "directory", byId: string): Promise<EndedAccess> {
  const now = sql<string>`clock_timestamp()`;
  await tx.updateTable("principal").set({ active: false, ended_by: by, ended_at: now, updated_at: now }).where("id", "=", personId).execute();
  const sessions = await tx.deleteFrom("session").where("principal_id", "=", personId).executeTakeFirst();
  const devices = await endCommandLines(tx, personId, byId);
  const tokens = await tx
    .updateTable("personal_token")
    .set({ revoked_at: now, updated_at: now })
    .where("principal_id", "=", personId)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  const requests = await tx
    .updateTable("access_request")
    .set({ state: "withdrawn", decided_at: now })
    .where("principal_id", "=", personId)
    .where("state", "=", "open")
    .executeTakeFirst();
  const { rows: keys } = await sql<{ name: string; account: string; expires_at: string }>`
    update api_key k set expires_at = least(coalesce(k.expires_at, 'infinity'), clock_timestamp() + make_interval(days => coalesce(w.leaver_grace_days, 0))),
      updated_at = clock_timestamp()
    from principal a left join workspace w on w.id = a.home_workspace_id
    where a.id = k.principal_id and k.active and ${personId} in (k.created_by, k.issued_to)
      and (k.expires_at is null or k.expires_at > clock_timestamp())
    returning k.name, a.name as account, k.expires_at`.execute(tx);
  await tx.deleteFrom("one_use_link").where("principal_id", "=", personId).execute();
  return {
    sessions: Number(sessions.numDeletedRows),
    devices,
    personalTokens: Number(tokens.numUpdatedRows),
    requests: Number(requests.numUpdatedRows),
    keys: keys.map((key) => ({ account: key.account, key: key.name, endsAt: key.expires_at })),
  };
}
