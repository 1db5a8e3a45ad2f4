import "server-only";
import { sql } from "kysely";
import { limitsOf } from "@/lib/authz/limits";
import type { RequestContext } from "@/lib/kernel/request";
import { prepared } from "@/lib/kernel/prepared";
import type { Tx } from "@/lib/kernel/transaction";
import { actorJson } from "./actor";
import { hashApiKey, keyLabel, type parseApiKey, sameHash } from "./api-key";
import type { HeldCredential } from "./held-credential";
import { refuseCredential } from "./refused-credential";

// API keys of service accounts as credentials: key, generation, scopes, expiry and account, and who was given the key, are read on
// every request. A key whose keeper has left stops with them, after the workspace's days of grace (PERMISSIONS §3 rule 10).

/** The key of an id, good for use now. Errors: unauthenticated with the recorded server's messages. */
export async function holdApiKey(tx: Tx, id: string): Promise<HeldCredential> {
  return held(await keyRow(tx, id));
}

/** The key of a text that a client sent; `isPrevious` when it is the one from before the last rotation. Errors: unauthenticated. */
export async function holdApiKeyText(tx: Tx, text: NonNullable<ReturnType<typeof parseApiKey>>): Promise<{ held: HeldCredential; isPrevious: boolean }> {
  const row = await keyRow(tx, text.id);
  const offered = hashApiKey(text.key);
  const isCurrent = sameHash(row.secret_hmac, offered);
  const isPrevious = !isCurrent && Boolean(row.previous_hmac && row.previous_holds && sameHash(row.previous_hmac, offered));
  if (!isCurrent && !isPrevious)
    throw refuseCredential(`could not verify key value for API key ${row.name}`, row.previous_hmac ? "wrong_or_old_key" : "wrong_key");
  const key = held(row);
  await tx.updateTable("api_key").set({ last_login_at: sql`clock_timestamp()` }).where("id", "=", row.id).execute();
  return { held: key, isPrevious };
}

const keyById = prepared((db, id: string) =>
  db
    .selectFrom("api_key as k")
    .innerJoin("principal as p", "p.id", "k.principal_id")
    .leftJoin("principal as keeper", "keeper.id", "k.issued_to")
    .leftJoin("workspace as w", "w.id", "p.home_workspace_id")
    .select(["k.id", "k.name", "k.principal_id", "k.secret_hmac", "k.previous_hmac", "k.generation", "k.active", "k.scopes"])
    .select(["p.name as account", "p.active as account_active"])
    .select(sql<boolean>`coalesce(k.previous_until > clock_timestamp(), false)`.as("previous_holds"))
    .select(sql<boolean>`k.expires_at is not null and k.expires_at <= clock_timestamp()`.as("expired"))
    .select(
      sql<boolean>`keeper.id is not null and not keeper.active
        and coalesce(keeper.ended_at, '-infinity') + make_interval(days => coalesce(w.leaver_grace_days, 0)) <= clock_timestamp()`.as("keeper_left"),
    )
    .select(sql<boolean>`coalesce(k.last_used_at < clock_timestamp() - interval '1 minute', true)`.as("is_stale"))
    .select(sql<boolean>`coalesce(k.previous_used_at < clock_timestamp() - interval '1 minute', true)`.as("is_previous_stale"))
    .select(actorJson(sql.ref("k.principal_id")).as("actor"))
    .where("k.id", "=", id),
);

async function keyRow(tx: Tx, id: string) {
  const [row] = await keyById(tx, id);
  if (!row) throw refuseCredential(`error retrieving API key ${id}`, "unknown_key");
  return row;
}

type KeyRow = Awaited<ReturnType<typeof keyRow>>;

function held(row: KeyRow): HeldCredential {
  const inactive = (reason: string) => refuseCredential(`API key ${row.name} associated with service account ${row.account} is not active`, reason);
  const inactiveAccount = () => refuseCredential(`service account ${row.account} associated with API key ${row.name} is not active`, "inactive_account");
  if (!row.active) throw inactive("inactive_key");
  if (row.expired) throw inactive("expired_key");
  if (row.keeper_left) throw inactive("keeper_left");
  if (!row.account_active) throw inactiveAccount();
  return {
    principalId: row.principal_id,
    actor: row.actor,
    credential: { kind: "api_key", id: row.id, label: keyLabel(row.name, row.id) },
    limits: limitsOf(row),
    generation: row.generation,
    previousHolds: row.previous_holds,
    outdated: () => refuseCredential(`API key ${row.name} was rotated`, "rotated_key"),
    inactiveAccount,
    noteUse: (tx, request, isPrevious) => noteUse(tx, row, request, isPrevious),
  };
}

/** Requests of the same key that come at once don't wait for each other: one of them writes. */
async function noteUse(tx: Tx, row: KeyRow, request: RequestContext, isPrevious: boolean): Promise<void> {
  if (isPrevious && row.is_previous_stale)
    await sql`with stale as (select id from api_key where id = ${row.id} for update skip locked)
      update api_key k set previous_used_at = clock_timestamp(), previous_used_address = ${request.address},
        previous_used_agent = ${request.userAgent}, last_used_at = clock_timestamp(), last_used_address = ${request.address}
      from stale where k.id = stale.id`.execute(tx);
  else if (row.is_stale)
    await sql`with stale as (select id from api_key where id = ${row.id} for update skip locked)
      update api_key k set last_used_at = clock_timestamp(), last_used_address = ${request.address} from stale where k.id = stale.id`.execute(tx);
}
