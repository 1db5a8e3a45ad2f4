import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { reasonField } from "@/lib/access/access-input";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { loadWorkspace } from "./load-workspace";
import { WORKSPACE_REMOVAL_TOPIC } from "./remove-rows";

// Deletes a workspace. Access ends in the transaction: its address names nothing, its grants and service accounts have ended. Its rows go in
// the background; what the audit trail says of it, and its name, stay for good.

/** Errors: not_found, invalid_input when the typed name is another. */
export const deleteWorkspace = defineCommand({
  name: "workspace.deleted",
  permission: "workspace:delete",
  input: z.strictObject({ id: z.uuid(), name: z.string().max(100), reason: reasonField }),
  scope: ({ tx, actor, input }) => loadWorkspace(tx, actor, input.id),
  run: async ({ tx, actor, input, target: { one }, request }) => {
    if (input.name !== one.slug) {
      const message = `Type ${one.slug} to delete it.`;
      throw new AppError("invalid_input", message, { fields: { name: message } });
    }
    const now = sql<string>`clock_timestamp()`;
    await tx
      .updateTable("workspace")
      .set({ state: "deleted", state_changed_at: now, state_changed_by: actor.id, updated_at: now })
      .where("id", "=", one.id)
      .execute();
    const grants = await tx
      .updateTable("role_grant")
      .set({ valid_to: now, ended_by: "person", closed_request_id: request.requestId })
      .where("workspace_ref", "=", one.id)
      .where(sql<boolean>`(valid_to is null or valid_to > clock_timestamp())`)
      .executeTakeFirst();
    // What would open them again.
    await tx
      .updateTable("team_grant")
      .set({ valid_to: now, ended_by: "person", closed_request_id: request.requestId })
      .where("workspace_ref", "=", one.id)
      .where(sql<boolean>`(valid_to is null or valid_to > clock_timestamp())`)
      .execute();
    await tx.updateTable("group_rule").set({ ended_at: now }).where("workspace_ref", "=", one.id).where("ended_at", "is", null).execute();
    const accounts = await tx
      .updateTable("principal")
      .set({ active: false, ended_by: "person", ended_at: now, updated_at: now })
      .where("home_workspace_id", "=", one.id)
      .where("active", "=", true)
      .executeTakeFirst();
    await tx
      .updateTable("invitation")
      .set({ revoked_at: now })
      .where("workspace_ref", "=", one.id)
      .where("accepted_at", "is", null)
      .where("revoked_at", "is", null)
      .execute();
    await tx
      .updateTable("access_request")
      .set({ state: "withdrawn", decided_at: now })
      .where("workspace_ref", "=", one.id)
      .where("state", "=", "open")
      .execute();
    return {
      result: { id: one.id, slug: one.slug },
      queue: [{ topic: WORKSPACE_REMOVAL_TOPIC, payload: { workspaceId: one.id } }],
      audit: {
        target: { type: "workspace", id: one.id, name: one.slug },
        before: { state: one.state },
        after: { state: "deleted", ended: { grants: Number(grants.numUpdatedRows), serviceAccounts: Number(accounts.numUpdatedRows) } },
        reason: input.reason || undefined,
      },
    };
  },
});
