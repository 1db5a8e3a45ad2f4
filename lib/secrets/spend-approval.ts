import "server-only";
import { can } from "@/lib/authz/can";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { type SecretRow, thingTarget } from "./find-secret";
import { APPROVAL_MINUTES } from "./reveal-schema";

export type Spent = { id: string; reason: string; approvedBy: string };

/**
 * Spends the approval of a second person: it holds once, for minutes, for who asked, for the values that held when it was given, and as long as who
 * gave it may reveal the secret. Error: forbidden.
 */
export async function spendApproval(tx: Tx, actor: Actor, secret: SecretRow, now: string): Promise<Spent> {
  const found = await tx
    .selectFrom("reveal_request")
    .select(["id", "reason", "decided_by", "decided_at"])
    .where("secret_id", "=", secret.id)
    .where("principal_id", "=", actor.id)
    .where("state", "=", "approved")
    .forUpdate()
    .executeTakeFirst();
  const isOver = !found?.decided_at || Date.parse(now) - Date.parse(found.decided_at) > APPROVAL_MINUTES * 60_000;
  if (!found || isOver)
    throw new AppError("forbidden", found ? "The approval has ended." : "A reveal needs a second person in this workspace.", {
      fix: "Ask with a reason: somebody else who may reveal this secret decides.",
      reason: found ? "approval_ended" : "needs_second_person",
    });
  if (Date.parse(secret.rotated_at) > Date.parse(found.decided_at as string))
    throw new AppError("forbidden", "The values were changed since it was approved.", {
      fix: "Ask again: it was approved for the values before.",
      reason: "approval_ended",
    });
  const id = found.decided_by as string;
  const second = await loadActor(tx, id, { kind: "session", id, label: "approval of a reveal" });
  if (!second || !can(second, "secret:read-value", thingTarget(secret)).allowed)
    throw new AppError("forbidden", "Who approved it may no longer reveal this secret.", {
      fix: "Ask again: somebody else decides.",
      reason: "approver_lost_access",
    });
  await tx.updateTable("reveal_request").set({ state: "used", used_at: now }).where("id", "=", found.id).execute();
  return { id: found.id, reason: found.reason, approvedBy: second.fullName || second.name };
}
