import "server-only";
import { createHash } from "node:crypto";
import { type Selectable, sql } from "kysely";
import type { Idempotency } from "@/db/types";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { prepared } from "@/lib/kernel/prepared";
import { sealBriefly, unsealBriefly } from "@/lib/kernel/seal";
import { outsideScope, type Tx } from "@/lib/kernel/transaction";

// Exactly once under retries: a write that carries an Idempotency-Key leaves its answer, sealed, for 300 s; the same call gets it again.
// Failures leave nothing, so they can be tried again.

const LIFETIME = "300 seconds";
/** A call still under way after this long (longer than any client waits) belongs to a server that died: the retry takes it over. */
const ABANDONED = "150 seconds";

/** What is noted here lives minutes: it may be lost with the host, and waits for no disk. A condition, as each note is one statement. */
const waitsForNoDisk = sql<boolean>`(select set_config('synchronous_commit', 'off', true)) is not null`;

const settle = prepared((db, status: number, sealed: Buffer, credentialId: string, key: string, attempt: string) =>
  db
    .updateTable("idempotency")
    .set({ status, sealed_answer: sealed })
    .where("credential_id", "=", credentialId)
    .where("key", "=", key)
    .where("created_at", "=", attempt)
    .where(waitsForNoDisk),
);

/**
 * Answers on their way to the database, by credential and key. The client has them by then and has no reason to repeat its call; a repetition
 * that comes all the same waits for the note. On globalThis: the web server holds this file several times.
 */
globalThis.reeveSettling ??= new Map();
const settling = globalThis.reeveSettling;

declare global {
  var reeveSettling: Map<string, Promise<void>> | undefined;
}

export type IdempotentCall = { credentialId: string; key: string; method: string; path: string; rawBody: string };
export type StoredAnswer = { status: number; body: string };

/**
 * Runs `work` once per credential and key. Errors: conflict when the key was used for another call; too_many_requests (the client
 * then retries with the same key) while the first is under way.
 */
export async function once(call: IdempotentCall, work: () => Promise<StoredAnswer>): Promise<StoredAnswer> {
  const bodyHash = createHash("sha256").update(call.rawBody).digest();
  const place = `${call.credentialId}\n${call.key}`;
  const earlier = (tx: Tx) =>
    tx.selectFrom("idempotency").selectAll().where("credential_id", "=", call.credentialId).where("key", "=", call.key).executeTakeFirst();
  const claim = async (tx: Tx) => {
    const { rows } = await sql<{ attempt: string }>`
      insert into idempotency as i (credential_id, key, method, path, body_sha256, expires_at)
      select ${call.credentialId}, ${call.key}, ${call.method}, ${call.path}, ${bodyHash}, clock_timestamp() + ${LIFETIME}::interval where ${waitsForNoDisk}
      on conflict (credential_id, key) do update
        set created_at = clock_timestamp(), expires_at = excluded.expires_at, status = null, sealed_answer = null,
            method = excluded.method, path = excluded.path, body_sha256 = excluded.body_sha256
        where i.expires_at <= clock_timestamp() or (i.status is null and i.created_at <= clock_timestamp() - ${ABANDONED}::interval
          and i.method = excluded.method and i.path = excluded.path and i.body_sha256 = excluded.body_sha256)
      returning i.created_at as attempt`.execute(tx);
    return rows[0]?.attempt;
  };
  await settling.get(place);
  // Names this attempt: one that was taken over neither settles nor forgets its successor's row.
  const attempt = await outsideScope(claim);
  if (attempt === undefined) return answerOf(await outsideScope(earlier), call, bodyHash, place);
  let answer: StoredAnswer;
  try {
    answer = await work();
  } catch (error) {
    await outsideScope((tx) =>
      tx.deleteFrom("idempotency").where("credential_id", "=", call.credentialId).where("key", "=", call.key).where("created_at", "=", attempt).execute(),
    );
    throw error;
  }
  const sealed = sealBriefly("idempotency", place, answer.body);
  const settled = outsideScope((tx) => settle(tx, answer.status, sealed, call.credentialId, call.key, attempt))
    .then(() => undefined)
    .catch((error: unknown) => log.warn("an answer could not be kept for its repetition", { error }))
    .finally(() => settling.delete(place));
  settling.set(place, settled);
  return answer;
}

/** What the same call was answered before. Errors as of `once`. */
function answerOf(earlier: Selectable<Idempotency> | undefined, call: IdempotentCall, bodyHash: Buffer, place: string): StoredAnswer {
  if (!earlier) throw new AppError("too_many_requests", "The same call has just failed.");
  if (earlier.method !== call.method || earlier.path !== call.path || !earlier.body_sha256.equals(bodyHash))
    throw new AppError("conflict", "This Idempotency-Key was used for another call.", { fix: "Send a fresh key.", reason: "idempotency_mismatch" });
  if (earlier.status === null || !earlier.sealed_answer) throw new AppError("too_many_requests", "The same call is still under way.");
  return { status: earlier.status, body: unsealBriefly("idempotency", place, earlier.sealed_answer) };
}
