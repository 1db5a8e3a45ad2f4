import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";

/** Ends a personal token: refused from the next request on, and what it logged in as well. Errors: not_found, conflict when it has ended. */
export const revokePersonalToken = defineCommand({
  name: "personal-token.revoked",
  permission: "personal-token:revoke",
  input: z.strictObject({ tokenId: z.uuid() }),
  scope: async ({ tx, actor, input }) => {
    const token = await tx
      .selectFrom("personal_token")
      .select(["id", "name", "principal_id", "revoked_at"])
      .where("id", "=", input.tokenId)
      .where("organization_id", "=", actor.organizationId)
      .forUpdate()
      .executeTakeFirst();
    if (!token) throw new AppError("not_found", "There is no such token.");
    return { ownerId: token.principal_id, isRevoked: token.revoked_at !== null, thing: { type: "personal-token", id: token.id, name: token.name } };
  },
  run: async ({ tx, target: { thing, isRevoked } }) => {
    if (isRevoked) throw new AppError("conflict", `The token ${thing.name} was revoked already.`);
    const now = sql<string>`clock_timestamp()`;
    await tx
      .updateTable("personal_token")
      .set((eb) => ({ revoked_at: now, updated_at: now, generation: eb("generation", "+", 1) }))
      .where("id", "=", thing.id)
      .execute();
    return { result: { name: thing.name }, audit: { target: thing, before: { revoked: false }, after: { revoked: true } } };
  },
});
