import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { booleanField } from "@/lib/kernel/form-fields";
import { defineQuery } from "@/lib/kernel/query";

// The workspace's policy that no long-lived key leaves: connectors without short-lived credentials then serve Reeve alone.

/** Whether main keys may leave. */
export const getKeysPolicy = defineQuery({
  name: "connector.policy",
  permission: "connector:read",
  input: z.strictObject({}),
  run: async ({ tx, workspace }): Promise<{ longLivedKeysLeave: boolean }> => {
    const row = await tx
      .selectFrom("workspace")
      .select("long_lived_keys_leave")
      .where("id", "=", workspace?.id ?? "")
      .executeTakeFirstOrThrow();
    return { longLivedKeysLeave: row.long_lived_keys_leave };
  },
});

/** Allows or forbids it. */
export const setKeysPolicy = defineCommand({
  name: "workspace.keys-policy-set",
  permission: "workspace:update",
  input: z.strictObject({ longLivedKeysLeave: booleanField }),
  scope: ({ workspace }) => ({ workspaceId: workspace.id, thing: { type: "workspace", id: workspace.id, name: workspace.slug } }),
  run: async ({ tx, input: { longLivedKeysLeave }, workspace }) => {
    const before = await tx.selectFrom("workspace").select("long_lived_keys_leave").where("id", "=", workspace.id).forUpdate().executeTakeFirstOrThrow();
    await tx.updateTable("workspace").set({ long_lived_keys_leave: longLivedKeysLeave }).where("id", "=", workspace.id).execute();
    return {
      result: null,
      audit: {
        target: { type: "workspace", id: workspace.id, name: workspace.slug },
        before: { longLivedKeysLeave: before.long_lived_keys_leave },
        after: { longLivedKeysLeave },
      },
    };
  },
});
