import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { membersOf, openGrantsOf, requireWidenable } from "@/lib/access/team-grants";
import type { Actor } from "@/lib/identity/actor";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { nameField } from "@/lib/kernel/form-fields";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { applyTeams, effectFacts } from "./apply-teams";
import { loadTeam } from "./load-team";

// Making, renaming and ending teams. A team that ended keeps its rows, so that what it gave can be told.

const fields = { name: nameField, description: z.string().trim().max(500, { error: "At most 500 characters." }).default("") };

/** Gives the team's id. Error: conflict for a taken name. */
export const createTeam = defineCommand({
  name: "team.created",
  permission: "team:create",
  input: z.strictObject(fields),
  scope: () => ({}),
  run: async ({ tx, actor, input }) => {
    await requireFreeName(tx, actor, input.name);
    const id = newId();
    await tx
      .insertInto("team")
      .values({ id, organization_id: actor.organizationId, ...input, created_by: actor.id })
      .execute();
    return { result: { id, name: input.name }, audit: { target: { type: "team", id, name: input.name }, after: input } };
  },
});

/** Names or describes a team. Errors: not_found, conflict. */
export const updateTeam = defineCommand({
  name: "team.updated",
  permission: "team:update",
  input: z.strictObject({ teamId: z.uuid(), ...fields }),
  scope: ({ tx, actor, input }) => loadTeam(tx, actor, input.teamId),
  run: async ({ tx, actor, input: { teamId, ...after }, target: { team }, now }) => {
    const before = { name: team.name, description: team.description };
    if (before.name === after.name && before.description === after.description) return { result: { id: teamId }, audit: UNCHANGED };
    if (after.name.toLowerCase() !== team.name.toLowerCase()) await requireFreeName(tx, actor, after.name);
    await tx
      .updateTable("team")
      .set({ ...after, updated_at: now })
      .where("id", "=", teamId)
      .execute();
    return { result: { id: teamId }, audit: { target: { type: "team", id: teamId, name: after.name }, before, after } };
  },
});

/** Ends a team with all that it gives. Errors: not_found, in_use while rules fill it, forbidden for the last System Admin or own denies, invalid_input. */
export const deleteTeam = defineCommand({
  name: "team.deleted",
  permission: "team:delete",
  input: z.strictObject({ teamId: z.uuid(), typedName: z.string().optional() }),
  scope: ({ tx, actor, input }) => loadTeam(tx, actor, input.teamId),
  run: async ({ tx, actor, input, target: { thing, team }, request }) => {
    requireTypedName(input.typedName, team.name);
    const rule = await tx.selectFrom("group_rule").select("id").where("team_id", "=", team.id).where("ended_at", "is", null).executeTakeFirst();
    if (rule) throw new AppError("in_use", `A group rule fills ${team.name}.`, { fix: "End the rule first." });
    const [grants, members] = [await openGrantsOf(tx, actor, team.id), await membersOf(tx, team.id)];
    requireWidenable(actor, grants, members);
    const now = sql<string>`clock_timestamp()`;
    const ended = { ended_by: "person", closed_request_id: request.requestId };
    await tx
      .updateTable("team_member")
      .set({ until: now, ...ended })
      .where("team_id", "=", team.id)
      .where("until", "is", null)
      .execute();
    await tx
      .updateTable("team_grant")
      .set({ valid_to: now, ...ended })
      .where("team_id", "=", team.id)
      .where(sql<boolean>`(valid_to is null or valid_to > clock_timestamp())`)
      .execute();
    await tx.updateTable("team").set({ ended_at: now, updated_at: now }).where("id", "=", team.id).execute();
    const effect = await applyTeams(tx, { actor, request }, [team.id], "person");
    const before = { name: team.name, description: team.description, members: members.length, grants: grants.length };
    return { result: { id: team.id, name: team.name }, audit: { target: thing, before, after: effectFacts(effect) } };
  },
});

async function requireFreeName(tx: Tx, actor: Actor, name: string): Promise<void> {
  const taken = await tx
    .selectFrom("team")
    .select("id")
    .where("organization_id", "=", actor.organizationId)
    .where(sql<boolean>`lower(name) = lower(${name})`)
    .where("ended_at", "is", null)
    .executeTakeFirst();
  if (taken) throw new AppError("conflict", `There is a team ${name} already.`, { fields: { name: "This name is taken." } });
}
