import "server-only";
import { sql } from "kysely";
import { endCommandLinesOf } from "@/lib/identity/end-command-lines";
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
  return (await endAccessOf(tx, [personId], by, byId)).get(personId) as EndedAccess;
}

/** The same of many at once, in as many statements as of one. */
export async function endAccessOf(tx: Tx, personIds: readonly string[], by: "person" | "directory", byId: string): Promise<Map<string, EndedAccess>> {
  const people = sql`any(${[...personIds]}::uuid[])`;
  const now = sql<string>`clock_timestamp()`;
  const ended = new Map(personIds.map((id): [string, EndedAccess] => [id, { sessions: 0, devices: 0, personalTokens: 0, requests: 0, keys: [] }]));
  const count = (what: "sessions" | "devices" | "personalTokens" | "requests", ids: readonly string[]) => {
    for (const id of ids) {
      const of = ended.get(id);
      if (of) of[what]++;
    }
  };
  const owners = async (statement: ReturnType<typeof sql<{ id: string }>>) => (await statement.execute(tx)).rows.map((row) => row.id);
  await sql`update principal set active = false, ended_by = ${by}, ended_at = ${now}, updated_at = ${now} where id = ${people}`.execute(tx);
  count("sessions", await owners(sql<{ id: string }>`delete from session where principal_id = ${people} returning principal_id as id`));
  count("devices", await endCommandLinesOf(tx, personIds, byId));
  count(
    "personalTokens",
    await owners(
      sql<{
        id: string;
      }>`update personal_token set revoked_at = ${now}, updated_at = ${now} where principal_id = ${people} and revoked_at is null returning principal_id as id`,
    ),
  );
  count(
    "requests",
    await owners(
      sql<{
        id: string;
      }>`update access_request set state = 'withdrawn', decided_at = ${now} where principal_id = ${people} and state = 'open' returning principal_id as id`,
    ),
  );
  const { rows: keys } = await sql<{ name: string; account: string; expires_at: string; created_by: string | null; issued_to: string | null }>`
    update api_key k set expires_at = least(coalesce(k.expires_at, 'infinity'), clock_timestamp() + make_interval(days => coalesce(w.leaver_grace_days, 0))),
      updated_at = clock_timestamp()
    from principal a left join workspace w on w.id = a.home_workspace_id
    where a.id = k.principal_id and k.active and (k.created_by = ${people} or k.issued_to = ${people})
      and (k.expires_at is null or k.expires_at > clock_timestamp())
    returning k.name, a.name as account, k.expires_at, k.created_by, k.issued_to`.execute(tx);
  for (const key of keys)
    for (const id of new Set([key.created_by, key.issued_to]))
      if (id) ended.get(id)?.keys.push({ account: key.account, key: key.name, endsAt: key.expires_at });
  await sql`delete from one_use_link where principal_id = ${people}`.execute(tx);
  return ended;
}
