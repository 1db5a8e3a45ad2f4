import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { applyRules, type Cause } from "./apply-rules";
import type { WaitingRule } from "./schema";

// Rules of the set-up file that wait for their group. Invariant: a group that comes, or gets the name, has its waiting rules in the same
// transaction; what was withdrawn never becomes one.

/** Makes rules of those that waited for groups that a directory has now, and gives what they give; how many. Expects the groups and members to be written. */
export async function takeWaitingRules(tx: Tx, cause: Cause, directoryId: string): Promise<{ rulesMade?: number }> {
  const { rows } = await sql<{ id: string }>`
    with ready as (
      select w.*, g.id as group_id from waiting_group_rule w
        join directory_group g on g.directory_id = w.directory_id and lower(g.display_name) = lower(w.group_name) and g.deleted_at is null
        left join team t on t.id = w.team_id left join workspace s on s.id = w.workspace_ref
      where w.directory_id = ${directoryId} and w.withdrawn_at is null and t.ended_at is null and coalesce(s.state, 'active') <> 'deleted'
    ), taken as (delete from waiting_group_rule where id in (select id from ready))
    insert into group_rule (id, organization_id, group_id, role, team_id, scope_kind, workspace_ref, project_ref)
    select id, organization_id, group_id, role, team_id, scope_kind, workspace_ref, project_ref from ready on conflict do nothing returning id`.execute(tx);
  for (const { id } of rows) await applyRules(tx, cause, { ruleId: id });
  return rows.length > 0 ? { rulesMade: rows.length } : {};
}

/** The rules that wait for groups of a directory, by the group's name. */
export const listWaitingRules = defineQuery({
  name: "group-rule.waiting",
  permission: "group-rule:read",
  input: z.strictObject({ directoryId: z.uuid() }),
  scope: () => ({}),
  run: async ({ tx, actor, input }): Promise<WaitingRule[]> => {
    const { rows } = await sql<WaitingRule>`
      select r.id, r.group_name as "group", r.role, t.name as team, r.scope_kind as scope, w.slug as workspace, j.name as project, r.created_at as since
      from waiting_group_rule r left join team t on t.id = r.team_id left join workspace w on w.id = r.workspace_ref left join project j on j.id = r.project_ref
      where r.organization_id = ${actor.organizationId} and r.directory_id = ${input.directoryId} and r.withdrawn_at is null
      order by lower(r.group_name), r.created_at`.execute(tx);
    return rows;
  },
});

/** Withdraws a rule that waits: its group will not get it. Error: not_found. */
export const withdrawWaitingRule = defineCommand({
  name: "group-rule.withdrawn",
  permission: "group-rule:delete",
  input: z.strictObject({ ruleId: z.uuid() }),
  scope: async ({ tx, actor, input }) => {
    const rule = await tx
      .selectFrom("waiting_group_rule")
      .select(["id", "group_name as name", "role", "team_id as teamId"])
      .where("id", "=", input.ruleId)
      .where("organization_id", "=", actor.organizationId)
      .where("withdrawn_at", "is", null)
      .forUpdate()
      .executeTakeFirst();
    if (!rule) throw new AppError("not_found", "There is no such rule that waits.");
    return { thing: { type: "group-rule", id: rule.id, name: rule.name }, rule };
  },
  run: async ({ tx, actor, target: { rule, thing }, now }) => {
    await tx.updateTable("waiting_group_rule").set({ withdrawn_at: now, withdrawn_by: actor.id }).where("id", "=", rule.id).execute();
    return {
      result: { id: rule.id, group: rule.name },
      audit: { target: thing, before: { group: rule.name, role: rule.role, teamId: rule.teamId }, after: { withdrawn: true } },
    };
  },
});
