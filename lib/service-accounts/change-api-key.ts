import "server-only";
import { z } from "zod";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { booleanField, descriptionField } from "@/lib/kernel/form-fields";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { keyName } from "./create-api-key";
import { lockedKey } from "./find-service-account";

// Renames, describes, stops, starts and deletes a key. One that is stopped or deleted is refused on the next request.

/** Changes what is given. Errors: not_found, conflict for a taken name. */
export const updateApiKey = defineCommand({
  name: "api-key.updated",
  permission: "api-key:update",
  input: z.strictObject({
    account: z.string(),
    key: z.string(),
    name: keyName.nullish(),
    description: descriptionField.nullish(),
    active: booleanField.nullish(),
  }),
  scope: ({ tx, workspace, input }) => lockedKey(tx, workspace, input.account, input.key),
  run: async ({ tx, input, target: { account, key }, now }) => {
    const before = { name: key.name, description: key.description, active: key.active };
    const after = { name: input.name ?? before.name, description: input.description ?? before.description, active: input.active ?? before.active };
    if (JSON.stringify(before) === JSON.stringify(after)) return { result: key.id, audit: UNCHANGED };
    const taken = await tx
      .selectFrom("api_key")
      .select("id")
      .where("principal_id", "=", account.id)
      .where("name", "=", after.name)
      .where("id", "<>", key.id)
      .executeTakeFirst();
    if (taken)
      throw new AppError("conflict", `${account.name} has a key named ${after.name} already.`, {
        fix: "Choose another name.",
        fields: { name: "This name is taken." },
      });
    await tx
      .updateTable("api_key")
      .set({ ...after, updated_at: now })
      .where("id", "=", key.id)
      .execute();
    const action = after.active === before.active ? undefined : after.active ? "api-key.restored" : "api-key.deactivated";
    return { result: key.id, audit: { action, target: { type: "api-key", id: key.id, name: `${account.name}/${after.name}` }, before, after } };
  },
});

/** Deletes a key. `typedName` is what a person typed to confirm. Errors: not_found, invalid_input. */
export const deleteApiKey = defineCommand({
  name: "api-key.deleted",
  permission: "api-key:delete",
  input: z.strictObject({ account: z.string(), key: z.string(), typedName: z.string().optional() }),
  scope: ({ tx, workspace, input }) => lockedKey(tx, workspace, input.account, input.key),
  run: async ({ tx, input, target: { account, key } }) => {
    requireTypedName(input.typedName, key.name);
    await tx.deleteFrom("api_key").where("id", "=", key.id).execute();
    return {
      result: null,
      audit: {
        target: { type: "api-key", id: key.id, name: `${account.name}/${key.name}` },
        before: { name: key.name, serviceAccount: account.name, active: key.active, scopes: key.scopes, generation: key.generation },
      },
    };
  },
});
