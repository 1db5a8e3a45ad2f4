import "server-only";
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { AppError } from "@/lib/kernel/errors";
import { prepared } from "@/lib/kernel/prepared";
import { seal, unseal } from "@/lib/kernel/seal";
import { inScope, type Tx } from "@/lib/kernel/transaction";

// Exactly once under retries: a write that carries an Idempotency-Key leaves its answer, sealed, for 300 s; the same call gets it again.
// Failures leave nothing, so they can be tried again.

const LIFETIME = "300 seconds";
/** A call still under way after this long (longer than any client waits) belongs to a server that died: the retry takes it over. */
const ABANDONED = "150 seconds";

/** What is noted here lives minutes: it may be lost with the host, and waits for no disk. */
const inNote = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => inScope([], work, { isLasting: false });

const settle = prepared((db, status: number, sealed: Buffer, credentialId: string, key: string, attempt: string) =>
  db
    .updateTable("idempotency")
    .set({ status, sealed_answer: sealed })
    .where("credential_id", "=", credentialId)
    .where("key", "=", key)
    .where("created_at", "=", attempt),
);

export type IdempotentCall = { credentialId: string; key: string; method: string; path: string; rawBody: string };
export type StoredAnswer = { status: number; body: string };

/**
 * Runs `work` once per credential and key. Errors: conflict when the key was used for another call; too_many_requests (the client
 * then retries with the same key) while the first is under way; sealed without a master key.
 */
export async function once(call: IdempotentCall, work: () => Promise<StoredAnswer>): Promise<StoredAnswer> {
  const bodyHash = createHash("sha256").update(call.rawBody).digest();
  const place = `${call.credentialId}\n${call.key}`;
  // Names this attempt: one that was taken over neither settles nor forgets its successor's row.
  let attempt = "";
  const earlier = await inNote(async (tx) => {
    const mine = await sql<{ attempt: string }>`
      insert into idempotency as i (credential_id, key, method, path, body_sha256, expires_at)
      values (${call.credentialId}, ${call.key}, ${call.method}, ${call.path}, ${bodyHash}, clock_timestamp() + ${LIFETIME}::interval)
      on conflict (credential_id, key) do update
        set created_at = clock_timestamp(), expires_at = excluded.expires_at, status = null, sealed_answer = null,
            method = excluded.method, path = excluded.path, body_sha256 = excluded.body_sha256
        where i.expires_at <= clock_timestamp() or (i.status is null and i.created_at <= clock_timestamp() - ${ABANDONED}::interval
          and i.method = excluded.method and i.path = excluded.path and i.body_sha256 = excluded.body_sha256)
      returning i.created_at as attempt`.execute(tx);
    if (mine.rows[0]) {
      attempt = mine.rows[0].attempt;
      return undefined;
    }
    return tx.selectFrom("idempotency").selectAll().where("credential_id", "=", call.credentialId).where("key", "=", call.key).executeTakeFirst();
  });
  if (earlier) {
    if (earlier.method !== call.method || earlier.path !== call.path || !earlier.body_sha256.equals(bodyHash))
      throw new AppError("conflict", "This Idempotency-Key was used for another call.", { fix: "Send a fresh key.", reason: "idempotency_mismatch" });
    if (earlier.status === null || !earlier.sealed_answer) throw new AppError("too_many_requests", "The same call is still under way.");
    return { status: earlier.status, body: unseal("idempotency", place, earlier.sealed_answer) };
  }
  let answer: StoredAnswer;
  try {
    answer = await work();
  } catch (error) {
    await inNote((tx) =>
      tx.deleteFrom("idempotency").where("credential_id", "=", call.credentialId).where("key", "=", call.key).where("created_at", "=", attempt).execute(),
    );
    throw error;
  }
  const sealed = seal("idempotency", place, answer.body);
  await inNote((tx) => settle(tx, answer.status, sealed, call.credentialId, call.key, attempt));
  return answer;
}
