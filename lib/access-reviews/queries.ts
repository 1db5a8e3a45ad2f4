import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { keysetInput, type KeysetPage, keysetPage } from "@/lib/kernel/keyset-page";
import { AppError } from "@/lib/kernel/errors";
import type { Fields } from "@/lib/kernel/list";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { HOLDS, ofReview } from "./reviewed";
import type { DueReview, ReviewPage, ReviewRow } from "./schema";

// Reviews for those who may read them: of the call's workspace, or of everything that the reader oversees when it has none.

const FIELDS: Fields = {
  name: { kind: "text", sql: sql.ref("x.name"), required: true },
  role: { kind: "enum", sql: sql.ref("x.role") },
  workspace: { kind: "text", sql: sql.ref("x.workspace") },
  by: { kind: "text", sql: sql.ref("x.createdBy"), required: true },
  state: { kind: "enum", sql: sql.ref("x.state"), required: true },
  created: { kind: "time", sql: sql.ref("x.createdAt"), required: true },
  due: { kind: "time", sql: sql.ref("x.dueAt"), required: true },
};

const source = (organizationId: string, where: RawBuilder<unknown>) => sql`(
  select r.id, r.name, r.role, r.workspace_ref, w.slug as workspace, r.created_by, coalesce(nullif(p.full_name, ''), p.name, '') as "createdBy",
    r.created_at as "createdAt", r.due_at as "dueAt", case when r.state = 'open' and r.due_at <= now() then 'overdue' else r.state end as state,
    coalesce(nullif(c.full_name, ''), c.name) as "closedBy", r.closed_at as "closedAt", r.note, r.comment, r.digest
  from access_review r left join principal p on p.id = r.created_by left join principal c on c.id = r.closed_by left join workspace w on w.id = r.workspace_ref
  where r.organization_id = ${organizationId} and (w.id is null or w.state <> 'deleted') ${where}
) x`;

/** What ended meanwhile is settled too. */
const settledOf = (review: RawBuilder<unknown>) => sql<{ total: number; settled: number }>`(
  select jsonb_build_object('total', count(*), 'settled', count(*) filter (where i.decision is not null or not ${HOLDS})) from access_review_item i where i.review_id = ${review})`;

type Found = Omit<ReviewRow, "total" | "settled"> & { progress: { total: number; settled: number } };

/** Lists reviews. Errors: as keysetPage. */
export const listReviews = defineQuery({
  name: "access-review.list",
  permission: "access-review:read",
  input: keysetInput,
  run: async ({ tx, actor, workspace, input }): Promise<KeysetPage<ReviewRow>> => {
    const page = await keysetPage<Found>(tx, {
      source: source(actor.organizationId, workspace ? sql`and r.workspace_ref = ${workspace.id}` : sql``),
      fields: FIELDS,
      input,
      visible: visibleTo(actor, "access-review:read", { workspaceId: "x.workspace_ref", ownerId: "x.created_by" }),
      list: `access reviews ${workspace?.id ?? ""}`,
      readerId: actor.id,
    });
    const ids = page.rows.map((row) => row.id);
    const { rows } = await sql<{ id: string; progress: { total: number; settled: number } }>`
      select r.id, ${settledOf(sql.ref("r.id"))} as progress from access_review r where r.id = any(${ids}::uuid[])`.execute(tx);
    const progress = new Map(rows.map((row) => [row.id, row.progress]));
    return { ...page, rows: page.rows.map((row) => ({ ...rowOf(row), ...(progress.get(row.id) ?? { total: 0, settled: 0 }) })) };
  },
});

const rowOf = (row: Omit<Found, "progress">): Omit<ReviewRow, "total" | "settled"> => ({
  id: row.id,
  name: row.name,
  role: row.role,
  workspace: row.workspace,
  createdBy: row.createdBy,
  createdAt: row.createdAt,
  dueAt: row.dueAt,
  state: row.state,
  closedBy: row.closedBy,
  closedAt: row.closedAt,
});

