import "server-only";
import { z } from "zod";
import { reasonField } from "@/lib/access/access-input";
import { keepASystemAdmin } from "@/lib/access/keep-a-system-admin";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { endAccess } from "./end-access";
import { loadPerson } from "./person";

// A System Admin ends a person's account here; a directory does it in lib/directories. What ends with it: end-access.ts.

/** Errors: not_found, conflict when not active or oneself, forbidden when nobody would be System Admin. */
export const deactivatePerson = defineCommand({
  name: "user.deactivated",
  permission: "user:deactivate",
  input: z.strictObject({ principalId: z.uuid(), reason: reasonField }),
  scope: ({ tx, actor, input }) => loadPerson(tx, actor, input.principalId),
  run: async ({ tx, actor, input, target: { person } }) => {
    if (person.id === actor.id) throw new AppError("conflict", "Nobody deactivates their own account.", { fix: "Ask another System Admin." });
    if (!person.active) throw new AppError("conflict", `${person.name} is not active.`);
    const ended = await endAccess(tx, person.id, "person", actor.id);
    await keepASystemAdmin(tx, actor.organizationId);
    return {
      result: { id: person.id, name: person.name, ...ended },
      audit: {
        target: { type: "user", id: person.id, name: person.name },
        before: { active: true },
        after: { active: false, ended },
        reason: input.reason || undefined,
      },
    };
  },
});
