import "server-only";
import { z } from "zod";
import { reasonField } from "@/lib/access/access-input";
import { customRoles } from "@/lib/access/role-named";
import { can } from "@/lib/authz/can";
import { ROLE_IDS, systemRole } from "@/lib/authz/permissions";
import { displayName, loadActor } from "@/lib/identity/actor";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { listField } from "@/lib/kernel/form-fields";
import { defineQuery } from "@/lib/kernel/query";
import { sql } from "kysely";
import { itemsOf, requireNotOwn } from "./decide-items";
import { loadReview, requireOpen } from "./load-review";

// Rows that somebody else is asked to decide: another reviewer of the place, never whom a row is about. Until it is taken back, a row that was
// given to somebody is theirs alone to decide.

/** Errors: not_found, conflict (closed, decided, ended meanwhile), forbidden (own access, or the other's), invalid_input for who reviews nothing here. */
export const delegateItems = defineCommand({
  name: "access-review.delegated",
  permission: "access-review:sign-off",
  /** `to`: an account; empty takes the rows back. */
  input: z.strictObject({ reviewId: z.uuid(), itemIds: listField(z.uuid()), to: z.union([z.uuid(), z.literal("")]), reason: reasonField }),
  scope: ({ tx, actor, input, workspace }) => loadReview(tx, actor, workspace, input.reviewId),
  run: async ({ tx, actor, input, target }) => {
    requireOpen(actor, target.review);
    const items = await itemsOf(tx, target.review.id, input.itemIds);
    if (items.length === 0) throw new AppError("not_found", "There is no such row in this review.");
    const credential = { kind: "session" as const, id: input.to, label: "" };
    const other = input.to ? await loadActor(tx, input.to, credential) : null;
    const place = { workspaceId: target.review.workspaceId };
    if (input.to && !(other?.kind === "user" && other.organizationId === actor.organizationId && can(other, "access-review:sign-off", place).allowed)) {
      const message = "Choose somebody who reviews access here.";
      throw new AppError("invalid_input", message, { fields: { to: message } });
    }
    for (const item of items) {
      await requireNotOwn(tx, actor.id, item, `${item.who}: nobody says who decides on their own access.`);
      if (other) await requireNotOwn(tx, other.id, item, `${item.who}: this is ${displayName(other)}’s own access.`);
      if (item.decision !== null || !item.holds) throw new AppError("conflict", `${item.who}: nothing is left to decide.`);
    }
    await tx
      .updateTable("access_review_item")
      .set({
        delegated_to: other?.id ?? null,
        delegated_to_name: other ? displayName(other) : null,
        delegated_by_name: other ? displayName(actor) : null,
      })
      .where(
        "id",
        "in",
        items.map((item) => item.id),
      )
      .execute();
    return {
      result: { count: items.length, to: other ? displayName(other) : null },
      audit: {
        target: target.thing ?? { type: "access-review" },
        after: { delegatedTo: other ? displayName(other) : null, rows: items.map((item) => `${item.who}: ${item.role}`) },
        reason: input.reason || undefined,
        count: items.length,
      },
    };
  },
});

/** People to whom rows of a review of the call's place can be given, by name: the first 200 besides the reader. */
export const listReviewers = defineQuery({
  name: "access-review.reviewers",
  permission: "access-review:sign-off",
  input: z.strictObject({}),
  scope: ({ workspace }) => ({ workspaceId: workspace?.id }),
  run: async ({ tx, actor, workspace }): Promise<{ id: string; name: string }[]> => {
    const all = [...ROLE_IDS.map(systemRole), ...(await customRoles(tx, actor.organizationId))];
    const signing = all.flatMap((role) => (role.rights["access-review:sign-off"] === "any" ? [role.id] : []));
    const { rows } = await sql<{ id: string; name: string }>`
      select distinct p.id, coalesce(nullif(p.full_name, ''), p.name) as name from role_grant g join principal p on p.id = g.principal_id
      where g.organization_id = ${actor.organizationId} and g.effect = 'allow' and g.thing_id is null and g.role = any(${signing}::text[])
        and (g.scope_kind = 'organization' or (g.scope_kind = 'workspace' and g.workspace_ref = ${workspace?.id ?? null}::uuid))
        and (g.valid_to is null or g.valid_to > now()) and p.kind = 'user' and p.active and p.deleted_at is null and p.id <> ${actor.id}
      order by name limit 200`.execute(tx);
    return rows;
  },
});
