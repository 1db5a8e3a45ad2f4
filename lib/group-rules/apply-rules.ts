import "server-only";
import { type RawBuilder, sql } from "kysely";
import { keepASystemAdmin } from "@/lib/access/keep-a-system-admin";
import type { Actor } from "@/lib/identity/actor";
import { newId } from "@/lib/kernel/id";
import type { RequestContext } from "@/lib/kernel/request";
import type { Tx } from "@/lib/kernel/transaction";
import { applyTeams, lockTeams } from "@/lib/teams/apply-teams";

// What the rules give, brought in line with what the directories say, in the transaction of whatever changed: a rule, a group, a
// membership, a person. Invariant: an open grant with a rule, or an open membership of a team with one, exists exactly for who is an active
// member of the rule's group.

/** Who or what changed something, by which request: a command's own arguments. */
export type Cause = { actor: Pick<Actor, "organizationId"> & Partial<Pick<Actor, "id" | "kind">>; request: Pick<RequestContext, "requestId"> };
export type RuleEffect = { opened: number; ended: number };
type Of = { principalIds: readonly string[] } | { ruleId: string };

/** Who a rule gives its role or team to: pairs of rule and account. */
export const GIVEN = sql`
  select r.id as rule_id, r.team_id, u.principal_id from group_rule r
    join directory_group g on g.id = r.group_id and g.deleted_at is null
    join directory_member m on m.group_id = g.id
    join directory_user u on u.id = m.user_id and u.active and u.deleted_at is null
  where r.ended_at is null`;

/**
 * Opens and ends what the rules give these accounts, or what one rule gives: grants, and memberships of teams with what those give. Expects the
 * change to be written. Error: forbidden when the last System Admin would go.
 */
export async function applyRules(tx: Tx, cause: Cause, of: Of): Promise<RuleEffect> {
  const byRole = await applyRoles(tx, cause, of);
  const byTeam = await applyMemberships(tx, cause, of);
  return { opened: byRole.opened + byTeam.opened, ended: byRole.ended + byTeam.ended };
}

/** Conditions on what was given, as `x`, and on what is to be given, as `given`. */
const about = (of: Of): [RawBuilder<unknown>, RawBuilder<unknown>] =>
  "ruleId" in of
    ? [sql`x.group_rule_id = ${of.ruleId}`, sql`given.rule_id = ${of.ruleId}`]
    : [sql`x.principal_id = any(${[...of.principalIds]}::uuid[])`, sql`given.principal_id = any(${[...of.principalIds]}::uuid[])`];

async function applyRoles(tx: Tx, { actor, request }: Cause, of: Of): Promise<RuleEffect> {
  const [ofGrant, ofRule] = about(of);
  const { rows: ended } = await sql<{ role: string }>`
    update role_grant x set valid_to = clock_timestamp(), ended_by = 'directory', closed_request_id = ${request.requestId}
    where x.organization_id = ${actor.organizationId} and x.source = 'group_rule' and x.group_rule_id is not null and x.valid_to is null and ${ofGrant}
      and not exists (select 1 from (${GIVEN}) given where given.rule_id = x.group_rule_id and given.principal_id = x.principal_id)
    returning x.role`.execute(tx);
  const { rows: missing } = await sql<{ rule_id: string; principal_id: string }>`
    select distinct given.rule_id, given.principal_id from (${GIVEN}) given
    where given.team_id is null and ${ofRule}
      and not exists (select 1 from role_grant g where g.group_rule_id = given.rule_id and g.principal_id = given.principal_id and g.valid_to is null)`.execute(
    tx,
  );
  if (missing.length > 0)
    await sql`
      insert into role_grant (id, organization_id, principal_id, role, scope_kind, workspace_ref, project_ref, source, group_rule_id, opened_request_id)
      select n.id, r.organization_id, n.principal_id, r.role, r.scope_kind, r.workspace_ref, r.project_ref, 'group_rule', r.id, ${request.requestId}
      from jsonb_to_recordset(${JSON.stringify(missing.map((one) => ({ ...one, id: newId() })))}::jsonb) as n(id uuid, rule_id uuid, principal_id uuid)
        join group_rule r on r.id = n.rule_id
      on conflict do nothing`.execute(tx);
  if (ended.some((grant) => grant.role === "system-admin")) await keepASystemAdmin(tx, actor.organizationId);
  return { opened: missing.length, ended: ended.length };
}

async function applyMemberships(tx: Tx, cause: Cause, of: Of): Promise<RuleEffect> {
  const { actor, request } = cause;
  const [ofMember, ofRule] = about(of);
  const { rows: changing } = await sql<{ id: string }>`
    select x.team_id as id from team_member x where x.group_rule_id is not null and x.until is null and ${ofMember}
    union select given.team_id from (${GIVEN}) given where given.team_id is not null and ${ofRule}`.execute(tx);
  if (changing.length === 0) return { opened: 0, ended: 0 };
  const teamIds = changing.map((team) => team.id);
  await lockTeams(tx, teamIds);
  const { rows: out } = await sql<{ team_id: string }>`
    update team_member x set until = clock_timestamp(), ended_by = 'directory', closed_request_id = ${request.requestId}
    where x.group_rule_id is not null and x.until is null and ${ofMember}
      and not exists (select 1 from (${GIVEN}) given where given.rule_id = x.group_rule_id and given.principal_id = x.principal_id)
    returning x.team_id`.execute(tx);
  const { rows: missing } = await sql<{ rule_id: string; team_id: string; principal_id: string }>`
    select distinct given.rule_id, given.team_id, given.principal_id from (${GIVEN}) given
    where given.team_id is not null and ${ofRule}
      and not exists (select 1 from team_member m where m.group_rule_id = given.rule_id and m.principal_id = given.principal_id and m.until is null)`.execute(
    tx,
  );
  if (missing.length > 0)
    await sql`
      insert into team_member (id, team_id, principal_id, group_rule_id, source, opened_request_id)
      select n.id, n.team_id, n.principal_id, n.rule_id, 'group_rule', ${request.requestId}
      from jsonb_to_recordset(${JSON.stringify(missing.map((one) => ({ ...one, id: newId() })))}::jsonb) as n(id uuid, rule_id uuid, team_id uuid, principal_id uuid)
      on conflict do nothing`.execute(tx);
  const changed = new Set([...out, ...missing].map((one) => one.team_id));
  return changed.size > 0 ? applyTeams(tx, { actor, request }, [...changed], "directory") : { opened: 0, ended: 0 };
}
