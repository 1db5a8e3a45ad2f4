import "server-only";
import type { Adapter, AdapterUser } from "next-auth/adapters";
import { execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { RequestContext } from "@/lib/kernel/request";
import { inScope } from "@/lib/kernel/transaction";
import type { SignOn } from "./auth-options";
import { endOwnSession } from "./end-own-session";
import { actorOfToken, liveSession } from "./session";
import { openSession } from "./start-session";

// The session library's store, on our rows: the same sessions, checks and audited commands that the rest of the product uses.
// Accounts and their links are made before it is asked, in a transaction of ours; it never makes one.

type User = { id: string; email: string | null; full_name: string; name: string };

const asUser = (row: User): AdapterUser => ({ id: row.id, email: row.email ?? "", emailVerified: null, name: row.full_name || row.name });

/** The adapter for one request: what it writes carries the request's facts. */
export function sessionAdapter(request: RequestContext, signOn?: SignOn): Adapter {
  const getUser = async (id: string) => {
    const row = await inScope([], (tx) =>
      tx
        .selectFrom("principal")
        .select(["id", "email", "full_name", "name"])
        .where("id", "=", id)
        .where("kind", "=", "user")
        .where("active", "=", true)
        .executeTakeFirst(),
    );
    return row ? asUser(row) : null;
  };
  return {
    getUser,
    getUserByAccount: async () => {
      const ending = signOn?.ending();
      return ending && "principalId" in ending ? getUser(ending.principalId) : null;
    },
    getSessionAndUser: async (token) => {
      // A new sign-in opens a session of its own, whoever was signed in before.
      if (signOn?.ending()) return null;
      const row = await inScope([], (tx) => liveSession(tx, token));
      if (!row) return null;
      const user = asUser({ ...row, id: row.principal_id });
      return { session: { sessionToken: token, userId: user.id, expires: new Date(row.expires_at) }, user };
    },
    createSession: async ({ sessionToken, userId }) => {
      const ending = signOn?.ending();
      if (!signOn || !ending || !("signedOn" in ending)) throw new AppError("internal", "A session was asked for without a sign-in.");
      const { replacedToken } = signOn;
      const session = await openSession(userId, "single sign-on", request, { token: sessionToken, replacedToken, signedOn: ending.signedOn });
      await signOn.onSession(session);
      return { sessionToken: session.token, userId, expires: new Date(session.expiresAt) };
    },
    // A session ends seven days after sign-in whatever happens, so there is nothing to prolong.
    updateSession: () => null,
    deleteSession: async (token) => {
      const actor = await actorOfToken(token);
      if (actor) await execute(endOwnSession, { actor, request, workspace: null }, {});
    },
    createUser: () => {
      throw new AppError("not_implemented", "A sign-in never makes an account.", { fix: "Ask your administrator for one." });
    },
  };
}
