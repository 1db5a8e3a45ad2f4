import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { endCommandLines } from "@/lib/identity/end-command-lines";
import { defineCommand } from "@/lib/kernel/command";
import { loadPerson } from "./person";

/** Ends every session and password login of a person and locks their devices: signing in again is possible. Error: not_found. */
export const endSessionsOf = defineCommand({
  name: "user.sessions-ended",
  permission: "user:end-sessions",
  input: z.strictObject({ principalId: z.uuid() }),
  scope: ({ tx, actor, input }) => loadPerson(tx, actor, input.principalId),
  run: async ({ tx, actor, target: { person } }) => {
    const sessions = await tx
      .deleteFrom("session")
      .where("principal_id", "=", person.id)
      .where(sql<boolean>`id::text <> ${actor.credential.id}`)
      .executeTakeFirst();
    const devices = await endCommandLines(tx, person.id, actor.id);
    const ended = { sessions: Number(sessions.numDeletedRows), devices };
    return {
      result: { id: person.id, name: person.name, ...ended },
      audit: { target: { type: "user", id: person.id, name: person.name }, after: { ended } },
    };
  },
});
