import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { type Expression, type Kysely, sql } from "kysely";
import type { DB } from "@/db/types";
import { environment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { prepared } from "@/lib/kernel/prepared";
import type { RequestContext } from "@/lib/kernel/request";
import { outsideScope, type Tx } from "@/lib/kernel/transaction";
import { type View, viewWords } from "@/lib/authz/view";
import { type Actor, actorJson, actorOf } from "./actor";

// Browser sessions: one row each, found by the SHA-256 of a random token that only the cookie holds. Checked against the database on
// every request, so that an ended session, account or grant holds on the next one.

/** A session ends this long after sign-in, whatever happens. */
export const SESSION_HOURS = 7 * 24;
/** A session that nobody used for this long has ended. */
export const SESSION_IDLE_HOURS = 24;
const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** What we need of a cookie jar: the framework's `cookies()` is one, `cookiesOf` makes one of a request's headers. */
export type CookieStore = { get(name: string): { value: string } | undefined };

/** The session cookie: name and attributes. On https the `__Host-` prefix makes browsers refuse a weaker one. */
export function sessionCookie() {
  const secure = environment().isSecure;
  return {
    name: secure ? "__Host-reeve.session" : "reeve.session",
    options: { httpOnly: true, secure, sameSite: "lax", path: "/" } as const,
  };
}

/** The session token that the request's cookie carries, if it has the right form. */
export function sessionToken(cookies: CookieStore): string | undefined {
  const token = cookies.get(sessionCookie().name)?.value;
  return token && TOKEN.test(token) ? token : undefined;
}

/** The cookies of a request's headers, values as sent; the first one where a name comes twice. */
export function cookiesOf(headers: Headers): CookieStore {
  const jar = new Map<string, string>();
  for (const part of headers.get("cookie")?.split(";") ?? []) {
    const at = part.indexOf("=");
    const name = part.slice(0, at).trim();
    if (at > 0 && !jar.has(name)) jar.set(name, part.slice(at + 1).trim());
  }
  return { get: (name) => (jar.has(name) ? { value: jar.get(name) as string } : undefined) };
}

/** What is stored of a token. */
export const tokenHash = (token: string): Buffer => createHash("sha256").update(token).digest();

/** A new session token: 256 random bits. */
export const newSessionToken = (): string => randomBytes(TOKEN_BYTES).toString("base64url");

/**
 * The actor of the request's session cookie, with the grants that hold now; undefined when there is no valid session. Not a use: a
 * check that goes on without the person, such as a stream's, and that must not keep an idle session alive.
 */
export async function sessionActor(cookies: CookieStore, options: { isUse: boolean } = { isUse: true }): Promise<Actor | undefined> {
  const token = sessionToken(cookies);
  return token === undefined ? undefined : actorOfToken(token, options);
}

/** The actor of a session token; undefined when it is unknown, expired, idle for too long, or its account is not active. */
export function actorOfToken(token: string, { isUse }: { isUse: boolean } = { isUse: true }): Promise<Actor | undefined> {
  return outsideScope(async (tx) => {
    const [session] = await readSession(tx, tokenHash(token));
    if (!session?.actor) return undefined;
    if (isUse && session.is_stale) await touch(tx, session.id);
    const { view } = session;
    // The trail names both: who it is, and as what they look.
    const label = view ? `browser session, viewing as ${viewWords(view)}` : "browser session";
    return actorOf(session.actor, { kind: "session", id: session.id, label }, view ? { view } : {});
  });
}

/** Session and actor in one statement: every page begins with it. */
const readSession = prepared((db, hash: Buffer) => sessions(db, hash).select([actorJson(sql.ref("s.principal_id")).as("actor"), viewJson.as("view")]));

/** As what the session looks at the console, while it does. The rights of the organization's own roles are today's. */
const viewJson = sql<View | null>`case when s.view_until > now() then jsonb_build_object('role', s.view_role, 'workspaceId', s.view_workspace_ref,
  'projectId', s.view_project_ref, 'until', s.view_until, 'place', s.view_place,
  'rights', (select c.rights from custom_role_revision c where c.organization_id = p.organization_id and c.role = s.view_role and c.valid_to is null)) end`;

/** The valid session row of a token. `is_stale`: its last use was noted over a minute ago. */
export const liveSession = (tx: Tx, token: string) => sessions(tx, tokenHash(token)).executeTakeFirst();

function sessions(db: Kysely<DB>, hash: Buffer | Expression<Buffer>) {
  return db
    .selectFrom("session as s")
    .innerJoin("principal as p", "p.id", "s.principal_id")
    .select(["s.id", "s.principal_id", "s.expires_at", "p.name", "p.full_name", "p.email"])
    .select(sql<boolean>`s.last_seen_at < now() - interval '1 minute'`.as("is_stale"))
    .where("s.token_sha256", "=", hash)
    .where("p.active", "=", true)
    .where(sql<boolean>`s.expires_at > now()`)
    .where(sql<boolean>`s.last_seen_at > now() - make_interval(hours => ${SESSION_IDLE_HOURS})`);
}

/** Notes the use of a session; requests of the same session that come at once don't wait for each other. */
async function touch(tx: Tx, sessionId: string): Promise<void> {
  await sql`with stale as (select id, principal_id from session where id = ${sessionId} and last_seen_at < now() - interval '1 minute' for update skip locked)
    update session s set last_seen_at = now() from stale where s.id = stale.id`.execute(tx);
}

/** What a session is made with before its row exists: the id that the audit trail names, and the token that only the cookie will hold. */
export const newSession = () => ({ id: newId(), token: newSessionToken() });

type SignedOn = { connectionId: string; subject: string; sessionIndex: string | null; endsAt: string | null };

/** Inserts a session for a principal; gives when it ends. */
export async function createSession(
  tx: Tx,
  principalId: string,
  request: Pick<RequestContext, "address" | "userAgent">,
  session: { id: string; token: string; kind?: "sign_in" | "emergency"; hours?: number; signedOn?: SignedOn },
): Promise<{ expiresAt: string }> {
  const row = await tx
    .insertInto("session")
    .values({
      id: session.id,
      principal_id: principalId,
      token_sha256: tokenHash(session.token),
      address: request.address,
      user_agent: request.userAgent,
      kind: session.kind ?? "sign_in",
      expires_at: sql<string>`least(now() + make_interval(hours => ${session.hours ?? SESSION_HOURS}), ${session.signedOn?.endsAt ?? null}::timestamptz)`,
      sso_connection_id: session.signedOn?.connectionId ?? null,
      sso_subject: session.signedOn?.subject ?? null,
      sso_index: session.signedOn?.sessionIndex ?? null,
    })
    .returning("expires_at")
    .executeTakeFirstOrThrow();
  await tx.updateTable("principal").set({ last_seen_at: sql<string>`now()` }).where("id", "=", principalId).execute();
  return { expiresAt: row.expires_at };
}

/** Deletes a session: its cookie is worth nothing on the next request. False when there was none. */
export async function endSession(tx: Tx, sessionId: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom("session").where("id", "=", sessionId).executeTakeFirst();
  return numDeletedRows > 0n;
}
