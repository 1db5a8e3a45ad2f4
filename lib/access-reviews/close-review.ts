import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { reasonField } from "@/lib/access/access-input";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { digestOf, type SealedItem } from "./digest";
import { loadReview, requireOpen } from "./load-review";
import { HOLDS, MEMBERS } from "./reviewed";

// The two ends of a review: signed off when everything is decided, or cancelled. Neither is ever changed again; the database holds to it.

/** Gives the digest of the decided list. Errors: not_found, conflict while rows are undecided or when it is closed. */
export const signOffReview = defineCommand({
  name: "access-review.signed-off",
  permission: "access-review:sign-off",
  input: z.strictObject({ reviewId: z.uuid(), comment: reasonField }),
  scope: ({ tx, actor, input, workspace }) => loadReview(tx, actor, workspace, input.reviewId),
  run: async ({ tx, actor, input, target: { review, thing } }) => {
    requireOpen(actor, review);
    // What ended meanwhile is settled, whatever was noted of it before.
    await sql`update access_review_item i set decision = 'ended', reason = null, decided_by = null, decided_by_name = null, decided_at = clock_timestamp()
      where i.review_id = ${review.id} and i.decision is distinct from 'revoke' and not ${HOLDS}`.execute(tx);
    const items = await sealedItems(tx, review.id);
    const undecided = items.filter((item) => item.decision === null).length;
    if (undecided > 0)
      throw new AppError("conflict", `${undecided} of ${items.length} rows are not decided yet.`, {
        fix: "Decide each of them. Somebody else decides on your own access.",
      });
    const digest = digestOf(items as SealedItem[]);
    await tx
      .updateTable("access_review")
      .set({ state: "signed", closed_by: actor.id, closed_at: sql<string>`clock_timestamp()`, comment: input.comment || null, digest })
      .where("id", "=", review.id)
      .execute();
    const count = (decision: string) => items.filter((item) => item.decision === decision).length;
    return {
      result: { id: review.id, name: review.name, digest },
      audit: {
        target: thing ?? { type: "access-review" },
        before: { state: "open" },
        after: { state: "signed", keep: count("keep"), revoke: count("revoke"), ended: count("ended"), digest },
        reason: input.comment || undefined,
      },
    };
  },
});

/** Ends a review that nobody needs; what was revoked in it stays revoked. Errors: not_found, conflict when it is closed, invalid_input without a reason. */
export const cancelReview = defineCommand({
  name: "access-review.cancelled",
  permission: "access-review:create",
  input: z.strictObject({ reviewId: z.uuid(), comment: reasonField }),
  scope: ({ tx, actor, input, workspace }) => loadReview(tx, actor, workspace, input.reviewId),
  run: async ({ tx, actor, input, target: { review, thing } }) => {
    requireOpen(actor, review);
    if (!input.comment) throw new AppError("invalid_input", "Say why.", { fields: { comment: "Say why it is not finished." } });
    await tx
      .updateTable("access_review")
      .set({ state: "cancelled", closed_by: actor.id, closed_at: sql<string>`clock_timestamp()`, comment: input.comment })
      .where("id", "=", review.id)
      .execute();
    return {
      result: { id: review.id, name: review.name },
      audit: { target: thing ?? { type: "access-review" }, before: { state: "open" }, after: { state: "cancelled" }, reason: input.comment },
    };
  },
});

async function sealedItems(tx: Tx, reviewId: string): Promise<(Omit<SealedItem, "decision"> & { decision: string | null })[]> {
  const { rows } = await sql<Omit<SealedItem, "decision"> & { decision: string | null }>`
    select i.who, ${MEMBERS} as members, i.role, coalesce(i.thing_type || ' ' || i.thing_name, i.scope_kind) as scope, i.workspace, i.project, i.source, i.through, i.since, i.decision, i.reason,
      i.decided_by_name as "decidedBy"
    from access_review_item i where i.review_id = ${reviewId}`.execute(tx);
  return rows;
}
