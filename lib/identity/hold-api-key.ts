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
  return { held: held(row, { isLogin: true }), isPrevious };
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

function held(row: KeyRow, { isLogin } = { isLogin: false }): HeldCredential {
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
    noteUse: (tx, request, isPrevious) => noteUse(tx, row, request, { isPrevious, isLogin }),
  };
}

/** Requests of the same key that come at once don't wait for each other: one of them writes. None waits for the disk. */
const noted = prepared((db, id: string, address: string | null, agent: string | null, isLogin: boolean, isUse: boolean, isPreviousUse: boolean) => ({
  compile: () =>
    sql`with mine as (select id from api_key where id = ${id} and set_config('synchronous_commit', 'off', true) is not null for update skip locked)
      update api_key k set
        last_login_at = case when ${isLogin}::boolean then clock_timestamp() else k.last_login_at end,
        last_used_at = case when ${isUse}::boolean then clock_timestamp() else k.last_used_at end,
        last_used_address = case when ${isUse}::boolean then ${address} else k.last_used_address end,
        previous_used_at = case when ${isPreviousUse}::boolean then clock_timestamp() else k.previous_used_at end,
        previous_used_address = case when ${isPreviousUse}::boolean then ${address} else k.previous_used_address end,
        previous_used_agent = case when ${isPreviousUse}::boolean then ${agent} else k.previous_used_agent end
      from mine where k.id = mine.id`.compile(db),
}));

async function noteUse(tx: Tx, row: KeyRow, request: RequestContext, { isPrevious, isLogin }: { isPrevious: boolean; isLogin: boolean }): Promise<void> {
  const isPreviousUse = isPrevious && row.is_previous_stale;
  const isUse = isPreviousUse || row.is_stale;
  if (isUse || isLogin) await noted(tx, row.id, request.address, request.userAgent, isLogin, isUse, isPreviousUse);
}
