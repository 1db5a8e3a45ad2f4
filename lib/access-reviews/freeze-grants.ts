import "server-only";
import { sql } from "kysely";
import { customRoles } from "@/lib/access/role-named";
import { THROUGH } from "@/lib/access/through";
import { ROLE_IDS, rightsOf } from "@/lib/authz/permissions";
import type { Tx } from "@/lib/kernel/transaction";
import type { LoadedReview } from "./load-review";
import { ofReview } from "./reviewed";

// The list of a review: each grant of its place as it is at this moment, in values. What a team gives its members is one row, the team's.

const NAME = sql`coalesce(nullif(p.full_name, ''), p.name)`;

/** The newest sign of an account's life: a sign-in, a page, a key, a token, a device. */
const USED = sql`greatest(p.last_seen_at, (select max(s.last_seen_at) from session s where s.principal_id = p.id),
  (select max(k.last_used_at) from api_key k where k.principal_id = p.id), (select max(t.last_used_at) from personal_token t where t.principal_id = p.id),
  (select max(d.last_used_at) from device d where d.principal_id = p.id))`;

/** Writes the items of a review that was just inserted; gives how many. */
export async function freezeGrants(tx: Tx, review: Pick<LoadedReview, "id" | "workspaceId" | "role">, organizationId: string): Promise<number> {
  const own = await customRoles(tx, organizationId);
  const administers = [
    ...ROLE_IDS.filter((id) => rightsOf(id)["grant:create"] === "any"),
    ...own.flatMap((role) => (role.rights["grant:create"] === "any" ? [role.id] : [])),
  ];
  const giver = sql`coalesce(nullif(c.full_name, ''), c.name)`;
  const place = sql`left join workspace w on w.id = g.workspace_ref left join project j on j.id = g.project_ref left join principal c on c.id = g.created_by`;
  const here = sql`${ofReview(review, organizationId)} and (w.id is null or w.state <> 'deleted')`;
  const risk = (name: string, condition: ReturnType<typeof sql>) => sql`case when ${condition} then ${name} end`;
  const isAdmin = sql`g.role = any(${administers}::text[])`;
  const { numAffectedRows } = await sql`
    insert into access_review_item (id, review_id, grant_id, subject_kind, subject_id, who, members, role, scope_kind, workspace_ref, workspace, project_ref,
      project, thing_type, thing_id, thing_name, source, through, granted_by, since, until, last_used_at, risks)
    select gen_random_uuid(), ${review.id}, x.* from (
      select g.id, p.kind, p.id, ${NAME}, '[]'::jsonb, g.role, g.scope_kind, g.workspace_ref, w.slug, g.project_ref, j.name, g.thing_type, g.thing_id, g.thing_name, g.source, ${THROUGH}, ${giver},
        g.valid_from, g.valid_to, used.at,
        array_remove(array[${risk("unused", sql`coalesce(used.at, g.valid_from) < clock_timestamp() - interval '90 days'`)}, ${risk("administers", isAdmin)},
          ${risk("deactivated", sql`not p.active`)}], null)
      from role_grant g join principal p on p.id = g.principal_id and p.kind <> 'canary' ${place} cross join lateral (select ${USED} as at) used
      where ${here} and g.source <> 'team' and p.deleted_at is null
      union all
      select g.id, 'team', t.id, t.name, coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name) order by m.name) from
          (select distinct p.id, ${NAME} as name from team_member tm join principal p on p.id = tm.principal_id where tm.team_id = t.id and tm.until is null) m), '[]'),
        g.role, g.scope_kind, g.workspace_ref, w.slug, g.project_ref, j.name, g.thing_type, g.thing_id, g.thing_name, g.source, null, ${giver}, g.valid_from, g.valid_to, null,
        array_remove(array[${risk("administers", isAdmin)}], null)
      from team_grant g join team t on t.id = g.team_id ${place} where ${here}
    ) x`.execute(tx);
  return Number(numAffectedRows ?? 0);
}
