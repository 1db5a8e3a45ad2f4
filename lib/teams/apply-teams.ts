import "server-only";
import { sql } from "kysely";
import { keepASystemAdmin } from "@/lib/access/keep-a-system-admin";
import type { Actor } from "@/lib/identity/actor";
import { newId } from "@/lib/kernel/id";
import type { RequestContext } from "@/lib/kernel/request";
import type { Tx } from "@/lib/kernel/transaction";

// What teams give their members, brought in line in the transaction of whatever changed: a membership, a team's grant, the team. Invariant: an
// open grant with a team's grant exists exactly for each open membership and each open grant of its team. So everything that reads grants
// (decisions, "who can reach this", "as of", the trail) needs no word of teams.

/** Who or what changed something, by which request: a command's own arguments. */
export type Cause = { actor: Pick<Actor, "organizationId"> & Partial<Pick<Actor, "id" | "kind">>; request: Pick<RequestContext, "requestId"> };
export type TeamEffect = { opened: number; ended: number };

/**
 * Locks teams until the commit, in one order: a member who comes and a grant that is given at the same time would else miss each other. Every
 * change of a membership or of a team's grant takes this lock first.
 */
export async function lockTeams(tx: Tx, teamIds: readonly string[]): Promise<void> {
  await tx
    .selectFrom("team")
    .select("id")
    .where("id", "in", [...teamIds])
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** Opens and ends the grants of these teams' members. Expects the change to be written, under `lockTeams`. Error: forbidden for the last System Admin. */
export async function applyTeams(tx: Tx, { actor, request }: Cause, teamIds: readonly string[], by: "person" | "directory" | "setup"): Promise<TeamEffect> {
  const ids = sql`any(${[...teamIds]}::uuid[])`;
  const given = sql`
    select distinct tg.id as team_grant_id, m.principal_id from team_grant tg
      join team_member m on m.team_id = tg.team_id and m.until is null
    where tg.team_id = ${ids} and (tg.valid_to is null or tg.valid_to > clock_timestamp())`;
  const { rows: ended } = await sql<{ role: string }>`
    update role_grant x set valid_to = clock_timestamp(), ended_by = ${by}, closed_request_id = ${request.requestId}
    from team_grant g
    where g.id = x.team_grant_id and g.team_id = ${ids} and (x.valid_to is null or x.valid_to > clock_timestamp())
      and not exists (select 1 from (${given}) given where given.team_grant_id = x.team_grant_id and given.principal_id = x.principal_id)
    returning x.role`.execute(tx);
  const { rows: missing } = await sql<{ team_grant_id: string; principal_id: string }>`
    select given.team_grant_id, given.principal_id from (${given}) given
    where not exists (select 1 from role_grant x where x.team_grant_id = given.team_grant_id and x.principal_id = given.principal_id
      and (x.valid_to is null or x.valid_to > clock_timestamp()))`.execute(tx);
  const isAccount = actor.kind === "user" || actor.kind === "service_account";
  const { rows: opened } = await sql<{ isWideDeny: boolean }>`
    insert into role_grant (id, organization_id, principal_id, role, effect, scope_kind, workspace_ref, project_ref, thing_type, thing_id,
      thing_name, source, team_grant_id, valid_to, reason,
      opened_request_id, created_by)
    select n.id, g.organization_id, n.principal_id, g.role, g.effect, g.scope_kind, g.workspace_ref, g.project_ref, g.thing_type, g.thing_id,
      g.thing_name, 'team', g.id, g.valid_to, g.reason,
      ${request.requestId}, ${isAccount ? (actor.id ?? null) : null}::uuid
    from jsonb_to_recordset(${JSON.stringify(missing.map((one) => ({ ...one, id: newId() })))}::jsonb) as n(id uuid, team_grant_id uuid, principal_id uuid)
      join team_grant g on g.id = n.team_grant_id
    returning effect = 'deny' and scope_kind = 'organization' as "isWideDeny"`.execute(tx);
  if (ended.some((grant) => grant.role === "system-admin") || opened.some((grant) => grant.isWideDeny)) await keepASystemAdmin(tx, actor.organizationId);
  return { opened: opened.length, ended: ended.length };
}

/** For the trail: nothing when nothing changed. */
export const effectFacts = ({ opened, ended }: TeamEffect): { grantsOpened?: number; grantsEnded?: number } => ({
  ...(opened > 0 ? { grantsOpened: opened } : {}),
  ...(ended > 0 ? { grantsEnded: ended } : {}),
});
