import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { visibleTo } from "@/lib/authz/visible";
import { AppError } from "@/lib/kernel/errors";
import { keysetInput, type KeysetPage, keysetPage } from "@/lib/kernel/keyset-page";
import type { Fields } from "@/lib/kernel/list";
import { defineQuery } from "@/lib/kernel/query";
import { sharedThing } from "@/lib/access/through";
import { HOLDS, MEMBERS } from "./reviewed";
import type { ReviewItemRow } from "./schema";

// The rows of a review: what was frozen, what was decided, and while it is open what became of each grant since.

const FIELDS: Fields = {
  who: { kind: "text", sql: sql.ref("x.who"), required: true },
  kind: { kind: "enum", sql: sql.ref("x.subjectKind"), required: true },
  role: { kind: "enum", sql: sql.ref("x.role"), required: true },
  workspace: { kind: "text", sql: sql.ref("x.workspace") },
  project: { kind: "text", sql: sql.ref("x.project") },
  thing: { kind: "text", sql: sql`(x.shared ->> 'name')` },
  source: { kind: "enum", sql: sql.ref("x.source"), required: true },
  decision: { kind: "enum", sql: sql.ref("x.decision") },
  risk: { kind: "text", sql: sql.ref("x.risk") },
  meanwhile: { kind: "enum", sql: sql.ref("x.meanwhile") },
  since: { kind: "time", sql: sql.ref("x.since"), required: true },
  used: { kind: "time", sql: sql.ref("x.lastUsedAt") },
};

/** An open grant of the same account at the same place that was given after the review was opened. */
const NOW_ROLE = sql<string | null>`(select g.role from role_grant g where g.principal_id = i.subject_id and g.effect = 'allow' and g.source <> 'team'
  and (g.valid_to is null or g.valid_to > now()) and g.valid_from > r.created_at and g.scope_kind = i.scope_kind
  and g.workspace_ref is not distinct from i.workspace_ref and g.project_ref is not distinct from i.project_ref and g.thing_id is not distinct from i.thing_id order by g.valid_from desc limit 1)`;

const MEMBERS_CHANGED = sql<SqlBool>`(i.subject_kind = 'team' and
  array(select distinct m->>'id' from jsonb_array_elements(i.members) m order by 1)
  is distinct from array(select distinct tm.principal_id::text from team_member tm where tm.team_id = i.subject_id and tm.until is null order by 1))`;

/** Lists the rows of a review of the call's place. Errors: not_found, as keysetPage. */
export const listReviewItems = defineQuery({
  name: "access-review.items",
  permission: "access-review:read",
  input: keysetInput.extend({ reviewId: z.uuid() }),
  run: async ({ tx, actor, workspace, input: { reviewId, ...input } }): Promise<KeysetPage<ReviewItemRow>> => {
    const review = await tx
      .selectFrom("access_review")
      .select("state")
      .where("id", "=", reviewId)
      .where("organization_id", "=", actor.organizationId)
      .where("workspace_ref", "is not distinct from", workspace?.id ?? null)
      .executeTakeFirst();
    if (!review) throw new AppError("not_found", "There is no such access review here.");
    const isOpen = review.state === "open";
    const decides = isOpen && actor.kind === "user" && can(actor, "access-review:sign-off", { workspaceId: workspace?.id }).allowed;
    const mine = sql<SqlBool>`(i.subject_id = ${actor.id} or i.members @> ${JSON.stringify([{ id: actor.id }])}::jsonb or
      (i.subject_kind = 'team' and exists (select 1 from team_member tm where tm.team_id = i.subject_id and tm.principal_id = ${actor.id} and tm.until is null)))`;
    const meanwhile = isOpen
      ? sql`case when i.decision = 'revoke' then null when not ${HOLDS} then case when ${NOW_ROLE} is null then 'ended' else 'changed' end when ${MEMBERS_CHANGED} then 'members'
          when not ('deactivated' = any(i.risks)) and exists (select 1 from principal p where p.id = i.subject_id and not p.active) then 'deactivated' end`
      : sql`null::text`;
    const endable = visibleTo(actor, "grant:delete", { workspaceId: "i.workspace_ref", projectId: "i.project_ref", ownerId: "i.subject_id" });
    const waits = sql<SqlBool>`(${decides}::boolean and i.decision is null and not ${mine} and ${HOLDS})`;
    const decidable = sql<SqlBool>`((i.delegated_to is null or i.delegated_to = ${actor.id}) and ${decides}::boolean and i.decision is distinct from 'revoke' and not ${mine} and ${HOLDS})`;
    const source = sql`(
      select i.id, i.subject_kind as "subjectKind", i.subject_id as "subjectId", i.who, ${MEMBERS} as members, i.role, i.scope_kind as scope, i.workspace,
        i.project, ${sharedThing("i")} as shared, i.source, i.through, i.granted_by as "grantedBy", i.since, i.until, i.last_used_at as "lastUsedAt", i.risks, array_to_string(i.risks, ' ') as risk,
        coalesce(i.decision, 'undecided') as decision, i.reason, i.decided_by_name as "decidedBy", i.decided_at as "decidedAt", ${meanwhile} as meanwhile,
        case when ${isOpen}::boolean and not ${HOLDS} then ${NOW_ROLE} end as "nowRole", i.delegated_to_name as "delegatedTo", i.delegated_by_name as "delegatedBy", ${waits} as "canDelegate",
        ${mine} as "isMine", ${decidable} as "canDecide",
        (${decidable} and (i.subject_kind = 'team' or i.source not in ('group_rule', 'scim')) and ${endable}) as "canRevoke"
      from access_review_item i join access_review r on r.id = i.review_id where i.review_id = ${reviewId}
    ) x`;
    const page = await keysetPage<Omit<ReviewItemRow, "decision"> & { decision: string; risk: string }>(tx, {
      source,
      fields: FIELDS,
      input,
      visible: sql<SqlBool>`true`, // who may read the review reads all of it
      list: `access review ${reviewId}`,
      readerId: actor.id,
    });
    return {
      ...page,
      rows: page.rows.map(({ risk: _, sort_value: __, decision, ...row }: (typeof page.rows)[number] & { sort_value?: unknown }) => ({
        ...row,
        decision: decision === "undecided" ? null : (decision as ReviewItemRow["decision"]),
      })),
    };
  },
});
