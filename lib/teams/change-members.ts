import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { grantSubject } from "@/lib/access/grants";
import { openGrantsOf, requireJoinable, requireWidenable } from "@/lib/access/team-grants";
import { loadPerson } from "@/lib/members/person";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { applyTeams, effectFacts } from "./apply-teams";
import { loadTeam } from "./load-team";

// Who is in a team by hand. Joining is being given all that the team has, so who adds somebody must be able to give each of it, and nobody
// adds themselves. Members by a group rule come and go with the group (lib/group-rules).

/** Puts a person into a team. Errors: not_found, invalid_input, conflict, forbidden (oneself, beyond one's power). */
export const addTeamMember = defineCommand({
  name: "team.member-added",
  permission: "team:update",
  input: z.strictObject({
    teamId: z.uuid(),
    /** The person by id or by e-mail address. */
    principalId: z.union([z.uuid(), z.literal("")]).optional(),
    email: z.string().trim().max(320).optional(),
  }),
  scope: ({ tx, actor, input }) => loadTeam(tx, actor, input.teamId),
  run: async ({ tx, actor, input, target: { thing, team }, request }) => {
    if (!input.principalId && !input.email) throw new AppError("invalid_input", "Say who joins.", { fields: { person: "Say who joins." } });
    const person = await grantSubject(tx, actor, input.principalId ? { id: input.principalId } : { name: input.email });
    if (person.kind !== "user") throw new AppError("invalid_input", "People are in teams; a service account gets grants of its own.");
    if (person.id === actor.id) throw new AppError("forbidden", "Nobody changes their own grants.", { fix: "Ask another administrator.", reason: "own_grant" });
    await requireJoinable(tx, actor, await openGrantsOf(tx, actor, team.id), person.id);
    const isIn = await tx
      .selectFrom("team_member")
      .select("id")
      .where("team_id", "=", team.id)
      .where("principal_id", "=", person.id)
      .where("group_rule_id", "is", null)
      .where("until", "is", null)
      .executeTakeFirst();
    if (isIn) throw new AppError("conflict", `${person.name} is in ${team.name} already.`);
    await tx
      .insertInto("team_member")
      .values({ id: newId(), team_id: team.id, principal_id: person.id, source: "person", created_by: actor.id, opened_request_id: request.requestId })
      .execute();
    const effect = await applyTeams(tx, { actor, request }, [team.id], "person");
    return {
      result: { id: person.id, name: person.name, team: team.name, ...effect },
      audit: { target: thing, after: { member: person.name, principalId: person.id, ...effectFacts(effect) } },
    };
  },
});

/** Takes a person out. Errors: not_found, forbidden (a directory's member, own deny, the last System Admin). */
export const removeTeamMember = defineCommand({
  name: "team.member-removed",
  permission: "team:update",
  input: z.strictObject({ teamId: z.uuid(), principalId: z.uuid() }),
  scope: async ({ tx, actor, input }) => ({ ...(await loadTeam(tx, actor, input.teamId)), ...(await loadPerson(tx, actor, input.principalId)) }),
  run: async ({ tx, actor, target: { team, person }, request }) => {
    const rows = await tx
      .selectFrom("team_member")
      .select(["id", "group_rule_id"])
      .where("team_id", "=", team.id)
      .where("principal_id", "=", person.id)
      .where("until", "is", null)
      .execute();
    if (rows.length === 0) throw new AppError("not_found", `${person.name} is not in ${team.name}.`);
    const byHand = rows.find((row) => row.group_rule_id === null);
    if (!byHand)
      throw new AppError("forbidden", `${person.name} is in ${team.name} by a group of your directory.`, {
        fix: "Change it there: take the person out of the group.",
        reason: "directory_owned",
      });
    requireWidenable(actor, await openGrantsOf(tx, actor, team.id), [person.id]);
    await tx
      .updateTable("team_member")
      .set({ until: sql<string>`clock_timestamp()`, ended_by: "person", closed_request_id: request.requestId })
      .where("id", "=", byHand.id)
      .execute();
    const effect = await applyTeams(tx, { actor, request }, [team.id], "person");
    return {
      result: { id: person.id, name: person.name, team: team.name, ...effect },
      audit: {
        target: { type: "team", id: team.id, name: team.name },
        before: { member: person.name, principalId: person.id },
        after: { member: null, ...effectFacts(effect) },
      },
    };
  },
});
