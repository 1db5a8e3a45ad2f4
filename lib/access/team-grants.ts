import "server-only";
import { sql } from "kysely";
import type { Role } from "@/lib/authz/permissions";
import type { Actor } from "@/lib/identity/actor";
import type { Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { applyTeams, type Cause, type TeamEffect } from "@/lib/teams/apply-teams";
import { type LoadedTeam, loadTeam } from "@/lib/teams/load-team";
import type { GrantScope } from "./grant-power";
import { type NewGrant, requireDeniable, requireGrantable, requirePower, SCOPE_COLUMNS, scopeOfRow, thingColumns } from "./grants";
import { roleNamed } from "./role-named";

// Grants whose subject is a team. The rules of all grants hold for them (grants.ts), and nobody gives or denies something to a team that
// they are in themselves.

/** People alone are in teams. */
const ANYBODY = { id: "", kind: "user" as const, homeWorkspaceId: null };

export type TeamGrant = { id: string; team: LoadedTeam; role: Role; effect: "allow" | "deny"; scope: GrantScope; until: string | null };

/** The people who are in a team now. */
export async function membersOf(tx: Tx, teamId: string): Promise<string[]> {
  const rows = await tx.selectFrom("team_member").select("principal_id").distinct().where("team_id", "=", teamId).where("until", "is", null).execute();
  return rows.map((row) => row.principal_id);
}

/** Gives a team a role, and its members with it. Errors: as openGrant's, own_grant for a member. */
export async function openTeamGrant(
  tx: Tx,
  { actor, request }: Cause & { actor: Actor },
  grant: Omit<NewGrant, "subject" | "source"> & { teamId: string },
): Promise<TeamEffect & { id: string; team: LoadedTeam }> {
  const { team } = await loadTeam(tx, actor, grant.teamId);
  const { role, scope, effect, until } = grant;
  requireGrantable(actor, { role, scope, effect, until, subject: ANYBODY });
  const members = await membersOf(tx, team.id);
  if (members.includes(actor.id))
    throw new AppError("forbidden", `You are in ${team.name}: nobody changes their own grants.`, { fix: "Ask another administrator.", reason: "own_grant" });
  if (effect === "deny") await requireDeniable(tx, actor, members);
  const same = await tx
    .selectFrom("team_grant")
    .select("id")
    .where("team_id", "=", team.id)
    .where("role", "=", role.id)
    .where("effect", "=", effect)
    .where("workspace_ref", "is not distinct from", scope.workspaceId)
    .where("project_ref", "is not distinct from", scope.projectId)
    .where("thing_id", "is not distinct from", scope.thing?.id ?? null)
    .where(sql<boolean>`(valid_to is null or valid_to > clock_timestamp())`)
    .executeTakeFirst();
  if (same) throw new AppError("conflict", `${team.name} has this role here already.`, { fix: "End that grant first to give it another end." });
  const id = newId();
  await tx
    .insertInto("team_grant")
    .values({
      id,
      organization_id: actor.organizationId,
      team_id: team.id,
      role: role.id,
      effect,
      scope_kind: scope.kind,
      workspace_ref: scope.workspaceId,
      project_ref: scope.projectId,
      ...thingColumns(scope),
      source: "person",
      reason: grant.reason || null,
      valid_to: until,
      opened_request_id: request.requestId,
      created_by: actor.id,
    })
    .execute();
  return { id, team, ...(await applyTeams(tx, { actor, request }, [team.id], "person")) };
}

/** Grants of a team that have not ended. Expects the team to be locked. */
export async function openGrantsOf(tx: Tx, actor: Pick<Actor, "organizationId">, teamId: string): Promise<Omit<TeamGrant, "team">[]> {
  const rows = await tx
    .selectFrom("team_grant")
    .select(["id", "role", "effect", "valid_to", ...SCOPE_COLUMNS])
    .where("team_id", "=", teamId)
    .where(sql<boolean>`(valid_to is null or valid_to > clock_timestamp())`)
    .execute();
  const grants: Omit<TeamGrant, "team">[] = [];
  for (const row of rows)
    grants.push({
      id: row.id,
      role: await roleNamed(tx, actor.organizationId, row.role),
      effect: row.effect === "deny" ? "deny" : "allow",
      scope: scopeOfRow(row),
      until: row.valid_to,
    });
  return grants;
}

/** A team's open grant with its team, both locked; of the call's workspace, or any when the call has none. Undefined when there is none. */
export async function findTeamGrant(tx: Tx, actor: Actor, workspace: Workspace, grantId: string): Promise<TeamGrant | undefined> {
  const row = await tx
    .selectFrom("team_grant")
    .select("team_id")
    .where("id", "=", grantId)
    .where("organization_id", "=", actor.organizationId)
    .$if(workspace.id !== "", (query) => query.where("workspace_ref", "=", workspace.id))
    .executeTakeFirst();
  if (!row) return undefined;
  const { team } = await loadTeam(tx, actor, row.team_id);
  const grant = (await openGrantsOf(tx, actor, team.id)).find((one) => one.id === grantId);
  return grant && { ...grant, team };
}

/** Ends a team's grant, and what it gave its members. Errors: forbidden where that would widen the actor or exceed them, for the last System Admin. */
export async function closeTeamGrant(tx: Tx, { actor, request }: Cause & { actor: Actor }, grant: TeamGrant): Promise<TeamEffect> {
  requireWidenable(actor, [grant], await membersOf(tx, grant.team.id));
  await tx
    .updateTable("team_grant")
    .set({ valid_to: sql<string>`clock_timestamp()`, ended_by: "person", closed_request_id: request.requestId })
    .where("id", "=", grant.id)
    .execute();
  return applyTeams(tx, { actor, request }, [grant.team.id], "person");
}

/** Refuses to end denies for oneself, or beyond one's power. `whom`: the accounts that they deny something. Error: forbidden. */
export function requireWidenable(actor: Actor, grants: readonly Omit<TeamGrant, "team">[], whom: readonly string[]): void {
  const denies = grants.filter((grant) => grant.effect === "deny");
  if (denies.length > 0 && whom.includes(actor.id))
    throw new AppError("forbidden", "Nobody ends what denies them something.", { fix: "Ask another administrator.", reason: "own_grant" });
  for (const grant of denies) requirePower(actor, grant.role, grant.scope, null);
}

/** What the actor must be able to give for somebody to join a team: each of its grants. Errors: as requireGrantable's. */
export async function requireJoinable(tx: Tx, actor: Actor, grants: readonly Omit<TeamGrant, "team">[], subjectId: string): Promise<void> {
  for (const { role, scope, effect, until } of grants) requireGrantable(actor, { role, scope, effect, until, subject: { ...ANYBODY, id: subjectId } });
  if (grants.some((grant) => grant.effect === "deny")) await requireDeniable(tx, actor, [subjectId]);
}
