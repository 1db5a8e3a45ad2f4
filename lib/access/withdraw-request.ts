import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { loadOpenRequest } from "./open-request";

/** Takes one's own open request back. Errors: not_found, forbidden for somebody else's. */
export const withdrawRequest = defineCommand({
  name: "access-request.withdrawn",
  permission: "session:create",
  input: z.strictObject({ requestId: z.uuid() }),
  scope: async ({ tx, actor, input, workspace }) => {
    const asked = await loadOpenRequest(tx, actor, workspace, input.requestId);
    return { ownerId: asked.principalId, asked };
  },
  run: async ({ tx, target: { asked } }) => {
    await tx.updateTable("access_request").set({ state: "withdrawn", decided_at: sql<string>`clock_timestamp()` }).where("id", "=", asked.id).execute();
    return {
      result: { id: asked.id },
      audit: {
        target: { type: "access-request", id: asked.id, name: asked.role.title, projectId: asked.scope.projectId },
        before: { state: "open" },
        after: { state: "withdrawn" },
      },
    };
  },
});
