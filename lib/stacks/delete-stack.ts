import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { closeBindings } from "@/lib/secrets/bindings";
import { currentParts, lockStack, requireChangeable } from "./find-stack";
import { partNames } from "./stack-parts";

/**
 * Deletes a stack; its components stay, and so do runs and snapshots, which then name no stack (as on the recorded server). The entry
 * says how many they were. Errors: not_found, forbidden for `default`.
 */
export const deleteStack = defineCommand({
  name: "stack.deleted",
  permission: "stack:delete",
  input: z.strictObject({ id: z.uuid(), typedName: z.string().optional() }),
  scope: ({ tx, input }) => lockStack(tx, input.id),
  run: async ({ tx, actor, input, target: { stack }, request, now }) => {
    requireChangeable(stack, "deleted");
    requireTypedName(input.typedName, stack.name);
    const parts = await currentParts(tx, stack.id);
    const { rows } = await sql<{ runs: number; snapshots: number }>`
      select (select count(*)::int from run where stack_id = ${stack.id}) as runs, (select count(*)::int from snapshot where stack_id = ${stack.id}) as snapshots`.execute(
      tx,
    );
    const unbound = await closeBindings(tx, { targetId: stack.id }, { actorId: actor.id, requestId: request.requestId, now });
    await tx.deleteFrom("stack").where("id", "=", stack.id).execute();
    return {
      result: null,
      audit: [
        {
          target: { type: "stack", id: stack.id, name: stack.name },
          before: {
            name: stack.name,
            description: stack.description,
            components: partNames(parts),
            runs: rows[0]?.runs ?? 0,
            snapshots: rows[0]?.snapshots ?? 0,
          },
        },
        ...unbound,
      ],
    };
  },
});
