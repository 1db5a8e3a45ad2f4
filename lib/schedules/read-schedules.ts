import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Fields } from "@/lib/kernel/list";
import { listInput } from "@/lib/kernel/list-input";
import { inOrder, pageOfIds } from "@/lib/kernel/page-of-ids";
import { defineQuery } from "@/lib/kernel/query";
import { referenceField } from "@/lib/kernel/reference-field";
import type { Tx } from "@/lib/kernel/transaction";
import { unknownSchedule } from "./change-schedule";

// Reading schedules: one, many, and those that snapshots refer to.

const COLUMNS = [
  "schedule.id",
  "schedule.project_id",
  "schedule.pipeline_id",
  "schedule.orchestrator_id",
  "schedule.name",
  "schedule.active",
  "schedule.cron_expression",
  "schedule.start_time",
  "schedule.end_time",
  "schedule.interval_s",
  "schedule.catchup",
  "schedule.run_once_start_time",
  "schedule.is_archived",
  "schedule.created_by",
  "schedule.created_at",
  "schedule.updated_at",
] as const;

export const SCHEDULE_FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("schedule.id"), required: true },
  name: { kind: "text", sql: sql.ref("schedule.name"), required: true },
  active: { kind: "bool", sql: sql.ref("schedule.active"), required: true },
  cron_expression: { kind: "text", sql: sql.ref("schedule.cron_expression") },
  start_time: { kind: "time", sql: sql.ref("schedule.start_time") },
  end_time: { kind: "time", sql: sql.ref("schedule.end_time") },
  interval_second: { kind: "number", sql: sql.ref("schedule.interval_s") },
  catchup: { kind: "bool", sql: sql.ref("schedule.catchup"), required: true },
  run_once_start_time: { kind: "time", sql: sql.ref("schedule.run_once_start_time") },
  is_archived: { kind: "bool", sql: sql.ref("schedule.is_archived"), required: true },
  created: { kind: "time", sql: sql.ref("schedule.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("schedule.updated_at"), required: true },
  user: referenceField(sql.ref("schedule.created_by"), "principal"),
  project: referenceField(sql.ref("schedule.project_id"), "project"),
  pipeline_id: { kind: "uuid", sql: sql.ref("schedule.pipeline_id") },
  orchestrator_id: { kind: "uuid", sql: sql.ref("schedule.orchestrator_id") },
};

/** Schedules of a workspace that the actor may read, with the exact total. */
export const listSchedules = defineQuery({
  name: "schedule.listed",
  permission: "trigger:read",
  input: listInput,
  run: async ({ tx, actor, input, workspace }): Promise<{ total: number; items: ScheduleRow[] }> => {
    const own = visibleTo(actor, "trigger:read", { workspaceId: "schedule.workspace_id", projectId: "schedule.project_id", ownerId: "schedule.created_by" });
    const visible = sql<SqlBool>`schedule.workspace_id = ${workspace?.id ?? null} and ${own}`;
    const { total, ids } = await pageOfIds(tx, { from: sql`schedule`, id: "schedule.id", fields: SCHEDULE_FIELDS, ...input, visible });
    return { total, items: inOrder(ids, await loadSchedules(tx, ids)) };
  },
});

/** One schedule. Error: not_found. */
export const getSchedule = defineQuery({
  name: "schedule.read",
  permission: "trigger:read",
  input: z.strictObject({ scheduleId: z.uuid() }),
  scope: async ({ tx, input, workspace }) => {
    const row = await tx
      .selectFrom("schedule")
      .select(["project_id", "created_by"])
      .where("id", "=", input.scheduleId)
      .where("workspace_id", "=", workspace?.id ?? "")
      .executeTakeFirst();
    if (!row) throw unknownSchedule(input.scheduleId);
    return { workspaceId: workspace?.id, projectId: row.project_id, ownerId: row.created_by };
  },
  run: async ({ tx, input }) => tx.selectFrom("schedule").select(COLUMNS).where("schedule.id", "=", input.scheduleId).executeTakeFirstOrThrow(),
});

export type ScheduleRow = Awaited<ReturnType<typeof getSchedule.run>>;

/** The schedules with these ids, in no order. */
export async function loadSchedules(tx: Tx, ids: readonly string[]): Promise<ScheduleRow[]> {
  if (ids.length === 0) return [];
  return tx.selectFrom("schedule").select(COLUMNS).where("schedule.id", "in", ids).execute();
}
