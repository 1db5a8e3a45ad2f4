import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { wholeField } from "@/lib/kernel/form-fields";
import { lockSecret } from "./find-secret";
import { placeOf, readVersion, writeVersion } from "./versions";

/**
 * Writes the values of an earlier version as a new one: what was there before stays recorded. Errors: not_found, conflict for the version
 * that holds already and for one that was destroyed, sealed.
 */
export const restoreVersion = defineCommand({
  name: "secret.version-restored",
  permission: "secret:update",
  input: z.strictObject({ id: z.uuid(), version: wholeField }),
  scope: ({ tx, actor, input }) => lockSecret(tx, actor, input.id),
  run: async ({ tx, actor, input, target: { secret }, request, now }) => {
    if (input.version === secret.version) throw new AppError("conflict", `Version ${secret.version} is the one that holds.`, { reason: "is_current" });
    const organizationId = actor.organizationId;
    const values = await readVersion(tx, organizationId, placeOf(secret, input.version));
    const version = secret.version + 1;
    const keys = Object.keys(values);
    await tx.updateTable("secret").set({ version, key_names: keys, rotated_at: now, updated_at: now }).where("id", "=", secret.id).execute();
    const written = { organizationId, values, createdBy: actor.id, requestId: request.requestId, restoredFrom: input.version };
    await writeVersion(tx, placeOf(secret, version), written);
    return {
      result: { id: secret.id, version },
      audit: {
        target: { type: "secret", id: secret.id, name: secret.name },
        before: { version: secret.version, keys: secret.key_names },
        after: { version, keys, restoredFrom: input.version },
      },
    };
  },
});
