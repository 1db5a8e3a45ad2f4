import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { roleField, scopeFields } from "@/lib/access/access-input";
import type { GrantScope } from "@/lib/access/grant-power";
import { requireGrantable, scopeOfInput } from "@/lib/access/grants";
import { roleNamed } from "@/lib/access/role-named";
import { openGrantsOf, requireJoinable, requireWidenable } from "@/lib/access/team-grants";
import type { Role } from "@/lib/authz/permissions";
import type { Actor } from "@/lib/identity/actor";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { type LoadedTeam, loadTeam } from "@/lib/teams/load-team";
import { effectFacts } from "@/lib/teams/apply-teams";
import { applyRules } from "./apply-rules";

// Making and ending rules. Who makes one holds what it gives, and gains nothing by it (PERMISSIONS §3 rule 1).

/** What a rule is made of, a role at a place or a team; also what its preview is asked with. */
export const ruleInput = z
  .strictObject({
    groupId: z.uuid({ error: "Choose a group." }),
    role: z.union([roleField, z.literal("")]).optional(),
    teamId: z.union([z.uuid(), z.literal("")]).optional(),
    ...scopeFields,
    scope: scopeFields.scope.default("organization"),
    workspaceId: z.union([z.uuid(), z.literal("")]).optional(),
  })
  .refine((rule) => Boolean(rule.role) !== Boolean(rule.teamId), { error: "Choose a role or a team.", path: ["role"] });
export type RuleInput = z.output<typeof ruleInput>;

/** What a rule gives. */
export type RuleGift = { role: Role; team: null; scope: GrantScope } | { role: null; team: LoadedTeam; scope: GrantScope };

/** Makes a rule and opens what it gives at once. Errors: not_found, invalid_input, forbidden (own gain, beyond one's power), conflict for the same rule. */
export const createGroupRule = defineCommand({
  name: "group-rule.created",
  permission: "group-rule:create",
  input: ruleInput,
  scope: () => ({}),
  run: async ({ tx, actor, input, request }) => {
    const group = await groupOf(tx, actor, input.groupId);
    const { role, team, scope } = await requireRule(tx, actor, input, "lock");
    const same = await tx
      .selectFrom("group_rule")
      .select("id")
      .where("group_id", "=", group.id)
      .where("role", "is not distinct from", role?.id ?? null)
      .where("team_id", "is not distinct from", team?.id ?? null)
      .where("workspace_ref", "is not distinct from", scope.workspaceId)
      .where("project_ref", "is not distinct from", scope.projectId)
      .where("ended_at", "is", null)
      .executeTakeFirst();
    if (same) throw new AppError("conflict", `The group ${group.name} gives ${team ? `the team ${team.name}` : role.title} there already.`);
    const id = newId();
    await tx
      .insertInto("group_rule")
      .values({
        id,
        organization_id: actor.organizationId,
        group_id: group.id,
        role: role?.id ?? null,
        team_id: team?.id ?? null,
        scope_kind: scope.kind,
        workspace_ref: scope.workspaceId,
        project_ref: scope.projectId,
        created_by: actor.kind === "user" ? actor.id : null,
      })
      .execute();
    const effect = await applyRules(tx, { actor, request }, { ruleId: id });
    if (await gains(tx, id, actor.id))
      throw new AppError("forbidden", `You are in this group, so the rule would ${team ? "put you into the team" : "give you a role"}.`, {
        fix: "Ask another administrator.",
        reason: "own_grant",
      });
    const gift = team ? { team: team.name, teamId: team.id } : { role: role.id, scope: scope.kind, workspaceId: scope.workspaceId, projectId: scope.projectId };
    return {
      result: { id, ...effect },
      audit: { target: { type: "group-rule", id, name: group.name }, after: { group: group.name, ...gift, ...effectFacts(effect) } },
    };
  },
});

