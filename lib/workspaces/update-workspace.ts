import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { WIRE_ROLES } from "./schema";
import { loadWorkspace } from "./load-workspace";

/** Changes what people read of a workspace, and the days of grace for a leaver's keys, and what clients' accounts start with. Its slug, the URL, never changes. Error: not_found. */
export const updateWorkspace = defineCommand({
  name: "workspace.updated",
  permission: "workspace:update",
  input: z.strictObject({
    id: z.uuid(),
    displayName: z.string().trim().min(1, { error: "The name is missing." }).max(100, { error: "The name may have at most 100 characters." }),
    description: z.string().trim().max(500, { error: "The description may have at most 500 characters." }).default(""),
    graceDays: z.coerce.number().int().min(0).max(90, { error: "At most 90 days." }).optional(),
    wireRole: z.enum(WIRE_ROLES, { error: "Choose one of the roles." }).optional(),
  }),
  scope: ({ tx, actor, input }) => loadWorkspace(tx, actor, input.id),
  run: async ({ tx, input, target: { one } }) => {
    const graceDays = input.graceDays ?? one.graceDays;
    const wireRole = input.wireRole ?? one.wireRole;
    await tx
      .updateTable("workspace")
      .set({
        display_name: input.displayName,
        description: input.description,
        leaver_grace_days: graceDays,
        wire_role: wireRole,
        updated_at: sql<string>`clock_timestamp()`,
      })
      .where("id", "=", one.id)
      .execute();
    return {
      result: { id: one.id, slug: one.slug },
      audit: {
        target: { type: "workspace", id: one.id, name: one.slug },
        before: { displayName: one.displayName, description: one.description, graceDays: one.graceDays, wireRole: one.wireRole },
        after: { displayName: input.displayName, description: input.description, graceDays, wireRole },
      },
    };
  },
});
