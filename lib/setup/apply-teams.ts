import "server-only";
/*
 * Teams of a set-up file, with their members and grants. Invariant: what a person ended (a team, a membership, a grant)
 * stays ended, unless the operator asks to restore it.
 */
import { sql } from "kysely";
import { operatorActor } from "@/lib/identity/actor";
import { newId } from "@/lib/kernel/id";
import type { Application } from "@/lib/setup/application";
import { grantRow, grantWords, isAt, isOpen, noteGrant, placeOf, staysEnded } from "@/lib/setup/places";
import type { SetupGrant, SetupTeam } from "@/lib/setup/setup-file";
import { applyTeams } from "@/lib/teams/apply-teams";

type Team = { id: string; name: string };

/** Makes or adjusts one team; its members have what it has when this is done. */
export async function applyTeam(application: Application, wanted: SetupTeam): Promise<void> {
  const team = await teamOf(application, wanted);
  if (!team) return;
  for (const email of wanted.members) await applyMember(application, team, email);
  for (const grant of wanted.grants) await applyTeamGrant(application, team, grant);
  await applyTeams(application.tx, { actor: operatorActor(application.organizationId), request: application.request }, [team.id], "setup");
}

/** The team, made or described where needed; undefined for one that was deleted and stays so. */
async function teamOf(application: Application, wanted: SetupTeam): Promise<Team | undefined> {
  const { tx, organizationId } = application;
  const rows = await tx
    .selectFrom("team")
    .select(["id", "name", "description", "ended_at"])
    .where("organization_id", "=", organizationId)
    .where(sql<boolean>`lower(name) = lower(${wanted.name})`)
    .forUpdate()
    .execute();
  const existing = rows.find((row) => row.ended_at === null);
  if (!existing && rows.length > 0 && !application.isRestoring) {
    application.note(`team ${wanted.name} was deleted and stays so (--restore makes it again)`);
    return undefined;
  }
  const description = wanted.description ?? existing?.description ?? "";
  if (!existing) {
    const id = newId();
    await tx.insertInto("team").values({ id, organization_id: organizationId, name: wanted.name, description }).execute();
    application.changed(`create team ${wanted.name}`, "team.created", {
      target: { type: "team", id, name: wanted.name },
      after: { name: wanted.name, description },
    });
    return { id, name: wanted.name };
  }
  if (existing.description !== description) {
    await tx.updateTable("team").set({ description, updated_at: sql<string>`clock_timestamp()` }).where("id", "=", existing.id).execute();
    const target = { type: "team", id: existing.id, name: existing.name };
    application.changed(`describe team ${existing.name}`, "team.updated", { target, before: { description: existing.description }, after: { description } });
  }
  return existing;
}

async function applyMember(application: Application, team: Team, email: string): Promise<void> {
  const { tx } = application;
  const what = `${email} in team ${team.name}`;
  const person = await tx
    .selectFrom("principal")
    .select("id")
    .where("organization_id", "=", application.organizationId)
    .where("kind", "=", "user")
    .where(sql`lower(email)`, "=", email)
    .executeTakeFirst();
  if (!person) return application.note(`${what}: there is nobody with this address`);
  const rows = await tx
    .selectFrom("team_member")
    .select(["ended_by", sql<boolean>`until is null`.as("is_open")])
    .where("team_id", "=", team.id)
    .where("principal_id", "=", person.id)
    .where("group_rule_id", "is", null)
    .execute();
  if (rows.some((row) => row.is_open) || staysEnded(application, what, rows)) return;
  const facts = { team_id: team.id, principal_id: person.id, source: "setup", opened_request_id: application.request.requestId };
  await tx
    .insertInto("team_member")
    .values({ id: newId(), ...facts })
    .execute();
  application.changed(`put ${what}`, "team.member-added", {
    target: { type: "team", id: team.id, name: team.name },
    after: { member: email, principalId: person.id },
  });
}

async function applyTeamGrant(application: Application, team: Team, wanted: SetupGrant): Promise<void> {
  const { tx } = application;
  const what = grantWords(wanted, `team ${team.name}`);
  const place = placeOf(application, what, wanted);
  if (!place) return;
  const rows = await tx
    .selectFrom("team_grant")
    .select(["ended_by", isOpen.as("is_open")])
    .where("team_id", "=", team.id)
    .where("role", "=", wanted.role)
    .where("effect", "=", "allow")
    .where(isAt(place))
    .execute();
  if (rows.some((row) => row.is_open) || staysEnded(application, what, rows)) return;
  const row = grantRow(application, wanted, place);
  await tx
    .insertInto("team_grant")
    .values({ ...row, team_id: team.id })
    .execute();
  noteGrant(application, wanted, place, { id: row.id, what, name: team.name }, { teamId: team.id });
}
