import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { reasonField } from "@/lib/access/access-input";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { loadWorkspace } from "./load-workspace";

// Suspending and restoring. A suspended workspace answers nothing on the next request, on every surface: pages say since when and by whom,
// clients get "no such workspace", its service accounts don't load (lib/identity/actor.ts).

const input = z.strictObject({ id: z.uuid(), reason: reasonField });

async function setState(tx: Tx, id: string, state: string, actorId: string): Promise<void> {
  const now = sql<string>`clock_timestamp()`;
  await tx.updateTable("workspace").set({ state, state_changed_at: now, state_changed_by: actorId, updated_at: now }).where("id", "=", id).execute();
}

/** Errors: not_found, conflict when it is suspended already. */
export const suspendWorkspace = defineCommand({
  name: "workspace.suspended",
  permission: "workspace:suspend",
  input,
  scope: ({ tx, actor, input }) => loadWorkspace(tx, actor, input.id),
  run: async ({ tx, actor, input, target: { one } }) => {
    if (one.state !== "active") throw new AppError("conflict", `${one.slug} is suspended already.`);
    await setState(tx, one.id, "suspended", actor.id);
    return {
      result: { id: one.id, slug: one.slug },
      audit: {
        target: { type: "workspace", id: one.id, name: one.slug },
        before: { state: "active" },
        after: { state: "suspended" },
        reason: input.reason || undefined,
      },
    };
  },
});

/** Errors: not_found, conflict when it is active. */
export const restoreWorkspace = defineCommand({
  name: "workspace.restored",
  permission: "workspace:restore",
  input,
  scope: ({ tx, actor, input }) => loadWorkspace(tx, actor, input.id),
  run: async ({ tx, actor, input, target: { one } }) => {
    if (one.state === "active") throw new AppError("conflict", `${one.slug} is active.`);
    await setState(tx, one.id, "active", actor.id);
    return {
      result: { id: one.id, slug: one.slug },
      audit: {
        target: { type: "workspace", id: one.id, name: one.slug },
        before: { state: one.state },
        after: { state: "active" },
        reason: input.reason || undefined,
      },
    };
  },
});
