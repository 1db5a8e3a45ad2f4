import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { loadPerson } from "./person";

/** Makes a deactivated account active again, with the grants that have not ended meanwhile; nothing else comes back. Errors: not_found, conflict. */
export const restorePerson = defineCommand({
  name: "user.restored",
  permission: "user:deactivate",
  input: z.strictObject({ principalId: z.uuid() }),
  scope: ({ tx, actor, input }) => loadPerson(tx, actor, input.principalId),
  run: async ({ tx, target: { person } }) => {
    if (person.active) throw new AppError("conflict", `${person.name} is active.`);
    await tx
      .updateTable("principal")
      .set({ active: true, ended_by: null, ended_at: null, updated_at: sql<string>`clock_timestamp()` })
      .where("id", "=", person.id)
      .execute();
    return {
      result: { id: person.id, name: person.name },
      audit: { target: { type: "user", id: person.id, name: person.name }, before: { active: false }, after: { active: true } },
    };
  },
});
