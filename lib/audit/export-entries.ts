import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";

/** Notes in the trail that somebody takes a copy of it, before the copy is made. */
export const exportEntries = defineCommand({
  name: "audit-entry.exported",
  permission: "audit-entry:export",
  worksWhileViewing: true,
  input: z.strictObject({ format: z.enum(["csv", "jsonl"]), filters: z.array(z.string().max(2000)).max(20) }),
  scope: ({ workspace, actor }) => ({ workspaceId: workspace.id || null, ownerId: actor.id }),
  run: async ({ input, workspace }) => ({
    result: null,
    audit: { target: { type: "audit-entry", name: workspace.slug || "organization" }, after: { format: input.format, filters: input.filters } },
  }),
});
