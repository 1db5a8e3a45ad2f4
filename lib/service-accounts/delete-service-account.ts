import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { lockedAccount } from "./find-service-account";

// Deletes a service account: its keys go, its grants end, its name is free again. The row stays for the name on its runs and in the trail.

/** Deletes it. `typedName` is what a person typed to confirm; clients that ask on their own terminal leave it out. Errors: not_found, invalid_input. */
export const deleteServiceAccount = defineCommand({
  name: "service-account.deleted",
  permission: "service-account:delete",
  input: z.strictObject({ account: z.string(), typedName: z.string().optional() }),
  scope: ({ tx, workspace, input }) => lockedAccount(tx, workspace, input.account),
  run: async ({ tx, input, target: { account }, now, request }) => {
    requireTypedName(input.typedName, account.name);
    const keys = await tx.deleteFrom("api_key").where("principal_id", "=", account.id).returning("name").execute();
    const grants = await tx
      .updateTable("role_grant")
      .set({ valid_to: now, ended_by: "person", closed_request_id: request.requestId })
      .where("principal_id", "=", account.id)
      .where((eb) => eb.or([eb("valid_to", "is", null), eb("valid_to", ">", now)]))
      .returning("role")
      .execute();
    await tx
      .updateTable("principal")
      .set({ active: false, ended_by: "person", ended_at: now, deleted_at: now, updated_at: now, epoch: sql`epoch + 1` })
      .where("id", "=", account.id)
      .execute();
    return {
      result: null,
      audit: {
        target: { type: "service-account", id: account.id, name: account.name },
        before: { name: account.name, keyNames: keys.map((key) => key.name), roles: grants.map((grant) => grant.role), active: account.active },
      },
    };
  },
});