/** Ends a rule and all grants that it gave. Errors: not_found, forbidden for the last System Admin. */
export const deleteGroupRule = defineCommand({
  name: "group-rule.deleted",
  permission: "group-rule:delete",
  input: z.strictObject({ ruleId: z.uuid() }),
  scope: async ({ tx, actor, input }) => {
    const rule = await tx
      .selectFrom("group_rule as r")
      .innerJoin("directory_group as g", "g.id", "r.group_id")
      .leftJoin("team as t", "t.id", "r.team_id")
      .select(["r.id", "r.role", "r.scope_kind", "r.workspace_ref", "r.team_id", "t.name as team", "g.display_name as name"])
      .where("r.id", "=", input.ruleId)
      .where("r.organization_id", "=", actor.organizationId)
      .where("r.ended_at", "is", null)
      .forUpdate("r")
      .executeTakeFirst();
    if (!rule) throw new AppError("not_found", "There is no such rule, or it has ended.");
    return { thing: { type: "group-rule", id: rule.id, name: rule.name }, rule };
  },
  run: async ({ tx, actor, target: { rule }, request }) => {
    if (rule.team_id) {
      const { team } = await loadTeam(tx, actor, rule.team_id);
      requireWidenable(actor, await openGrantsOf(tx, actor, team.id), (await gains(tx, rule.id, actor.id)) ? [actor.id] : []);
    }
    await tx.updateTable("group_rule").set({ ended_at: sql<string>`clock_timestamp()` }).where("id", "=", rule.id).execute();
    const effect = await applyRules(tx, { actor, request }, { ruleId: rule.id });
    const gift = rule.team ? { team: rule.team, teamId: rule.team_id } : { role: rule.role, scope: rule.scope_kind, workspaceId: rule.workspace_ref };
    const before = { group: rule.name, ...gift };
    return { result: { id: rule.id, ...effect }, audit: { target: { type: "group-rule", id: rule.id, name: rule.name }, before, after: effectFacts(effect) } };
  },
});

/** What a rule gives, if the actor may give it to people. Errors: invalid_input, not_found, forbidden. */
export async function requireRule(tx: Tx, actor: Actor, { role: name, teamId, workspaceId, ...input }: RuleInput, how: "lock" | "read"): Promise<RuleGift> {
  if (teamId) {
    const { team } = await loadTeam(tx, actor, teamId, how);
    await requireJoinable(tx, actor, await openGrantsOf(tx, actor, team.id), "");
    return { role: null, team, scope: { kind: "organization", workspaceId: null, projectId: null } };
  }
  if (!name) throw new AppError("invalid_input", "Choose a role or a team.");
  const role = await roleNamed(tx, actor.organizationId, name);
  const scope = await scopeOfInput(tx, await workspaceOf(tx, actor, input.scope === "organization" ? "" : workspaceId), input);
  requireGrantable(actor, { role, scope, effect: "allow", until: null, subject: { id: "", kind: "user", homeWorkspaceId: null } });
  return { role, team: null, scope };
}

/** The workspace that a rule is for, with its projects in sight; none for the organization. Error: not_found. */
async function workspaceOf(tx: Tx, actor: Actor, id: string | undefined): Promise<{ id: string }> {
  if (!id) return { id: "" };
  const workspace = await tx
    .selectFrom("workspace")
    .select("id")
    .where("id", "=", id)
    .where("organization_id", "=", actor.organizationId)
    .where("state", "<>", "deleted")
    .executeTakeFirst();
  if (!workspace) throw new AppError("not_found", "There is no such workspace.");
  await sql`select set_config('reeve.workspaces', ${id}, true)`.execute(tx);
  return workspace;
}

/** A group of a directory of the organization. Error: not_found. */
export async function groupOf(tx: Tx, actor: Actor, groupId: string): Promise<{ id: string; name: string }> {
  const group = await tx
    .selectFrom("directory_group as g")
    .innerJoin("directory as d", "d.id", "g.directory_id")
    .select(["g.id", "g.display_name as name"])
    .where("g.id", "=", groupId)
    .where("g.deleted_at", "is", null)
    .where("d.organization_id", "=", actor.organizationId)
    .executeTakeFirst();
  if (!group) throw new AppError("not_found", "There is no such group, or its directory removed it.");
  return group;
}

/** Whether a rule gives somebody something now. */
async function gains(tx: Tx, ruleId: string, principalId: string): Promise<boolean> {
  const { rows } = await sql<{ gains: boolean }>`select
    exists (select 1 from role_grant where group_rule_id = ${ruleId} and principal_id = ${principalId} and valid_to is null)
    or exists (select 1 from team_member where group_rule_id = ${ruleId} and principal_id = ${principalId} and until is null) as gains`.execute(tx);
  return rows[0]?.gains === true;
}
