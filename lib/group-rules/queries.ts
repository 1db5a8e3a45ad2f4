import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineQuery } from "@/lib/kernel/query";
import { customRoles } from "@/lib/access/role-named";
import { groupOf, requireRule, ruleInput } from "./change-rules";
import type { GroupRule, RuleChange, RuleChoices } from "./schema";

// The rules of a directory, and what one would change before it is made or ended.

/** Of whom a deny grant takes away what a rule gives: a deny wins wherever it covers the place. */
const DENIED = sql`(select count(distinct x.principal_id)::int from role_grant x join role_grant n on n.principal_id = x.principal_id and n.effect = 'deny'
  and (n.valid_to is null or n.valid_to > now()) and (n.scope_kind = 'organization' or (n.workspace_ref = r.workspace_ref and (n.project_ref is null or n.project_ref = r.project_ref)))
  where x.group_rule_id = r.id and x.valid_to is null)`;
/** The other rules that give somebody of this one another role at the same place: all hold, so the wider one decides. */
const OVERLAPS = sql`coalesce((select jsonb_agg(jsonb_build_object('group', o.name, 'role', o.role, 'people', o.people) order by o.name, o.role) from (
  select og.display_name as name, o.role, count(distinct x.principal_id)::int as people
  from group_rule o join directory_group og on og.id = o.group_id and og.deleted_at is null
    join role_grant y on y.group_rule_id = o.id and y.valid_to is null
    join role_grant x on x.group_rule_id = r.id and x.valid_to is null and x.principal_id = y.principal_id
  where o.organization_id = r.organization_id and o.id <> r.id and o.ended_at is null and o.role <> r.role
    and o.workspace_ref is not distinct from r.workspace_ref and o.project_ref is not distinct from r.project_ref
  group by og.display_name, o.role) o), '[]'::jsonb)`;

/** All rules on a directory's groups: dead ones first, then those that meet others. */
export const listGroupRules = defineQuery({
  name: "group-rule.list",
  permission: "group-rule:read",
  input: z.strictObject({ directoryId: z.uuid() }),
  scope: () => ({}),
  run: async ({ tx, actor, input }): Promise<GroupRule[]> => {
    const { rows } = await sql<GroupRule>`
      select r.id, jsonb_build_object('id', g.id, 'name', g.display_name,
          'members', (select count(*) from directory_member m where m.group_id = g.id)) as "group",
        r.role, case when t.id is not null then jsonb_build_object('id', t.id, 'name', t.name) end as team,
        r.scope_kind as scope, w.slug as workspace, j.name as project,
        (select count(*)::int from role_grant x where x.group_rule_id = r.id and x.valid_to is null)
          + (select count(*)::int from team_member m where m.group_rule_id = r.id and m.until is null) as people,
        ${DENIED} as denied, ${OVERLAPS} as overlaps,
        case when g.deleted_at is null and coalesce(w.state, 'active') <> 'deleted' then 'live' else 'dead' end as state,
        coalesce(nullif(p.full_name, ''), p.name) as "createdBy", r.created_at as "createdAt"
      from group_rule r join directory_group g on g.id = r.group_id left join team t on t.id = r.team_id
        left join workspace w on w.id = r.workspace_ref left join project j on j.id = r.project_ref left join principal p on p.id = r.created_by
      where r.organization_id = ${actor.organizationId} and g.directory_id = ${input.directoryId} and r.ended_at is null
      order by state, g.display_name, r.created_at`.execute(tx);
    const rank = (rule: GroupRule) => (rule.state === "dead" ? 0 : rule.denied > 0 || rule.overlaps.length > 0 ? 1 : 2);
    return rows.toSorted((a, b) => rank(a) - rank(b));
  },
});

