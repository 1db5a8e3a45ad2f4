import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { wholeField } from "@/lib/kernel/form-fields";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { settleLater } from "@/lib/secret-stores/copies";
import { emptyEarlier } from "./empty-versions";
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
    const keys = await emptyEarlier(tx, "secret_version", secret, version, now);
    return {
      result: null,
      audit: {
        target: { type: "secret", id: secret.id, name: secret.name, projectId: secret.project_id },
        before: { version, keys, values: "set" },
        after: { version, keys, values: "destroyed" },
      },
      queue: await settleLater(tx, secret),
    };
  },
});
