import "server-only";
import { sql } from "kysely";
import { AppError } from "@/lib/kernel/errors";
import { inScope, type Tx } from "@/lib/kernel/transaction";
import { type Actor, loadActor } from "./actor";
import { hashApiKey, keyLabel, parseApiKey, sameHash } from "./api-key";
import { mintLoginToken, mintWorkloadToken, readWireToken } from "./wire-token";

// Credential → actor on the wire. Keys, their generation, their account and its grants are read on every request, so that ending any
// of them holds on the next one.

export const LOGIN_TOKEN_LIFETIME_S = 12 * 3600;
const WORKLOAD_LIFETIME_S = 7 * 24 * 3600;
const WORKLOAD_GRACE = "1 hour";

/** A refused credential: the outward message is the recorded one, `reason` goes to the trail only. */
const refuse = (message: string, reason: string) => new AppError("unauthenticated", `Authentication error: ${message}`, { reason });

/** Logs in with an API key's text. Errors: unauthenticated, with the recorded server's messages. */
export async function loginWithApiKey(text: string): Promise<{ actor: Actor; token: string; nonce: string; expiresInS: number }> {
  const parsed = parseApiKey(text);
  if (!parsed) throw refuse("error decoding API key", "malformed_key");
  const { actor, generation } = await inScope([], async (tx) => {
    const row = await keyRow(tx, parsed.id);
    if (!row) throw refuse(`error retrieving API key ${parsed.id}`, "unknown_key");
    const offered = hashApiKey(parsed.key);
    const previousHolds = row.previous_hmac && row.previous_holds && sameHash(row.previous_hmac, offered);
    if (!sameHash(row.secret_hmac, offered) && !previousHolds) throw refuse(`could not verify key value for API key ${row.name}`, "wrong_key");
    const actor = await actorOfKey(tx, row);
    await tx.updateTable("api_key").set({ last_login_at: sql`clock_timestamp()` }).where("id", "=", row.id).execute();
    return { actor, generation: previousHolds ? row.generation - 1 : row.generation };
  });
  const { token, nonce } = mintLoginToken(parsed.id, generation, LOGIN_TOKEN_LIFETIME_S);
  return { actor, token, nonce, expiresInS: LOGIN_TOKEN_LIFETIME_S };
}

/** The actor of a bearer token: a login token, a workload token, or an API key itself. Errors: unauthenticated. */
export async function actorOfBearer(text: string): Promise<{ actor: Actor; nonce?: string }> {
  if (text.startsWith("ZENKEY_")) return { actor: (await loginWithApiKey(text)).actor };
  const token = readWireToken(text);
  if (!token) throw refuse("the token is not valid or has expired.", "bad_token");
  if (token.kind === "workload") return { actor: await inScope([], (tx) => actorOfWorkload(tx, token)) };
  const actor = await inScope([], async (tx) => {
    const row = await keyRow(tx, token.keyId);
    if (!row) throw refuse(`error retrieving API key ${token.keyId}`, "unknown_key");
    const retained = row.previous_holds && token.generation === row.generation - 1;
    if (token.generation !== row.generation && !retained) throw refuse(`API key ${row.name} was rotated`, "rotated_key");
    return actorOfKey(tx, row);
  });
  return { actor, nonce: token.nonce };
}

async function keyRow(tx: Tx, id: string) {
  return tx
    .selectFrom("api_key as k")
    .innerJoin("principal as p", "p.id", "k.principal_id")
    .select([
      "k.id",
      "k.name",
      "k.principal_id",
      "k.secret_hmac",
      "k.previous_hmac",
      "k.generation",
      "k.active",
      "p.name as account",
      "p.active as account_active",
    ])
    .select(sql<boolean>`k.previous_until > clock_timestamp()`.as("previous_holds"))
    .select(sql<boolean>`k.expires_at is not null and k.expires_at <= clock_timestamp()`.as("expired"))
    .where("k.id", "=", id)
    .executeTakeFirst();
}

type KeyRow = NonNullable<Awaited<ReturnType<typeof keyRow>>>;

async function actorOfKey(tx: Tx, row: KeyRow): Promise<Actor> {
  if (!row.active || row.expired)
    throw refuse(`API key ${row.name} associated with service account ${row.account} is not active`, row.expired ? "expired_key" : "inactive_key");
  if (!row.account_active) throw refuse(`service account ${row.account} associated with API key ${row.name} is not active`, "inactive_account");
  const actor = await loadActor(tx, row.principal_id, { kind: "api_key", id: row.id, label: keyLabel(row.name, row.id) });
  if (!actor) throw refuse(`service account ${row.account} associated with API key ${row.name} is not active`, "inactive_account");
  return actor;
}

async function actorOfWorkload(tx: Tx, token: { principalId: string; keyId: string | null; runId: string }): Promise<Actor> {
  if (token.keyId) {
    const key = await keyRow(tx, token.keyId);
    if (!key?.active || key.expired) throw refuse("the key that made this run is not active", "inactive_key");
  }
  // The run's workspace is not known yet, so this one look-up goes through a function that reads across workspaces.
  const { rows } = await sql<{ workspace_id: string; project_id: string; alive: boolean }>`
    select workspace_id, project_id, alive from workload_run(${token.runId}::uuid, ${WORKLOAD_GRACE}::interval)`.execute(tx);
  const run = rows[0];
  if (!run) throw refuse("the run of this token does not exist", "unknown_run");
  if (!run.alive) throw refuse("the run of this token has ended", "ended_run");
  const actor = await loadActor(
    tx,
    token.principalId,
    { kind: "workload", id: token.runId, label: `run …${token.runId.slice(-4)}` },
    { runId: token.runId, projectId: run.project_id, workspaceId: run.workspace_id },
  );
  if (!actor) throw refuse("the account of this run is not active", "inactive_account");
  return actor;
}

/** A workload token for a run that the actor may update; bound to the key that asked. */
export function mintRunToken(actor: Actor, runId: string): string {
  return mintWorkloadToken(actor.id, actor.credential.kind === "api_key" ? actor.credential.id : null, runId, WORKLOAD_LIFETIME_S);
}
