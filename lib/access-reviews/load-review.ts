import "server-only";
import type { Target } from "@/lib/authz/can";
import type { Actor } from "@/lib/identity/actor";
import type { Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";

export type LoadedReview = {
  id: string;
  name: string;
  role: string | null;
  workspaceId: string | null;
  state: string;
  createdAt: string;
  dueAt: string;
};

/** A review of exactly the call's place, locked until the commit. Error: not_found. */
export async function loadReview(tx: Tx, actor: Actor, workspace: Workspace | null, reviewId: string): Promise<Target & { review: LoadedReview }> {
  const row = await tx
    .selectFrom("access_review")
    .select(["id", "name", "role", "workspace_ref as workspaceId", "state", "created_at as createdAt", "due_at as dueAt"])
    .where("id", "=", reviewId)
    .where("organization_id", "=", actor.organizationId)
    .where("workspace_ref", "is not distinct from", workspace?.id || null)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", "There is no such access review here.");
  return { workspaceId: row.workspaceId, thing: { type: "access-review", id: row.id, name: row.name }, review: row };
}

/** Refuses what only an open review takes. Errors: conflict; forbidden for who is no person. */
export function requireOpen(actor: Actor, review: LoadedReview): void {
  if (actor.kind !== "user") throw new AppError("forbidden", "A service account reviews nothing.", { reason: "not_a_person" });
  if (review.state === "open") return;
  throw new AppError("conflict", `This review was ${review.state === "signed" ? "signed off" : "cancelled"}: it is not changed any more.`, {
    fix: "Open a new one.",
  });
}
