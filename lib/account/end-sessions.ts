import "server-only";
import { z } from "zod";
import { endPasswordLogins } from "@/lib/identity/end-command-lines";
import { endSession } from "@/lib/identity/session";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";

// A person ends their own sessions: one that they don't know, or all but the one they sit at. Refused on the next request.

/** Ends one session. Error: not_found, also for one that has ended. */
export const endOneSession = defineCommand({
  name: "session.revoked",
  permission: "session:revoke",
  input: z.strictObject({ sessionId: z.uuid() }),
  scope: async ({ tx, actor, input }) => {
    const session = await tx
      .selectFrom("session as s")
      .innerJoin("principal as p", "p.id", "s.principal_id")
      .select(["s.id", "s.principal_id", "s.address", "p.name", "p.full_name"])
      .where("s.id", "=", input.sessionId)
      .where("p.organization_id", "=", actor.organizationId)
      .executeTakeFirst();
    if (!session) throw new AppError("not_found", "This session has ended already.");
    return { ownerId: session.principal_id, address: session.address, thing: { type: "session", id: session.id, name: session.full_name || session.name } };
  },
  run: async ({ tx, target }) => {
    await endSession(tx, target.thing.id);
    return { result: null, audit: { target: target.thing, before: { address: target.address } } };
  },
});

/** Ends all of one's own sessions but this one, and what one's password opened on command lines. */
export const endOtherSessions = defineCommand({
  name: "session.others-ended",
  permission: "session:revoke",
  input: z.strictObject({}),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor }) => {
    const own = actor.credential.kind === "session" ? actor.credential.id : "00000000-0000-0000-0000-000000000000";
    const { numDeletedRows } = await tx.deleteFrom("session").where("principal_id", "=", actor.id).where("id", "<>", own).executeTakeFirst();
    await endPasswordLogins(tx, actor.id);
    const ended = Number(numDeletedRows);
    return { result: { ended }, audit: { target: { type: "session", id: own, name: actor.fullName || actor.name }, after: { ended } } };
  },
});
