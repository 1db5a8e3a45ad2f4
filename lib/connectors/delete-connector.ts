import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { settleLater } from "@/lib/secret-stores/copies";
import { findConnector } from "./find-connector";
import { emptyVersions } from "@/lib/secrets/empty-versions";

/**
 * Deletes a connector and destroys its main keys; the ledger stays. Errors: not_found; in_use while components are connected to it, in the recorded
 * words; invalid_input for a wrong typed name.
 */
export const deleteConnector = defineCommand({
  name: "connector.deleted",
  permission: "connector:delete",
  input: z.strictObject({ id: z.uuid(), typedName: z.string().optional() }),
  scope: ({ tx, input }) => findConnector(tx, input.id, { lock: true }),
  run: async ({ tx, actor, input, target: { connector }, now }) => {
    requireTypedName(input.typedName, connector.name);
    const { count } = await tx
      .selectFrom("component")
      .select((eb) => eb.fn.countAll<string>().as("count"))
      .where("connector_id", "=", connector.id)
      .executeTakeFirstOrThrow();
    if (Number(count) > 0)
      throw new AppError(
        "in_use",
        `Service connector with ID ${connector.id} cannot be deleted as it is still referenced by ${count} stack components. Before deleting this service connector, make sure to remove it from all stack components.`,
        { reason: "in_use" },
      );
    await tx.deleteFrom("connector").where("id", "=", connector.id).execute();
    const keys = connector.secret_id ? { id: connector.secret_id, workspace_id: connector.workspace_id } : null;
    if (keys) {
      await tx.updateTable("secret").set({ deleted_at: now, deleted_by: actor.id, updated_at: now }).where("id", "=", keys.id).execute();
      // Nothing brings a connector back, and nobody else could destroy its keys later.
      await emptyVersions(tx, "secret_version", keys.id, now);
    }
    return {
      result: null,
      queue: keys ? await settleLater(tx, keys) : [],
      audit: {
        target: { type: "connector", id: connector.id, name: connector.name },
        before: {
          name: connector.name,
          type: connector.type,
          method: connector.method,
          resourceTypes: connector.resource_types,
          resourceId: connector.resource_id,
        },
      },
    };
  },
});
