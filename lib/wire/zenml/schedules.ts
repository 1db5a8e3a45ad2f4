import "server-only";
import { z } from "zod";
import { execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { readInScope, type Tx } from "@/lib/kernel/transaction";
import { createSchedule, deleteSchedule, updateSchedule } from "@/lib/schedules/change-schedule";
import { getSchedule, listSchedules, loadSchedules, SCHEDULE_FIELDS, type ScheduleRow } from "@/lib/schedules/read-schedules";
import { bodyOf, wireTime } from "./bodies";
import type { Endpoint, WireCall } from "./endpoint";
import { booleanParameter } from "./list-query";
import { idsOf, nestedUsers } from "./nested";
import { type Envelope, entity, naiveOrNull, times, utc } from "./respond";
import { answerList } from "./scoped-list";

// /schedules: what a client planned with its orchestrator. Not exercised against the recorded server (WIRE, last lines): the shapes are
// its description's.

const requestBody = z.object({
  project: z.string(),
  name: z.string(),
  active: z.boolean(),
  cron_expression: z.string().nullish(),
  start_time: wireTime.nullish(),
  end_time: wireTime.nullish(),
  interval_second: z.union([z.number(), z.string()]).nullish(),
  catchup: z.boolean().nullish(),
  run_once_start_time: wireTime.nullish(),
  orchestrator_id: z.uuid().nullable(),
  pipeline_id: z.uuid().nullable(),
});

const updateBody = z.object({ name: z.string().nullish(), cron_expression: z.string().nullish(), active: z.boolean().nullish() });

export const SCHEDULE_ENDPOINTS: Endpoint[] = [
  {
    method: "POST",
    path: "/schedules",
    permission: "trigger:create",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, requestBody);
      const id = await execute(createSchedule, call.context, {
        project: body.project,
        name: body.name,
        active: body.active,
        cronExpression: body.cron_expression ?? null,
        startTime: isoOf(body.start_time),
        endTime: isoOf(body.end_time),
        intervalS: body.interval_second == null ? null : secondsOf(body.interval_second),
        catchup: body.catchup ?? false,
        runOnceStartTime: isoOf(body.run_once_start_time),
        orchestratorId: body.orchestrator_id,
        pipelineId: body.pipeline_id,
      });
      return one({ ...call, hydrate: true }, id);
    },
  },
  {
    method: "GET",
    path: "/schedules",
    permission: "trigger:read",
    audit: "none: a read",
    list: true,
    handle: (call) =>
      answerList(
        call,
        SCHEDULE_FIELDS,
        (input) => ask(listSchedules, call.context, input),
        (rows) => present(call, rows),
      ),
  },
  { method: "GET", path: "/schedules/{schedule_id}", permission: "trigger:read", audit: "none: a read", handle: (call) => one(call, idOf(call)) },
  {
    method: "PUT",
    path: "/schedules/{schedule_id}",
    permission: "trigger:update",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, updateBody);
      const id = await execute(updateSchedule, call.context, {
        scheduleId: idOf(call),
        name: body.name ?? null,
        cronExpression: body.cron_expression ?? null,
        active: body.active ?? null,
      });
      return one({ ...call, hydrate: true }, id);
    },
  },
  {
    method: "DELETE",
    path: "/schedules/{schedule_id}",
    permission: "trigger:delete",
    audit: "entry",
    handle: (call) => execute(deleteSchedule, call.context, { scheduleId: idOf(call), isSoft: booleanParameter(call.query, "soft", false) }),
  },
];

const idOf = (call: WireCall) => call.path.schedule_id as string;

const isoOf = (time: string | null | undefined) => (time == null ? null : new Date(utc(time.replace(" ", "T"))).toISOString());

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Seconds of an ISO 8601 duration of days and times, or of a plain number. Error: invalid_input. */
function secondsOf(interval: number | string): number {
  const plain = Number(interval);
  if (Number.isFinite(plain) && String(interval).trim() !== "") return plain;
  const [match, days, hours, minutes, seconds] = DURATION.exec(String(interval)) ?? [];
  if (!match || match.length < 3)
    throw new AppError("invalid_input", "interval_second is neither seconds nor an ISO 8601 duration.", { fields: { interval_second: "duration" } });
  return Number(days ?? 0) * 86_400 + Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
}

/** An ISO 8601 duration as the client's own models write it: "P1DT1H", "PT90.5S" as "PT1M30.5S". */
function durationOf(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3_600) % 24, "H"],
    [Math.floor(seconds / 60) % 60, "M"],
    [Math.round((seconds % 60) * 1e6) / 1e6, "S"],
  ] as const;
  const days = Math.floor(seconds / 86_400);
  const time = parts.flatMap(([count, unit]) => (count > 0 ? [`${count}${unit}`] : [])).join("");
  return `P${days > 0 ? `${days}D` : ""}${time ? `T${time}` : days > 0 ? "" : "T0S"}`;
}

const one = async (call: WireCall, id: string) => (await present(call, [await ask(getSchedule, call.context, { scheduleId: id })]))[0];

const present = (call: WireCall, rows: readonly ScheduleRow[]) =>
  readInScope([call.context.workspace.id], async (tx) => {
    const { user } = await nestedUsers(
      tx,
      rows.map((row) => row.created_by),
    );
    return rows.map((row) => entity({ ...scheduleParts(row, call.hydrate), resources: { user: user(row.created_by) } }));
  });

/** The schedules that snapshots or runs refer to, by id. */
export async function nestedSchedules(tx: Tx, ids: readonly (string | null)[]): Promise<Map<string, Envelope>> {
  const rows = await loadSchedules(tx, idsOf(ids));
  return new Map(rows.map((row) => [row.id, entity(scheduleParts(row, false))]));
}

const scheduleParts = (row: ScheduleRow, isHydrated: boolean) => ({
  id: row.id,
  name: row.name,
  body: {
    ...times(row),
    user_id: row.created_by,
    project_id: row.project_id,
    active: row.active,
    cron_expression: row.cron_expression,
    start_time: naiveOrNull(row.start_time),
    end_time: naiveOrNull(row.end_time),
    interval_second: row.interval_s === null ? null : durationOf(row.interval_s),
    catchup: row.catchup,
    run_once_start_time: naiveOrNull(row.run_once_start_time),
    is_archived: row.is_archived,
  },
  metadata: isHydrated ? { orchestrator_id: row.orchestrator_id, pipeline_id: row.pipeline_id, run_metadata: {} } : null,
});
