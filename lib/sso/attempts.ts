import "server-only";
import { sql } from "kysely";
import { tokenHash } from "@/lib/identity/session";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { RequestContext } from "@/lib/kernel/request";
import { outsideScope, type Tx } from "@/lib/kernel/transaction";
import type { AttemptMode, AttemptStep, Refusal } from "./schema";

// Each attempt to sign in: what it waits for, its steps, and how it ended. Kept for 30 days; without tokens, signatures and secrets.

export type Attempt = { id: string; connectionId: string; organizationId: string; mode: AttemptMode; startedBy: string | null; requestId: string | null };
export type Opened = {
  connectionId: string;
  organizationId: string;
  mode: AttemptMode;
  startedBy: string | null;
  relay: string | null;
  requestId: string | null;
};

/** How long a sign-in may take at the identity provider, in seconds. */
export const SIGN_IN_LIFETIME_S = 600;
const MAX_DETAIL = 300;
/** From one address: offices share theirs. */
const MOST_A_MINUTE = 300;
const COLUMNS = ["id", "connection_id", "organization_id", "mode", "started_by", "request_id"] as const;
const asAttempt = (row: {
  id: string;
  connection_id: string;
  organization_id: string;
  mode: string;
  started_by: string | null;
  request_id: string | null;
}): Attempt => ({
  id: row.id,
  connectionId: row.connection_id,
  organizationId: row.organization_id,
  mode: row.mode as AttemptMode,
  startedBy: row.started_by,
  requestId: row.request_id,
});

/** Notes that somebody was sent to an identity provider, or came from one unasked. Error: too_many_requests. */
export async function openAttempt(opened: Opened, request: RequestContext): Promise<Attempt> {
  const { rows } = await outsideScope((tx) =>
    sql`select 1 from sso_attempt where at > clock_timestamp() - interval '1 minute' and address is not distinct from ${request.address} limit ${MOST_A_MINUTE}`.execute(
      tx,
    ),
  );
  if (rows.length === MOST_A_MINUTE) throw new AppError("too_many_requests", "Too many sign-ins were tried from this address.", { fix: "Wait a minute." });
  const row = await outsideScope((tx) =>
    tx
      .insertInto("sso_attempt")
      .values({
        id: newId(),
        connection_id: opened.connectionId,
        organization_id: opened.organizationId,
        mode: opened.mode,
        started_by: opened.startedBy,
        relay_sha256: opened.relay === null ? null : tokenHash(opened.relay),
        request_id: opened.requestId,
        address: request.address,
        user_agent: request.userAgent,
        request_ref: request.requestId,
        version: sql<number>`(select version from sso_connection where id = ${opened.connectionId})`,
      })
      .returning(COLUMNS)
      .executeTakeFirstOrThrow(),
  );
  return asAttempt(row);
}

/** Takes the open attempt that waits for this relay state, once; it waits for ten minutes. `connectionId` null: of any connection. */
export async function takeAttempt(relay: string, connectionId: string | null): Promise<Attempt | undefined> {
  const row = await outsideScope((tx) =>
    tx
      .updateTable("sso_attempt")
      .set({ relay_sha256: null })
      .where("relay_sha256", "=", tokenHash(relay))
      .where("outcome", "=", "open")
      .where(sql<boolean>`at > clock_timestamp() - make_interval(secs => ${SIGN_IN_LIFETIME_S})`)
      .$if(connectionId !== null, (query) => query.where("connection_id", "=", connectionId))
      .returning(COLUMNS)
      .executeTakeFirst(),
  );
  return row && asAttempt(row);
}

/** Ties the code that the session library will exchange to its attempt, with what the provider said. False when another answer was first. */
export async function bindCode(attemptId: string, code: string, said: unknown): Promise<boolean> {
  const done = await outsideScope((tx) =>
    tx
      .updateTable("sso_attempt")
      .set({ code_sha256: tokenHash(code), result: JSON.stringify({ said }) })
      .where("id", "=", attemptId)
      .where("outcome", "=", "open")
      .where("code_sha256", "is", null)
      .executeTakeFirst(),
  );
  return done.numUpdatedRows === 1n;
}

/** The attempt of a code, whatever became of it. */
export function attemptOfCode(code: string) {
  return outsideScope((tx) =>
    tx
      .selectFrom("sso_attempt")
      .select([...COLUMNS, "result", "session_id"])
      .where("code_sha256", "=", tokenHash(code))
      .executeTakeFirst()
      .then((row) => row && { ...asAttempt(row), result: row.result, sessionId: row.session_id }),
  );
}

/** Takes the exchange of an attempt's code, once. False for whoever comes second. */
export async function takeExchange(attemptId: string): Promise<boolean> {
  const taken = await outsideScope((tx) =>
    tx
      .updateTable("sso_attempt")
      .set({ exchanged_at: sql<string>`clock_timestamp()` })
      .where("id", "=", attemptId)
      .where("outcome", "=", "open")
      .where("exchanged_at", "is", null)
      .executeTakeFirst(),
  );
  return taken.numUpdatedRows === 1n;
}

/** Adds a step to an attempt. `detail` is cut; it is never a token. */
export async function noteStep(attemptId: string, step: string, ok: boolean, detail?: string): Promise<void> {
  const noted: AttemptStep = { at: new Date().toISOString(), step, ok, ...(detail ? { detail: detail.slice(0, MAX_DETAIL) } : {}) };
  await outsideScope((tx) =>
    tx
      .updateTable("sso_attempt")
      .set({ steps: sql`steps || ${JSON.stringify([noted])}::jsonb` })
      .where("id", "=", attemptId)
      .execute(),
  );
}

/** Keeps what the provider answered to a test, without secrets (answer-text.ts). Of sign-ins nothing is kept. */
export async function keepAnswer({ id, mode }: Pick<Attempt, "id" | "mode">, text: () => string | undefined): Promise<void> {
  if (mode !== "test") return;
  const answer = text();
  if (answer !== undefined) await outsideScope((tx) => tx.updateTable("sso_attempt").set({ answer }).where("id", "=", id).execute());
}

type Ended = {
  outcome: "signed_in" | "tested" | "linked" | "refused";
  refusal?: Refusal;
  principalId?: string | null;
  sessionId?: string;
  email?: string | null;
  result?: unknown;
};

/** Ends an attempt; the first end counts. */
export async function endAttempt(tx: Tx, attemptId: string, ended: Ended): Promise<boolean> {
  const done = await tx
    .updateTable("sso_attempt")
    .set({
      outcome: ended.outcome,
      refusal: ended.refusal ?? null,
      principal_id: ended.principalId ?? null,
      session_id: ended.sessionId ?? null,
      email: ended.email ?? null,
      result: ended.result === undefined ? null : JSON.stringify(ended.result),
      ended_at: sql<string>`clock_timestamp()`,
    })
    .where("id", "=", attemptId)
    .where("outcome", "=", "open")
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** The page of an attempt, for who tests connections. */
export async function attemptPage({ id, connectionId }: Pick<Attempt, "id" | "connectionId">): Promise<string> {
  const { slug } = await outsideScope((tx) => tx.selectFrom("sso_connection").select("slug").where("id", "=", connectionId).executeTakeFirstOrThrow());
  return `/settings/sso/${slug}/attempts/${id}`;
}
