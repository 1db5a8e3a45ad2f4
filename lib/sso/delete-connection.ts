import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { keepAWayIn } from "@/lib/access/keep-a-system-admin";
import { applyRules } from "@/lib/group-rules/apply-rules";
import { defineCommand } from "@/lib/kernel/command";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { effectFacts } from "@/lib/teams/apply-teams";
import { requireNothingEnforced } from "./change-connection";
import { loadConnection } from "./load-connection";

/**
 * Deletes a connection: its domains are free, who signed in through it is out, and what its groups gave ends. Accounts stay.
 * Errors: not_found, invalid_input, conflict while a domain is enforced, forbidden for the last System Admin.
 */
export const deleteConnection = defineCommand({
  name: "sso-connection.deleted",
  permission: "sso-connection:delete",
  input: z.strictObject({ connectionId: z.uuid(), typedName: z.string().optional() }),
  scope: ({ tx, actor, input }) => loadConnection(tx, actor, input.connectionId),
  run: async ({ tx, actor, request, input, target: { connection } }) => {
    requireTypedName(input.typedName, connection.name);
    await requireNothingEnforced(tx, connection);
    const now = sql<string>`clock_timestamp()`;
    const sessions = await tx.deleteFrom("session").where("sso_connection_id", "=", connection.id).executeTakeFirst();
    const domains = await tx.deleteFrom("sso_domain").where("connection_id", "=", connection.id).returning("domain").execute();
    await keepAWayIn(tx, actor.organizationId, () => tx.deleteFrom("sso_identity").where("connection_id", "=", connection.id).execute());
    const people = await tx
      .updateTable("directory_user")
      .set({ active: false, deleted_at: now, updated_at: now })
      .where("directory_id", "=", connection.directoryId)
      .where("deleted_at", "is", null)
      .returning("principal_id")
      .execute();
    await tx
      .updateTable("directory_group")
      .set({ deleted_at: now, updated_at: now })
      .where("directory_id", "=", connection.directoryId)
      .where("deleted_at", "is", null)
      .execute();
    const effect = await applyRules(tx, { actor, request }, { principalIds: people.map((row) => row.principal_id) });
    await tx.updateTable("directory").set({ active: false, updated_at: now }).where("id", "=", connection.directoryId).execute();
    await tx.updateTable("sso_connection").set({ deleted_at: now, state: "off", secret_sealed: null }).where("id", "=", connection.id).execute();
    return {
      result: { id: connection.id, name: connection.name },
      audit: {
        target: { type: "sso-connection", id: connection.id, name: connection.name },
        before: { slug: connection.slug, domains: domains.map((row) => row.domain) },
        after: { deleted: true, sessionsEnded: Number(sessions.numDeletedRows), ...effectFacts(effect) },
      },
    };
  },
});
