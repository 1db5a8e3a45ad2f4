import "server-only";
import type { Adapter, AdapterUser } from "next-auth/adapters";
import { execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { RequestContext } from "@/lib/kernel/request";
import { inScope } from "@/lib/kernel/transaction";
import { endOwnSession } from "./end-own-session";
import { actorOfToken, liveSession } from "./session";
import { openSession } from "./start-session";

// The session library's store, on our rows: the same sessions, checks and audited commands that the rest of the product uses.
// Accounts are made by set-up, invitations and directories, never by a sign-in.

type User = { id: string; email: string | null; full_name: string; name: string };

const asUser = (row: User): AdapterUser => ({ id: row.id, email: row.email ?? "", emailVerified: null, name: row.full_name || row.name });

/** The adapter for one request: what it writes carries the request's facts. */
export function sessionAdapter(request: RequestContext): Adapter {
  return {
    getUser: async (id) => {
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
    },
    getSessionAndUser: async (token) => {
      const row = await inScope([], (tx) => liveSession(tx, token));
      if (!row) return null;
      const user = asUser({ ...row, id: row.principal_id });
      return { session: { sessionToken: token, userId: user.id, expires: new Date(row.expires_at) }, user };
    },
    createSession: async ({ sessionToken, userId }) => {
      const { token, expiresAt } = await openSession(userId, "single sign-on", request, undefined, sessionToken);
      return { sessionToken: token, userId, expires: new Date(expiresAt) };
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