/** One review of the call's place with how far it is. Error: not_found. */
export const getReview = defineQuery({
  name: "access-review.read",
  permission: "access-review:read",
  input: z.strictObject({ reviewId: z.uuid() }),
  run: async ({ tx, actor, workspace, input: { reviewId } }): Promise<ReviewPage> => {
    const where = sql`and r.id = ${reviewId} and r.workspace_ref is not distinct from ${workspace?.id ?? null}::uuid`;
    const { rows } = await sql<
      Omit<Found, "progress"> & Pick<ReviewPage, "note" | "comment" | "digest" | "counts"> & { workspace_ref: string | null; total: number; settled: number }
    >`
      select x.*, n.* from ${source(actor.organizationId, where)} cross join lateral (
        select count(*)::int as total, count(*) filter (where i.decision is not null or not i.holds)::int as settled, jsonb_build_object(
          'keep', count(*) filter (where i.decision = 'keep' and (i.holds or x.state = 'signed')), 'revoke', count(*) filter (where i.decision = 'revoke'),
          'ended', count(*) filter (where i.decision = 'ended' or (x.state not in ('signed', 'cancelled') and i.decision is distinct from 'revoke' and not i.holds)),
          'undecided', count(*) filter (where i.decision is null and i.holds)) as counts
        from (select i.decision, ${HOLDS} as holds from access_review_item i where i.review_id = x.id) i) n`.execute(tx);
    const [found] = rows;
    if (!found) throw new AppError("not_found", "There is no such access review here.");
    const scope = { workspaceId: found.workspace_ref, role: found.role };
    const { rows: since } = await sql<{ n: number }>`select
      (select count(*)::int from role_grant g where ${ofReview(scope, actor.organizationId)} and g.source <> 'team' and g.valid_from > ${found.createdAt}) +
      (select count(*)::int from team_grant g where ${ofReview(scope, actor.organizationId)} and g.valid_from > ${found.createdAt}) as n`.execute(tx);
    const { note, comment, digest, counts, total, settled } = found;
    const isOpen = found.state === "open" || found.state === "overdue";
    const canDecide = isOpen && actor.kind === "user" && can(actor, "access-review:sign-off", { workspaceId: workspace?.id }).allowed;
    return { ...rowOf(found), note, comment, digest, counts, total, settled, givenSince: isOpen ? (since[0]?.n ?? 0) : 0, canDecide };
  },
});

/** Open reviews `r` with a row that this person may decide and nobody has. */
const waitsFor = (actor: Actor) => sql<SqlBool>`(r.organization_id = ${actor.organizationId} and r.state = 'open'
  and ${visibleTo(actor, "access-review:sign-off", { workspaceId: "r.workspace_ref", ownerId: "r.created_by" })}
  and exists (select 1 from access_review_item i where i.review_id = r.id and i.decision is null and (i.delegated_to is null or i.delegated_to = ${actor.id}) and i.subject_id <> ${actor.id}
    and not i.members @> ${JSON.stringify([{ id: actor.id }])}::jsonb and ${HOLDS}))`;

/** Those that wait for this person wherever they are, the first due first: for the home page. */
export async function reviewsDueTo(tx: Tx, actor: Actor): Promise<DueReview[]> {
  if (actor.kind !== "user") return [];
  const { rows } = await sql<DueReview>`
    select r.id, r.name, w.slug as workspace, r.due_at as "dueAt", r.due_at <= now() as "isOverdue"
    from access_review r left join workspace w on w.id = r.workspace_ref where (w.id is null or w.state = 'active') and ${waitsFor(actor)}
    order by r.due_at, r.id limit 20`.execute(tx);
  return rows;
}

/** How many open reviews wait for this person: those with a row that they may decide and nobody has. For the tab. */
export const countOpenReviews = defineQuery({
  name: "access-review.count",
  permission: "access-review:read",
  input: z.strictObject({}),
  run: async ({ tx, actor, workspace }): Promise<number> => {
    if (actor.kind !== "user") return 0;
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from access_review r
      where ${waitsFor(actor)} ${workspace ? sql`and r.workspace_ref = ${workspace.id}` : sql``}`.execute(tx);
    return rows[0]?.n ?? 0;
  },
});
