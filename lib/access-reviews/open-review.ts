import "server-only";
import { z } from "zod";
import { roleNamed } from "@/lib/access/role-named";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { nameField } from "@/lib/kernel/form-fields";
import { newId } from "@/lib/kernel/id";
import { freezeGrants } from "./freeze-grants";

/** The most that people can decide in one review; more is several. */
const MOST = 5_000;

/**
 * Opens a review of a workspace (the call's), of a role, or of a role in a workspace, and makes its list. Without either it is of the roles on
 * the whole organization. Errors: invalid_input, conflict when nobody holds anything there, too_large, forbidden for who is no person.
 */
export const openReview = defineCommand({
  name: "access-review.opened",
  permission: "access-review:create",
  input: z.strictObject({
    name: nameField,
    role: z.union([z.string().regex(/^[a-z][a-z0-9-]{1,62}$/, { error: "There is no such role." }), z.literal("")]).optional(),
    dueAt: z.iso.datetime({ offset: true, error: "Choose a day." }),
    note: z.string().trim().max(500, { error: "At most 500 characters." }).default(""),
  }),
  scope: ({ workspace }) => ({ workspaceId: workspace.id || null }),
  run: async ({ tx, actor, input, workspace, now }) => {
    if (actor.kind !== "user") throw new AppError("forbidden", "A service account reviews nothing.", { reason: "not_a_person" });
    if (Date.parse(input.dueAt) <= Date.parse(now))
      throw new AppError("invalid_input", "The day has passed already.", { fields: { dueAt: "Choose a later day." } });
    const role = input.role ? (await roleNamed(tx, actor.organizationId, input.role)).id : null;
    const review = { id: newId(), workspaceId: workspace.id || null, role };
    await tx
      .insertInto("access_review")
      .values({
        id: review.id,
        organization_id: actor.organizationId,
        workspace_ref: review.workspaceId,
        role,
        name: input.name,
        note: input.note,
        due_at: input.dueAt,
        created_by: actor.id,
        created_at: now,
      })
      .execute();
    const grants = await freezeGrants(tx, review, actor.organizationId);
    if (grants === 0) throw new AppError("conflict", "Nobody holds such a role here: there is nothing to review.", { fix: "Choose another role." });
    if (grants > MOST)
      throw new AppError("too_large", `These are ${grants} grants; a review has at most ${MOST}.`, { fix: "Review one role, or one workspace, at a time." });
    return {
      result: { id: review.id, name: input.name },
      audit: {
        target: { type: "access-review", id: review.id, name: input.name },
        after: { role, workspaceId: review.workspaceId, dueAt: input.dueAt, grants },
        reason: input.note || undefined,
      },
    };
  },
});
