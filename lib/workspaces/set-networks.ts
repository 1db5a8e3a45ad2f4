import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { loadWorkspace } from "./load-workspace";
import { networkList } from "./network-list";

/**
 * Says which networks beyond public addresses the workspace's connectors and stores may reach. A System Admin's: who looks after a
 * workspace must not open the installation's own network. Errors: not_found, invalid_input.
 */
export const setNetworks = defineCommand({
  name: "workspace.networks-set",
  permission: "policy:update",
  input: z.strictObject({ id: z.uuid(), allowNetworks: networkList }),
  scope: ({ tx, actor, input }) => loadWorkspace(tx, actor, input.id),
  run: async ({ tx, input: { allowNetworks }, target: { one } }) => {
    const result = { id: one.id, allowNetworks };
    if (JSON.stringify(one.allowNetworks) === JSON.stringify(allowNetworks)) return { result, audit: UNCHANGED };
    await tx.updateTable("workspace").set({ allow_networks: allowNetworks, updated_at: sql<string>`clock_timestamp()` }).where("id", "=", one.id).execute();
    return {
      result,
      audit: {
        target: { type: "workspace", id: one.id, name: one.slug },
        before: { allowNetworks: one.allowNetworks },
        after: { allowNetworks },
      },
    };
  },
});
