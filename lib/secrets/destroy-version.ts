import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { wholeField } from "@/lib/kernel/form-fields";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { settleLater } from "@/lib/secret-stores/copies";
import { lockSecret } from "./find-secret";

/**
 * Destroys the values of one earlier version for good; that it was there, with its keys and uses, stays. Errors: not_found, conflict for the version that holds and for
 * one that was destroyed already, invalid_input for a wrong typed name.
 */
export const destroyVersion = defineCommand({
  name: "secret.version-destroyed",
  permission: "secret:delete",
  input: z.strictObject({ id: z.uuid(), version: wholeField, typedName: z.string() }),
  scope: ({ tx, actor, input }) => lockSecret(tx, actor, input.id),
  run: async ({ tx, input: { version, typedName }, target: { secret }, now }) => {
    requireTypedName(typedName, secret.name);
    if (version === secret.version)
      throw new AppError("conflict", `Version ${version} is the one that holds.`, { fix: "Rotate the secret first, or delete it.", reason: "is_current" });
    const row = await tx
      .selectFrom("secret_version")
      .select(["destroyed_at", "key_names"])
      .where("secret_id", "=", secret.id)
      .where("version", "=", version)
      .executeTakeFirst();
    if (!row) throw new AppError("not_found", `There is no version ${version} of this secret.`);
    if (row.destroyed_at) throw new AppError("conflict", `Version ${version} was destroyed already.`, { reason: "version_destroyed" });
    await tx
      .updateTable("secret_version")
      .set({ sealed: null, wrapped_key: null, master_key_id: null, destroyed_at: now })
      .where("secret_id", "=", secret.id)
      .where("version", "=", version)
      .execute();
    return {
      result: null,
      audit: {
        target: { type: "secret", id: secret.id, name: secret.name, projectId: secret.project_id },
        before: { version, keys: row.key_names, values: "set" },
        after: { version, keys: row.key_names, values: "destroyed" },
      },
      queue: await settleLater(tx, secret),
    };
  },
});
