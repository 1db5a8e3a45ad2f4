import "server-only";
import { sql } from "kysely";
import { GIVEN } from "@/lib/group-rules/apply-rules";
import { listOf, ours } from "./queries";
import type { DriftRow } from "./schema";

// What a directory last said beside what we hold, where the two differ: accounts, names, removals that were not taken, what rules give, groups
// that are gone. Nothing here is mended by looking at it: each row says why it is so.

const ID = (kind: string, id: ReturnType<typeof sql>) => sql`md5(${kind} || ${id})::uuid as id`;
const WHO = sql`coalesce(nullif(p.full_name, ''), p.name)`;
const WORD = sql`case when u.active then 'active' else 'deactivated' end`;

const accounts = sql`
  select ${ID("account", sql`u.id::text`)}, 'account' as kind, u.user_name as what, p.id as "principalId",
    case when u.deleted_at is not null then 'deleted' else ${WORD} end as said, case when p.active then 'active' else 'deactivated' end as held,
    case when p.active then 'brought back here' when p.ended_by = 'person' then 'ended here by a person' else 'ended by another directory' end as why,
    greatest(u.updated_at, p.updated_at) as since
  from d join directory_user u on u.directory_id = d.id join principal p on p.id = u.principal_id
  where u.active <> p.active and p.deleted_at is null
    and (u.deleted_at is null or not exists (select 1 from directory_user o where o.principal_id = p.id and o.deleted_at is null))`;

const names = sql`
  select ${ID("name", sql`u.id::text`)}, 'name', u.user_name, p.id, u.attributes->>'displayName', ${WHO}, 'changed here', p.updated_at
  from d join directory_user u on u.directory_id = d.id join principal p on p.id = u.principal_id
  where u.deleted_at is null and u.attributes->>'displayName' <> '' and left(u.attributes->>'displayName', 200) <> p.full_name`;

const removals = sql`
  select ${ID("removal", sql`r.id::text`)}, case when r.group_id is null then 'account' else 'membership' end, u.user_name, p.id,
    case when r.group_id is null then r.kind when r.kind = 'left' then 'not in ' || g.display_name else g.display_name || ' is deleted' end,
    case when r.group_id is null then ${WORD} else 'in ' || g.display_name end,
    case when h.decision is null then 'held: waits for a decision' else 'refused by ' || coalesce(b.full_name, b.name, 'the operator') end, r.at
  from d join directory_removal r on r.directory_id = d.id join directory_hold h on h.id = r.hold_id join directory_user u on u.id = r.user_id
    join principal p on p.id = u.principal_id left join directory_group g on g.id = r.group_id left join principal b on b.id = h.decided_by
  where r.withdrawn_at is null and (h.decision is null or h.decision = 'discarded') and u.deleted_at is null and u.active
    and (r.group_id is null or exists (select 1 from directory_member m where m.group_id = r.group_id and m.user_id = r.user_id))`;

const GIFT = sql`case when r.team_id is not null then 'team ' || t.name else r.role || case when w.slug is null then '' else ' in ' || w.slug end end`;
const RULES = sql`group_rule r join directory_group g on g.id = r.group_id join d on d.id = g.directory_id
  left join team t on t.id = r.team_id left join workspace w on w.id = r.workspace_ref`;
/** What rules have given and not ended: pairs of rule and account. */
const OPEN = sql`
  select group_rule_id as rule_id, principal_id, valid_from as since from role_grant where group_rule_id is not null and team_grant_id is null and valid_to is null
  union all select group_rule_id, principal_id, since from team_member where group_rule_id is not null and until is null`;

const grants = sql`
  select ${ID("missing", sql`r.id::text || given.principal_id`)}, 'grant', ${WHO}, p.id, 'in ' || g.display_name, 'not given: ' || ${GIFT}, 'the grant is missing', r.created_at
  from ${RULES} join (${GIVEN}) given on given.rule_id = r.id join principal p on p.id = given.principal_id
  where not exists (select 1 from (${OPEN}) o where o.rule_id = r.id and o.principal_id = given.principal_id)
  union all
  select ${ID("extra", sql`r.id::text || o.principal_id`)}, 'grant', ${WHO}, p.id, 'not in ' || g.display_name, 'given: ' || ${GIFT}, 'the grant was not ended', o.since
  from ${RULES} join (${OPEN}) o on o.rule_id = r.id join principal p on p.id = o.principal_id
  where not exists (select 1 from (${GIVEN}) given where given.rule_id = r.id and given.principal_id = o.principal_id)`;

const groups = sql`
  select ${ID("group", sql`r.id::text`)}, 'group', g.display_name, null::uuid, 'deleted', 'rule: ' || ${GIFT}, 'the rule gives nothing', g.deleted_at
  from ${RULES} where r.ended_at is null and g.deleted_at is not null`;

/** All differences of a directory. */
export const listDirectoryDrift = listOf<DriftRow>(
  "directory.drift",
  (directoryId, actor) => sql`
    with d as (select d.id from directory d where ${ours(directoryId, actor)})
    ${accounts} union all ${names} union all ${removals} union all ${grants} union all ${groups}`,
  {
    kind: { kind: "enum", sql: sql.ref("x.kind"), required: true },
    what: { kind: "text", sql: sql.ref("x.what"), required: true },
    said: { kind: "text", sql: sql.ref("x.said"), required: true },
    held: { kind: "text", sql: sql.ref("x.held"), required: true },
    why: { kind: "text", sql: sql.ref("x.why"), required: true },
    since: { kind: "time", sql: sql.ref("x.since"), required: true },
  },
);