/** What a new rule of a directory can name: its groups (the first 1,000 by name), the teams, and the places that roles hold in. */
export const listRuleChoices = defineQuery({
  name: "group-rule.choices",
  permission: "group-rule:create",
  input: z.strictObject({ directoryId: z.uuid() }),
  scope: () => ({}),
  run: async ({ tx, actor, input }): Promise<RuleChoices> => {
    const { rows: groups } = await sql<RuleChoices["groups"][number]>`
      select g.id, g.display_name as name, (select count(*)::int from directory_member m where m.group_id = g.id) as members
      from directory_group g join directory d on d.id = g.directory_id
      where g.directory_id = ${input.directoryId} and d.organization_id = ${actor.organizationId} and g.deleted_at is null
      order by lower(g.display_name) limit 1000`.execute(tx);
    const { rows: places } = await sql<RuleChoices["places"][number]>`
      select w.id as "workspaceId", w.slug as workspace,
        coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name) order by p.name) from project p where p.workspace_id = w.id), '[]'::jsonb) as projects
      from workspace w where w.organization_id = ${actor.organizationId} and w.state <> 'deleted' order by w.slug`.execute(tx);
    const teams = await tx
      .selectFrom("team")
      .select(["id", "name"])
      .where("organization_id", "=", actor.organizationId)
      .where("ended_at", "is", null)
      .orderBy(sql`lower(name)`)
      .execute();
    const roles = (await customRoles(tx, actor.organizationId)).map(({ id, title }) => ({ value: id, label: title }));
    return { groups, teams, roles, places };
  },
});

const MOST = 200;

/** Who would gain the role or the team by a new rule, as it stands now: the first 200 by name, and how many they are. Errors: as `createGroupRule`. */
export const previewGroupRule = defineQuery({
  name: "group-rule.previewed",
  permission: "group-rule:create",
  input: ruleInput,
  scope: () => ({}),
  run: async ({ tx, actor, input }): Promise<{ gains: RuleChange[]; total: number }> => {
    const { role, team, scope } = await requireRule(tx, actor, input, "read");
    const group = await groupOf(tx, actor, input.groupId);
    const { rows } = await sql<RuleChange & { total: number }>`
      select p.id as "principalId", coalesce(nullif(p.full_name, ''), p.name) as who, p.email, count(*) over ()::int as total,
        (exists (select 1 from role_grant g where g.principal_id = p.id and g.role = ${role?.id ?? null}::text and g.effect = 'allow'
          and g.workspace_ref is not distinct from ${scope.workspaceId}::uuid and g.project_ref is not distinct from ${scope.projectId}::uuid
          and (g.valid_to is null or g.valid_to > now()))
          or exists (select 1 from team_member x where x.team_id = ${team?.id ?? null}::uuid and x.principal_id = p.id and x.until is null)) as keeps
      from directory_member m join directory_user u on u.id = m.user_id and u.active and u.deleted_at is null join principal p on p.id = u.principal_id
      where m.group_id = ${group.id} order by keeps, who, p.id limit ${MOST}`.execute(tx);
    return { gains: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
  },
});

/** Who would lose the role or the team when a rule ends. Error: none; an unknown rule loses nobody anything. */
export const previewRuleEnd = defineQuery({
  name: "group-rule.end-previewed",
  permission: "group-rule:read",
  input: z.strictObject({ ruleId: z.uuid() }),
  scope: () => ({}),
  run: async ({ tx, actor, input }): Promise<{ losers: RuleChange[]; total: number }> => {
    const { rows } = await sql<RuleChange & { total: number }>`
      select p.id as "principalId", coalesce(nullif(p.full_name, ''), p.name) as who, p.email, count(*) over ()::int as total,
        exists (select 1 from role_grant o where o.principal_id = p.id and o.id <> g.id and o.role = g.role and o.effect = 'allow'
          and o.workspace_ref is not distinct from g.workspace_ref and o.project_ref is not distinct from g.project_ref
          and (o.valid_to is null or o.valid_to > now())) as keeps
      from role_grant g join principal p on p.id = g.principal_id
      where g.group_rule_id = ${input.ruleId} and g.organization_id = ${actor.organizationId} and g.valid_to is null
      union all
      select p.id, coalesce(nullif(p.full_name, ''), p.name), p.email, count(*) over ()::int,
        exists (select 1 from team_member o where o.team_id = m.team_id and o.principal_id = p.id and o.id <> m.id and o.until is null)
      from team_member m join principal p on p.id = m.principal_id
      where m.group_rule_id = ${input.ruleId} and p.organization_id = ${actor.organizationId} and m.until is null
      order by keeps, who, "principalId" limit ${MOST}`.execute(tx);
    return { losers: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
  },
});
