import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { AppError } from "@/lib/kernel/errors";
import { type KeysetPage, keysetInput, keysetPage } from "@/lib/kernel/keyset-page";
import type { Fields } from "@/lib/kernel/list";
import { defineQuery } from "@/lib/kernel/query";
import { findJob } from "./find-job";
import type { BulkAct, BulkList, ItemOutcome, JobItem, JobRow, JobSettings, JobState } from "./schema";

// Jobs and what came of each of their things. A job is a record of acts, so it is read by whoever may read the entries that it left: one's
// own, or those of the workspace.

const READABLE = "audit-entry:read";

type Found = {
  id: string;
  list: BulkList;
  act: BulkAct;
  settings: JobSettings;
  state: JobState;
  reason: string | null;
  total: number;
  done: number;
  unchanged: number;
  refused: number;
  failed: number;
  project_id: string;
  project: string;
  created_by: string;
  person: string | null;
  person_kind: string | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
};

const SOURCE = sql`(
  select j.id, j.workspace_id, j.project_id, j.list, j.act, j.settings, j.state, j.reason, j.total, j.done, j.unchanged, j.refused, j.failed, j.created_by,
    j.created_at, j.started_at, j.ended_at, p.name as project, coalesce(nullif(u.full_name, ''), u.name) as person, u.kind as person_kind
  from bulk_job j join project p on p.id = j.project_id left join principal u on u.id = j.created_by
) x`;

const JOB_FIELDS: Fields = {
  act: { kind: "enum", sql: sql.ref("x.act"), required: true },
  list: { kind: "enum", sql: sql.ref("x.list"), required: true },
  state: { kind: "enum", sql: sql.ref("x.state"), required: true },
  by: { kind: "text", sql: sql.ref("x.person") },
  project: { kind: "text", sql: sql.ref("x.project"), required: true },
  total: { kind: "number", sql: sql.ref("x.total"), required: true },
  created: { kind: "time", sql: sql.ref("x.created_at"), required: true },
  ended: { kind: "time", sql: sql.ref("x.ended_at") },
};

const toJob = (row: Found): JobRow => ({
  id: row.id,
  list: row.list,
  act: row.act,
  settings: row.settings,
  state: row.state,
  reason: row.reason,
  total: row.total,
  counts: {
    waiting: row.total - row.done - row.unchanged - row.refused - row.failed,
    done: row.done,
    unchanged: row.unchanged,
    refused: row.refused,
    failed: row.failed,
  },
  project: { id: row.project_id, name: row.project },
  by: row.person ? { id: row.created_by, name: row.person, kind: row.person_kind ?? "user" } : null,
  createdAt: row.created_at,
  startedAt: row.started_at,
  endedAt: row.ended_at,
});

/** The jobs of a workspace that the actor may read. Errors: bad_request for a cursor that is not ours, invalid_input. */
export const listJobs = defineQuery({
  name: "job.listed",
  permission: "workspace:read",
  input: keysetInput,
  run: async ({ tx, actor, input, workspace }): Promise<KeysetPage<JobRow>> => {
    const readable = visibleTo(actor, READABLE, { workspaceId: "x.workspace_id", projectId: "x.project_id", ownerId: "x.created_by" });
    const page = await keysetPage<Found>(tx, {
      source: SOURCE,
      fields: JOB_FIELDS,
      input,
      visible: sql<SqlBool>`x.workspace_id = ${workspace?.id ?? null} and ${readable}`,
      list: `jobs ${workspace?.id}`,
      readerId: actor.id,
    });
    return { ...page, rows: page.rows.map(toJob) };
  },
});

/** One job. Error: not_found. */
export const getJob = defineQuery({
  name: "job.get",
  permission: READABLE,
  input: z.strictObject({ jobId: z.uuid() }),
  scope: ({ tx, workspace, input }) => findJob(tx, workspace?.id, input.jobId),
  run: async ({ tx, input }): Promise<JobRow> => {
    const { rows } = await sql<Found>`select x.* from ${SOURCE} where x.id = ${input.jobId}`.execute(tx);
    const [row] = rows;
    if (!row) throw new AppError("not_found", "There is no such job here.");
    return toJob(row);
  },
});

const ITEM_FIELDS: Fields = {
  outcome: { kind: "enum", sql: sql.ref("x.outcome"), required: true },
  name: { kind: "text", sql: sql.ref("x.name"), required: true },
  reason: { kind: "text", sql: sql.ref("x.reason") },
  position: { kind: "number", sql: sql.ref("x.position"), required: true },
  done: { kind: "time", sql: sql.ref("x.done_at") },
};

type FoundItem = { id: string; position: number; thing_id: string; name: string; outcome: ItemOutcome; reason: string | null; done_at: string | null };

/** The things of a job and what came of each. Errors: not_found, bad_request for a cursor that is not ours, invalid_input. */
export const listJobItems = defineQuery({
  name: "job.items-listed",
  permission: READABLE,
  input: keysetInput.extend({ jobId: z.uuid() }),
  scope: ({ tx, workspace, input }) => findJob(tx, workspace?.id, input.jobId),
  run: async ({ tx, actor, input: { jobId, ...input } }): Promise<KeysetPage<JobItem>> => {
    const page = await keysetPage<FoundItem>(tx, {
      source: sql`bulk_item x`,
      fields: ITEM_FIELDS,
      input,
      visible: sql<SqlBool>`x.job_id = ${jobId}`,
      list: `job ${jobId}`,
      readerId: actor.id,
    });
    return {
      ...page,
      rows: page.rows.map((row) => ({
        id: row.id,
        position: row.position,
        thingId: row.thing_id,
        name: row.name,
        outcome: row.outcome,
        reason: row.reason,
        doneAt: row.done_at,
      })),
    };
  },
});
