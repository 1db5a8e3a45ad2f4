import "server-only";
import { sql } from "kysely";
import { AppError } from "@/lib/kernel/errors";
import type { RequestContext } from "@/lib/kernel/request";
import { outsideScope, type Tx } from "@/lib/kernel/transaction";
import { type Actor, actorOf, loadActor } from "./actor";
import { parseApiKey } from "./api-key";
import type { HeldCredential } from "./held-credential";
import { holdApiKey, holdApiKeyText } from "./hold-api-key";
import { holdDevice } from "./hold-device";
import { holdPassword } from "./hold-password";
import { holdPersonalToken, holdPersonalTokenText } from "./hold-personal-token";
import { isPersonalToken, parsePersonalToken } from "./personal-token";
import { refuseCredential as refuse } from "./refused-credential";
import { type LoginKind, mintLoginToken, mintWorkloadToken, readWireToken, type TokenCredential, type WorkloadToken } from "./wire-token";

// Credential → actor on the wire. A token names a credential of one of four kinds; that credential, its generation, its account and its
// grants are read on every request, so that ending any of them holds on the next one.

export const LOGIN_TOKEN_LIFETIME_S = 12 * 3600;
const WORKLOAD_LIFETIME_S = 7 * 24 * 3600;
const WORKLOAD_GRACE = "1 hour";

const HOLD: Record<LoginKind, (tx: Tx, id: string) => Promise<HeldCredential>> = {
  api_key: holdApiKey,
  device: holdDevice,
  personal_token: holdPersonalToken,
  password: holdPassword,
};

export type Login = { actor: Actor; token: string; nonce: string; expiresInS: number };

/** Logs in with the text of an API key or a personal token. Errors: unauthenticated, with the recorded server's messages. */
export async function loginWithKey(text: string, request: RequestContext): Promise<Login> {
  const key = parseKeyText(text);
  return loginAs(await outsideScope((tx) => actorOfKeyText(tx, key, request)), LOGIN_TOKEN_LIFETIME_S);
}

/** A login token for an actor whose credential is of one of the four kinds. Error: forbidden for any other. */
export function loginAs(actor: Actor, lifetimeS: number): Login {
  const { token, nonce } = mintLoginToken(loginCredential(actor), lifetimeS);
  return { actor, token, nonce, expiresInS: lifetimeS };
}

/**
 * The actor of a bearer token: a login token, a workload token, an API key or a personal token itself. `tx` is where it is read; it sees no
 * workspace's rows. Errors: unauthenticated.
 */
export async function actorOfBearer(tx: Tx, text: string, request: RequestContext): Promise<{ actor: Actor; nonce?: string }> {
  if (text.startsWith("ZENKEY_") || isPersonalToken(text)) return { actor: await actorOfKeyText(tx, parseKeyText(text), request) };
  const token = readWireToken(text);
  if (!token) throw refuse("the token is not valid or has expired.", "bad_token");
  if (token.type === "workload") return { actor: await actorOfWorkload(tx, token) };
  const actor = await actorOfCredential(tx, token.credential, request);
  return { actor: { ...actor, credential: { ...actor.credential, expiresAt: token.expiresAt } }, nonce: token.nonce };
}

/** The actor of a credential that was proved before, read again. Errors: unauthenticated; forbidden for a kind that makes no tokens. */
export async function actorOfCredential(
  tx: Tx,
  { kind, id, generation }: { kind: string; id: string; generation: number },
  request: RequestContext,
): Promise<Actor> {
  if (!isLoginKind(kind)) throw new AppError("forbidden", "This credential makes no tokens.", { reason: "workload_renewal" });
  const held = await HOLD[kind](tx, id);
  const isPrevious = Boolean(held.previousHolds) && generation === held.generation - 1;
  if (generation !== held.generation && !isPrevious) throw held.outdated();
  return actorOfHeld(tx, held, request, isPrevious);
}

/** Who a credential acts as; notes its use. Errors: unauthenticated. */
export async function actorOfHeld(tx: Tx, held: HeldCredential, request: RequestContext, isPrevious = false): Promise<Actor> {
  const credential = { ...held.credential, generation: isPrevious ? held.generation - 1 : held.generation };
  if (!held.actor) throw held.inactiveAccount();
  await held.noteUse?.(tx, request, isPrevious);
  return actorOf(held.actor, credential, { limits: held.limits });
}

type KeyText =
  | { kind: "api_key"; text: NonNullable<ReturnType<typeof parseApiKey>> }
  | { kind: "personal_token"; text: NonNullable<ReturnType<typeof parsePersonalToken>> };

/** Reads a key's text, without the database (KEY-1). Error: unauthenticated when it is malformed or its checksum is wrong. */
function parseKeyText(text: string): KeyText {
  const personal = isPersonalToken(text) ? parsePersonalToken(text) : undefined;
  if (personal) return { kind: "personal_token", text: personal };
  const key = parseApiKey(text);
  if (!key) throw refuse("error decoding API key", "malformed_key");
  return { kind: "api_key", text: key };
}

async function actorOfKeyText(tx: Tx, key: KeyText, request: RequestContext): Promise<Actor> {
  const { held, isPrevious } =
    key.kind === "api_key" ? await holdApiKeyText(tx, key.text) : { held: await holdPersonalTokenText(tx, key.text), isPrevious: false };
  return actorOfHeld(tx, held, request, isPrevious);
}

/**
 * A run's token holds while the credential that asked for it is not taken back; limits of that credential bind it too. A password is
 * taken back by a new generation alone; keys, devices and personal tokens have a state of their own, and their rotation or new login
 * doesn't stop runs.
 */
async function actorOfWorkload(tx: Tx, token: WorkloadToken): Promise<Actor> {
  const asked = token.credential;
  const held = asked && (asked.kind === "device" ? await holdDevice(tx, asked.id, { isForRun: true }) : await HOLD[asked.kind](tx, asked.id));
  if (held && asked.kind === "password" && asked.generation !== held.generation) throw held.outdated();
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
    { workload: { runId: token.runId, projectId: run.project_id, workspaceId: run.workspace_id }, limits: held?.limits },
  );
  if (!actor) throw refuse("the account of this run is not active", "inactive_account");
  return actor;
}

const isLoginKind = (kind: string): kind is LoginKind => Object.hasOwn(HOLD, kind);

function loginCredential(actor: Actor): TokenCredential {
  const { kind, id, generation = 0 } = actor.credential;
  if (!isLoginKind(kind)) throw new AppError("forbidden", "This credential makes no tokens.", { reason: "workload_renewal" });
  return { kind, id, generation };
}

/** A workload token for a run that the actor may update; bound to the credential that asked. */
export function mintRunToken(actor: Actor, runId: string): string {
  return mintWorkloadToken(actor.id, loginCredential(actor), runId, WORKLOAD_LIFETIME_S);
}
