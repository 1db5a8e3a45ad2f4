import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { sharedThing } from "@/lib/access/through";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { holdsAnywhere } from "@/lib/organizations/sections";
import type { TeamGrantRow, TeamMember, TeamPage, TeamRow, TeamRule } from "./schema";

// Teams for those who may read them somewhere: System Admin, Auditor, Workspace Admins (who give roles to teams). What a team has is shown as
// far as the reader may see grants.

const MOST = 1_000;
const OPEN = sql`(tg.valid_to is null or tg.valid_to > now())`;
const readable = (actor: Actor) => visibleTo(actor, "grant:read", { workspaceId: "tg.workspace_ref", projectId: "tg.project_ref", ownerId: "tg.team_id" });

/** The first 1,000 teams by name; none for who may not read teams. */
export const listTeams = defineQuery({
  name: "team.list",
  permission: "session:read",
  input: z.strictObject({}),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor }): Promise<TeamRow[]> => {
    if (!holdsAnywhere(actor, "team:read")) return [];
    const { rows } = await sql<TeamRow>`
      select t.id, t.name, t.description, t.created_at as "createdAt",
        (select count(distinct m.principal_id)::int from team_member m where m.team_id = t.id and m.until is null) as members,
        (select count(*)::int from team_grant tg where tg.team_id = t.id and ${OPEN} and ${readable(actor)}) as grants,
        (select count(*)::int from group_rule r where r.team_id = t.id and r.ended_at is null) as rules
      from team t where t.organization_id = ${actor.organizationId} and t.ended_at is null order by lower(t.name) limit ${MOST}`.execute(tx);
    return rows;
  },
});

/** One team with its members, rules and newest entries. Error: not_found. */
export const getTeam = defineQuery({
  name: "team.read",
  permission: "session:read",
  input: z.strictObject({ teamId: z.uuid({ error: "There is no such team." }) }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, input: { teamId } }): Promise<TeamPage> => {
    const team = await tx
      .selectFrom("team")
      .select(["id", "name", "description", "created_at as createdAt"])
      .where("id", "=", teamId)
      .where("organization_id", "=", actor.organizationId)
      .where("ended_at", "is", null)
      .executeTakeFirst();
    if (!team || !holdsAnywhere(actor, "team:read")) throw new AppError("not_found", "There is no such team.");
    return { ...team, members: await members(tx, actor, team.id), rules: await rules(tx, team.id), entries: await entries(tx, actor, team.id) };
  },
});

async function members(tx: Tx, actor: Actor, teamId: string): Promise<TeamMember[]> {
  const seesAddress = can(actor, "user:read").allowed;
  const { rows } = await sql<TeamMember>`
    select p.id as "principalId", coalesce(nullif(p.full_name, ''), p.name) as who, ${seesAddress ? sql`p.email` : sql`null`} as email, p.active, m.since,
      m.source, g.display_name as through, coalesce(nullif(c.full_name, ''), c.name) as "addedBy"
    from team_member m join principal p on p.id = m.principal_id left join group_rule r on r.id = m.group_rule_id
      left join directory_group g on g.id = r.group_id left join principal c on c.id = m.created_by
    where m.team_id = ${teamId} and m.until is null order by who, m.since limit ${MOST}`.execute(tx);
  return rows;
}

async function rules(tx: Tx, teamId: string): Promise<TeamRule[]> {
  const { rows } = await sql<TeamRule>`
    select r.id, g.display_name as "group", d.id as "directoryId", d.name as directory,
      (select count(*)::int from team_member m where m.group_rule_id = r.id and m.until is null) as people
    from group_rule r join directory_group g on g.id = r.group_id join directory d on d.id = g.directory_id
    where r.team_id = ${teamId} and r.ended_at is null order by g.display_name`.execute(tx);
  return rows;
}

async function entries(tx: Tx, actor: Actor, teamId: string): Promise<TeamPage["entries"]> {
  if (can(actor, "audit-entry:read").reach !== "any") return null;
  const { rows } = await sql<NonNullable<TeamPage["entries"]>[number]>`
    select seq, at, action, actor_name as actor, coalesce(after ->> 'member', before ->> 'member', after ->> 'role', before ->> 'role') as subject
    from audit_entry where organization_id = ${actor.organizationId} and outcome = 'allowed'
      and (target_id = ${teamId} or target_id in (select id::text from team_grant where team_id = ${teamId}))
    order by seq desc limit 20`.execute(tx);
  return rows;
}

/** What teams have: of one team, or of all at the call's place; the first 1,000 by the team's name. */
export const listTeamGrants = defineQuery({
  name: "team.grants",
  permission: "session:read",
  input: z.strictObject({ teamId: z.uuid().optional() }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, workspace, input }): Promise<TeamGrantRow[]> => {
    // Grants on the whole organization reach every workspace: its readers see them (rule 6).
    const above = workspace && can(actor, "grant:read", { workspaceId: workspace.id }).allowed ? sql`tg.workspace_ref is null` : sql`false`;
    const { rows } = await sql<TeamGrantRow>`
      select tg.id, t.id as "teamId", t.name as team,
        (select count(distinct m.principal_id)::int from team_member m where m.team_id = t.id and m.until is null) as members,
        tg.role, tg.effect, tg.scope_kind as scope, w.slug as workspace, j.name as project, ${sharedThing("tg")} as shared, tg.source,
        coalesce(nullif(c.full_name, ''), c.name) as "grantedBy", tg.valid_from as since, tg.valid_to as until, tg.reason,
        (${workspace ? sql`tg.workspace_ref is not distinct from ${workspace.id}::uuid` : sql`true`}
          and ${visibleTo(actor, "grant:delete", { workspaceId: "tg.workspace_ref", projectId: "tg.project_ref", ownerId: "tg.team_id" })}) as "canEnd"
      from team_grant tg join team t on t.id = tg.team_id
        left join workspace w on w.id = tg.workspace_ref left join project j on j.id = tg.project_ref left join principal c on c.id = tg.created_by
      where tg.organization_id = ${actor.organizationId} and ${OPEN} and (w.id is null or w.state <> 'deleted') and (${readable(actor)} or ${above})
        ${input.teamId ? sql`and t.id = ${input.teamId}` : sql``}
        ${workspace ? sql`and (tg.workspace_ref is null or tg.workspace_ref = ${workspace.id})` : sql``}
      order by lower(t.name), tg.valid_from limit ${MOST}`.execute(tx);
    return rows;
  },
});
