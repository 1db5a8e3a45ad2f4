import "server-only";
import { type RawBuilder, sql } from "kysely";
import { keepASystemAdmin } from "@/lib/access/keep-a-system-admin";
import type { Actor } from "@/lib/identity/actor";
import { newId } from "@/lib/kernel/id";
import type { RequestContext } from "@/lib/kernel/request";
import type { Tx } from "@/lib/kernel/transaction";

// What the rules give, brought in line with what the directories say, in the transaction of whatever changed: a rule, a group, a
// membership, a person. Invariant: an open grant with a rule exists exactly for who is an active member of the rule's group.

/** Who or what changed something, by which request: a command's own arguments. */
export type Cause = { actor: Pick<Actor, "organizationId">; request: Pick<RequestContext, "requestId"> };
export type RuleEffect = { opened: number; ended: number };

/** Who a rule gives its role to: pairs of rule and account. */
const GIVEN = sql`
  select r.id as rule_id, u.principal_id from group_rule r
    join directory_group g on g.id = r.group_id and g.deleted_at is null
    join directory_member m on m.group_id = g.id
    join directory_user u on u.id = m.user_id and u.active and u.deleted_at is null
  where r.ended_at is null`;

/**
 * Opens and ends grants of rules for these accounts, or for all that a rule concerns. Expects the change to be written. Error: forbidden when the
 * last System Admin would go.
 */
export async function applyRules(tx: Tx, { actor, request }: Cause, of: { principalIds: readonly string[] } | { ruleId: string }): Promise<RuleEffect> {
  const [ofGrant, ofRule]: [RawBuilder<unknown>, RawBuilder<unknown>] =
    "ruleId" in of
      ? [sql`x.group_rule_id = ${of.ruleId}`, sql`given.rule_id = ${of.ruleId}`]
      : [sql`x.principal_id = any(${[...of.principalIds]}::uuid[])`, sql`given.principal_id = any(${[...of.principalIds]}::uuid[])`];
  const { rows: ended } = await sql<{ role: string }>`
    update role_grant x set valid_to = clock_timestamp(), ended_by = 'directory', closed_request_id = ${request.requestId}
    where x.organization_id = ${actor.organizationId} and x.source = 'group_rule' and x.group_rule_id is not null and x.valid_to is null and ${ofGrant}
      and not exists (select 1 from (${GIVEN}) given where given.rule_id = x.group_rule_id and given.principal_id = x.principal_id)
    returning x.role`.execute(tx);
  const { rows: missing } = await sql<{ rule_id: string; principal_id: string }>`
    select distinct given.rule_id, given.principal_id from (${GIVEN}) given
    where ${ofRule} and not exists (select 1 from role_grant g where g.group_rule_id = given.rule_id and g.principal_id = given.principal_id and g.valid_to is null)`.execute(
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

/** For the trail: nothing when nothing changed. */
export const effectFacts = ({ opened, ended }: RuleEffect): { grantsOpened?: number; grantsEnded?: number } => ({
  ...(opened > 0 ? { grantsOpened: opened } : {}),
  ...(ended > 0 ? { grantsEnded: ended } : {}),
});
