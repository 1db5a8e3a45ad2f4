import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { findProject } from "@/lib/projects/find-project";
import { isCron, planWords } from "./slot";

// Schedules as a client registers them with its orchestrator, which is what starts the runs. Reeve keeps the plan and its history in the
// trail; a deleted one is kept, out of the lists, while snapshots refer to it and the client asked for that.

const moment = z.iso.datetime().nullable();

export const createSchedule = defineCommand({
  name: "schedule.created",
  permission: "trigger:create",
  input: z.strictObject({
    project: z.string(),
    name: z.string().min(1).max(255),
    active: z.boolean(),
    cronExpression: z.string().max(255).nullable(),
    startTime: moment,
    endTime: moment,
    /** Seconds. */
    intervalS: z.number().positive().max(1e9).nullable(),
    catchup: z.boolean(),
    runOnceStartTime: moment,
    orchestratorId: z.uuid().nullable(),
    pipelineId: z.uuid().nullable(),
  }),
  scope: async ({ tx, input, workspace }) => {
    const project = await findProject(tx, workspace.id, input.project);
    await requireParts(tx, project.id, workspace.id, input);
    return { workspaceId: workspace.id, projectId: project.id };
  },
  run: async ({ tx, actor, input, target, request, workspace }) => {
    const kinds = [input.cronExpression, input.intervalS, input.runOnceStartTime].filter((value) => value !== null);
    if (kinds.length !== 1)
      throw new AppError("invalid_input", "A schedule has one of a cron expression, an interval with a start, or a single start.", {
        fields: { cron_expression: "one of three" },
      });
    if (input.cronExpression !== null) requireCron(input.cronExpression);
    if (input.intervalS !== null && input.startTime === null)
      throw new AppError("invalid_input", "An interval needs a start time.", { fields: { start_time: "is missing" } });
    const id = newId();
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto("schedule")
      .values({
        id,
        workspace_id: workspace.id,
        project_id: target.projectId,
        pipeline_id: input.pipelineId,
        orchestrator_id: input.orchestratorId,
        name: input.name,
        active: input.active,
        cron_expression: input.cronExpression,
        start_time: input.startTime,
        end_time: input.endTime,
        interval_s: input.intervalS,
        catchup: input.catchup,
        run_once_start_time: input.runOnceStartTime,
        request_id: request.requestId,
        created_by: actor.id,
      })
      .onConflict((conflict) => conflict.columns(["project_id", "name"]).where("is_archived", "=", sql.lit(false)).doNothing())
      .executeTakeFirst();
    if (!numInsertedOrUpdatedRows) throw nameTaken(input.name);
    return {
      result: id,
      audit: {
        target: { type: "schedule", id, name: input.name, projectId: target.projectId },
        after: { plan: planWords(input), active: input.active, startTime: input.startTime, endTime: input.endTime, pipelineId: input.pipelineId },
      },
    };
  },
});

async function requireParts(
  tx: Tx,
  projectId: string,
  workspaceId: string,
  parts: { pipelineId: string | null; orchestratorId: string | null },
): Promise<void> {
  const { pipelineId, orchestratorId } = parts;
  if (pipelineId && !(await tx.selectFrom("pipeline").select("id").where("id", "=", pipelineId).where("project_id", "=", projectId).executeTakeFirst()))
    throw new AppError("not_found", `No pipeline with the id ${pipelineId} was found.`);
  const orchestrator = () =>
    tx
      .selectFrom("component")
      .select("id")
      .where("id", "=", orchestratorId)
      .where("workspace_id", "=", workspaceId)
      .where("type", "=", "orchestrator")
      .executeTakeFirst();
  if (orchestratorId && !(await orchestrator())) throw new AppError("not_found", `No orchestrator with the id ${orchestratorId} was found.`);
}

function requireCron(expression: string): void {
  if (!isCron(expression))
    throw new AppError("invalid_input", `${expression} is not a cron expression.`, { fields: { cron_expression: "is not a cron expression" } });
}

export const updateSchedule = defineCommand({
  name: "schedule.updated",
  permission: "trigger:update",
  input: z.strictObject({
    scheduleId: z.uuid(),
    name: z.string().min(1).max(255).nullable(),
    cronExpression: z.string().max(255).nullable(),
    active: z.boolean().nullable(),
  }),
  scope: ({ tx, input, workspace }) => scheduleTarget(tx, workspace.id, input.scheduleId),
  run: async ({ tx, input, target: { schedule }, now }) => {
    if (input.cronExpression !== null) {
      if (schedule.cron_expression === null)
        throw new AppError("invalid_input", "Only a schedule with a cron expression can be given another one.", {
          fields: { cron_expression: "not its kind" },
        });
      requireCron(input.cronExpression);
    }
    const next = {
      name: input.name ?? schedule.name,
      cron_expression: input.cronExpression ?? schedule.cron_expression,
      active: input.active ?? schedule.active,
    };
    const sameName = tx.selectFrom("schedule").select("id").where("project_id", "=", schedule.project_id).where("name", "=", next.name);
    if (next.name !== schedule.name && (await sameName.where("is_archived", "=", false).executeTakeFirst())) throw nameTaken(next.name);
    await tx
      .updateTable("schedule")
      .set({ ...next, updated_at: now })
      .where("id", "=", schedule.id)
      .execute();
    return {
      result: schedule.id,
      audit: {
        target: { type: "schedule", id: schedule.id, name: schedule.name, projectId: schedule.project_id },
        before: { name: schedule.name, cron_expression: schedule.cron_expression, active: schedule.active },
        after: next,
      },
    };
  },
});

/** Deletes a schedule; `isSoft` keeps its row, archived and out of use, for the runs that it started. */
export const deleteSchedule = defineCommand({
  name: "schedule.deleted",
  permission: "trigger:delete",
  input: z.strictObject({ scheduleId: z.uuid(), isSoft: z.boolean() }),
  scope: ({ tx, input, workspace }) => scheduleTarget(tx, workspace.id, input.scheduleId),
  run: async ({ tx, input, target: { schedule }, now }) => {
    if (input.isSoft) await tx.updateTable("schedule").set({ is_archived: true, active: false, updated_at: now }).where("id", "=", schedule.id).execute();
    else await tx.deleteFrom("schedule").where("id", "=", schedule.id).execute();
    return {
      result: null,
      audit: {
        target: { type: "schedule", id: schedule.id, name: schedule.name, projectId: schedule.project_id },
        before: { name: schedule.name, cron_expression: schedule.cron_expression, active: schedule.active, isKept: false },
        after: { isKept: input.isSoft },
      },
    };
  },
});

async function scheduleTarget(tx: Tx, workspaceId: string, id: string) {
  const schedule = await tx
    .selectFrom("schedule")
    .select(["id", "name", "project_id", "created_by", "cron_expression", "active"])
    .where("id", "=", id)
    .where("workspace_id", "=", workspaceId)
    .forUpdate()
    .executeTakeFirst();
  if (!schedule) throw unknownSchedule(id);
  return {
    workspaceId,
    projectId: schedule.project_id,
    ownerId: schedule.created_by,
    thing: { type: "schedule", id: schedule.id, name: schedule.name },
    schedule,
  };
}

export const unknownSchedule = (id: string) => new AppError("not_found", `Unable to get schedule with ID '${id}': No schedule with this ID found`);

const nameTaken = (name: string) => new AppError("conflict", `Unable to register schedule with name '${name}': there is one with this name already.`);
