import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { endOneGrant, findEndable } from "@/lib/access/end-one-grant";
import { reasonField } from "@/lib/access/access-input";
import { isGivenDirectly } from "@/lib/access/schema";
import { membersOf } from "@/lib/access/team-grants";
import type { AuditDraft } from "@/lib/audit/record";
import { can } from "@/lib/authz/can";
import { type Actor, displayName } from "@/lib/identity/actor";
import { defineCommand, type RunArguments, type Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { listField } from "@/lib/kernel/form-fields";
import type { Tx } from "@/lib/kernel/transaction";
import { loadReview, requireOpen } from "./load-review";
import { HOLDS } from "./reviewed";
import { directoryWords } from "./schema";

// Decides rows of a review, all or none of those that were named. Keeping is a note; revoking ends the grant in the same transaction, through
// the same rules as anywhere else, and can't be taken back here.

export type Item = {
  id: string;
  grant_id: string;
  subject_kind: string;
  subject_id: string;
  who: string;
  role: string;
  source: string;
  through: string | null;
  members: { id: string }[];
  risks: string[];
  decision: string | null;
  delegated_to: string | null;
  delegated_to_name: string | null;
  holds: boolean;
};

/** A call without a workspace ends grants wherever they are: the right to is asked of each. */
const ANYWHERE: Workspace = { id: "", slug: "", displayName: "", organizationId: "", state: "active" };

/** Errors: not_found, conflict (closed, ended meanwhile, revoked already), forbidden (own access, directory's, no right to end), invalid_input without a reason. */
export const decideItems = defineCommand({
  name: "access-review.decided",
  permission: "access-review:sign-off",
  input: z.strictObject({ reviewId: z.uuid(), itemIds: listField(z.uuid()), decision: z.enum(["keep", "revoke", "undecided"]), reason: reasonField }),
  scope: ({ tx, actor, input, workspace }) => loadReview(tx, actor, workspace, input.reviewId),
  run: async (call) => {
    const { tx, actor, input, target } = call;
    requireOpen(actor, target.review);
    const items = await itemsOf(tx, target.review.id, input.itemIds);
    if (items.length === 0) throw new AppError("not_found", "There is no such row in this review.");
    for (const item of items) await requireDecidable(tx, actor, item, input);
    const ended: AuditDraft[] = [];
    if (input.decision === "revoke") for (const item of items) ended.push(await revoke(call, item, input.reason));
    const isUndone = input.decision === "undecided";
    await tx
      .updateTable("access_review_item")
      .set({
        decision: isUndone ? null : input.decision,
        reason: isUndone ? null : input.reason || null,
        decided_by: isUndone ? null : actor.id,
        decided_by_name: isUndone ? null : displayName(actor),
        decided_at: isUndone ? null : sql<string>`clock_timestamp()`,
      })
      .where(
        "id",
        "in",
        items.map((item) => item.id),
      )
      .execute();
    const rows = items.map((item) => `${item.who}: ${item.role}`);
    const entry: AuditDraft = {
      target: target.thing ?? { type: "access-review" },
      after: { decision: input.decision, rows },
      reason: input.reason || undefined,
      count: items.length,
    };
    return { result: { count: items.length, decision: input.decision }, audit: [...ended, entry] };
  },
});

export async function itemsOf(tx: Tx, reviewId: string, ids: readonly string[]): Promise<Item[]> {
  const { rows } = await sql<Item>`
    select i.id, i.grant_id, i.subject_kind, i.subject_id, i.who, i.role, i.source, i.through, i.members, i.risks, i.decision, i.delegated_to, i.delegated_to_name, ${HOLDS} as holds
    from access_review_item i where i.review_id = ${reviewId} and i.id = any(${[...ids]}::uuid[]) order by i.id`.execute(tx);
  return rows;
}

/** Error: forbidden for a row of somebody's own access, or of a team they are or were in. */
export async function requireNotOwn(tx: Tx, principalId: string, item: Item, message: string): Promise<void> {
  const inTeam = async () => item.members.some((one) => one.id === principalId) || (await membersOf(tx, item.subject_id)).includes(principalId);
  if (item.subject_id === principalId || (item.subject_kind === "team" && (await inTeam())))
    throw new AppError("forbidden", message, { fix: "Somebody else decides this row.", reason: "own_grant" });
}

async function requireDecidable(tx: Tx, actor: Actor, item: Item, { decision, reason }: { decision: string; reason: string }): Promise<void> {
  await requireNotOwn(tx, actor.id, item, `${item.who}: nobody decides on their own access.`);
  if (item.delegated_to !== null && item.delegated_to !== actor.id)
    throw new AppError("conflict", `${item.who}: this was given to ${item.delegated_to_name} to decide.`, { fix: "Take it back first." });
  if (item.decision === "revoke") throw new AppError("conflict", `${item.who}: this was revoked already.`, { fix: "To give it again, give the role." });
  if (!item.holds) throw new AppError("conflict", `${item.who}: this grant has ended meanwhile, so nothing is left to decide.`);
  const why = (message: string) => new AppError("invalid_input", message, { fields: { reason: message } });
  if (decision === "revoke" && !reason) throw why("Say why: it stands in the review and in the audit trail.");
  if (decision === "keep" && item.risks.length > 0 && !reason) throw why(`${item.who}: say why this stays, because it is marked.`);
}

/** Ends the grant of an item. Errors: forbidden. */
async function revoke(call: Pick<RunArguments<unknown, unknown>, "tx" | "actor" | "request" | "now">, item: Item, reason: string): Promise<AuditDraft> {
  const { tx, actor } = call;
  if (item.subject_kind !== "team" && !isGivenDirectly(item.source))
    throw new AppError("forbidden", `${item.who}: ${directoryWords(item)}`, { reason: "directory_owned" });
  const { grant, ...place } = await findEndable(tx, actor, ANYWHERE, item.grant_id);
  if (!can(actor, "grant:delete", place).allowed)
    throw new AppError("forbidden", `${item.who}: ending grants is not in your role there.`, {
      fix: "A System Admin or Workspace Admin decides this row.",
      reason: "no_grant",
    });
  return { ...(await endOneGrant(call, grant, reason)), workspaceId: place.workspaceId ?? null };
}
