import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { booleanField, descriptionField } from "@/lib/kernel/form-fields";
import { accountName } from "./create-service-account";
import { lockedAccount } from "./find-service-account";

// Renames, describes, deactivates and restores a service account. An account that is not active is refused on the next request.

/** Changes what is given. Errors: not_found, conflict for a taken name. */
export const updateServiceAccount = defineCommand({
  name: "service-account.updated",
  permission: "service-account:update",
  input: z.strictObject({
    account: z.string(),
    name: accountName.nullish(),
    fullName: z.string().trim().max(100).nullish(),
    description: descriptionField.nullish(),
    active: booleanField.nullish(),
  }),
  scope: ({ tx, workspace, input }) => lockedAccount(tx, workspace, input.account),
  run: async ({ tx, input, target: { account }, now }) => {
    const before = { name: account.name, fullName: account.full_name, description: account.description, active: account.active };
    const after = {
      name: input.name ?? before.name,
      fullName: input.fullName ?? before.fullName,
      description: input.description ?? before.description,
      active: input.active ?? before.active,
    };
    const result = { id: account.id, name: after.name };
    if (JSON.stringify(before) === JSON.stringify(after)) return { result, audit: UNCHANGED };
    if (after.name.toLowerCase() !== before.name.toLowerCase()) {
      const taken = await tx
        .selectFrom("principal")
        .select("id")
        .where("organization_id", "=", account.organization_id)
        .where(sql<boolean>`home_workspace_id is not distinct from ${account.home_workspace_id}::uuid`)
        .where(sql<boolean>`lower(name) = lower(${after.name})`)
        .where("deleted_at", "is", null)
        .executeTakeFirst();
      if (taken)
        throw new AppError("conflict", `There is an account named ${after.name} already.`, {
          fix: "Choose another name.",
          fields: { name: "This name is taken." },
        });
    }
    const ended = { ended_by: after.active ? null : "person", ended_at: after.active ? null : now };
    await tx
      .updateTable("principal")
      .set({ name: after.name, full_name: after.fullName, description: after.description, active: after.active, updated_at: now })
      .$if(after.active !== before.active, (query) => query.set({ ...ended, epoch: sql`epoch + 1` }))
      .where("id", "=", account.id)
      .execute();
    const action = after.active === before.active ? undefined : after.active ? "service-account.restored" : "service-account.deactivated";
    return { result, audit: { action, target: { type: "service-account", id: account.id, name: after.name }, before, after } };
  },
});
