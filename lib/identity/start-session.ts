import "server-only";
import { z } from "zod";
import { defineCommand, execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { RequestContext } from "@/lib/kernel/request";
import { inScope } from "@/lib/kernel/transaction";
import { loadActor } from "./actor";
import { createSession, liveSession, newSession, newSessionToken } from "./session";

// Opens a session for somebody who has just proved who they are. The session that the browser had before ends in the same
// transaction: a cookie from before the sign-in is worth nothing after it.

/** By which connection somebody signed in; `endsAt`: the session ends then at the latest, when the identity provider says so. */
const signedOnField = z.strictObject({ connectionId: z.uuid(), subject: z.string(), sessionIndex: z.string().nullable(), endsAt: z.string().nullable() });
export type SignedOnBy = z.output<typeof signedOnField>;

/** The actor's credential is the session to be: its id is made beforehand. */
export const startSession = defineCommand({
  name: "session.started",
  permission: "session:create",
  input: z.strictObject({ token: z.string().length(43), replacedToken: z.string().optional(), signedOn: signedOnField.optional() }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, input, request }) => {
    const replaced = input.replacedToken ? await liveSession(tx, input.replacedToken) : undefined;
    if (replaced) await tx.deleteFrom("session").where("id", "=", replaced.id).execute();
    const { id } = actor.credential;
    const { expiresAt } = await createSession(tx, actor.id, request, { id, token: input.token, signedOn: input.signedOn });
    const by = input.signedOn ? { connection: input.signedOn.connectionId } : {};
    const started = { target: { type: "session", id, name: actor.fullName || actor.name }, after: { endsAt: expiresAt, ...by } };
    const ended = replaced && {
      action: "session.ended",
      target: { type: "session", id: replaced.id, name: replaced.full_name || replaced.name },
      reason: "replaced_by_sign_in",
    };
    return { result: { expiresAt }, audit: ended ? [ended, started] : [started] };
  },
});

export type StartedSession = { id: string; token: string; expiresAt: string };
type SessionOptions = { replacedToken?: string; token?: string; signedOn?: SignedOnBy };

/** Opens a session for a principal and gives what the cookie needs. Error: unauthenticated when the account is not active. */
export async function openSession(
  principalId: string,
  label: string,
  request: RequestContext,
  { token = newSessionToken(), ...options }: SessionOptions = {},
): Promise<StartedSession> {
  const { id } = newSession();
  const actor = await inScope([], (tx) => loadActor(tx, principalId, { kind: "session", id, label }));
  if (!actor) throw new AppError("unauthenticated", "This account is no longer active.", { fix: "Ask your administrator." });
  const { expiresAt } = await execute(startSession, { actor, request, workspace: null }, { token, ...options });
  return { id, token, expiresAt };
}
