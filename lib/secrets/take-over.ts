import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { readCopy } from "@/lib/secret-stores/copies";
import { commitmentOf } from "./envelope";
import { lockSecret } from "./find-secret";
import { requireKind } from "./kinds";
import { secretValues } from "./schema";
import { placeOf, writeVersion } from "./versions";

/**
 * Makes a new version of what lies in the outside store in the place of the one that holds, where somebody changed it there: until then it is given out to
 * nobody. Errors: not_found; conflict where nothing was changed, or the values lie in Reeve's own store; invalid_input for what no secret holds; unavailable.
 */
export const takeOver = defineCommand({
  name: "secret.taken-over",
  permission: "secret:update",
  input: z.strictObject({ id: z.uuid() }),
  scope: ({ tx, actor, input }) => lockSecret(tx, actor, input.id),
  run: async ({ tx, actor, target: { secret }, request, now }) => {
    const place = placeOf(secret);
    const { store_id, store_copy, commitment, destroyed_at } = await tx
      .selectFrom("secret_version")
      .select(["store_id", "store_copy", "commitment", "destroyed_at"])
      .where("secret_id", "=", secret.id)
      .where("version", "=", secret.version)
      .executeTakeFirstOrThrow();
    if (!store_id || !store_copy || destroyed_at) throw nothing("The values of this secret lie in no outside store.");
    const found = secretValues.safeParse(await readCopy(tx, { storeId: store_id, copy: store_copy }, place));
    if (!found.success) throw new AppError("invalid_input", `What lies in the store is none of Reeve’s secrets: ${found.error.issues[0]?.message ?? ""}`);
    const values = found.data;
    if (commitment.equals(await commitmentOf(tx, secret.workspace_id, values)))
      throw nothing("What lies in the store is what was written by Reeve: there is nothing to take over.");
    requireKind(secret.kind, values);
    const version = secret.version + 1;
    const keys = Object.keys(values);
    await tx.updateTable("secret").set({ version, key_names: keys, rotated_at: now, updated_at: now }).where("id", "=", secret.id).execute();
    const written = { organizationId: actor.organizationId, values, createdBy: actor.id, requestId: request.requestId };
    await writeVersion(tx, placeOf(secret, version), written);
    return {
      result: { id: secret.id, version },
      audit: {
        target: { type: "secret", id: secret.id, name: secret.name },
        before: { version: secret.version, keys: secret.key_names },
        after: { version, keys, takenOverFrom: secret.version },
      },
    };
  },
});

const nothing = (message: string) => new AppError("conflict", message, { reason: "not_changed_outside" });
