import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { buildGraph, type LinkRow } from "./build-graph";
import type { GraphTry, RunGraph } from "./graph-schema";
import { findRunScope, noSuchRun } from "./run-scope";
import { readStepShapes } from "./step-shape";

// A run as its page draws it: graph and timeline. Bounded: the first MAX_STEPS tries and MAX_LINKS inputs and outputs, in five queries.

const MAX_STEPS = 2_000;
const MAX_LINKS = 8_000;

/** The graph of one run of a project. Error: not_found. */
export const getRunGraph = defineQuery({
  name: "run.graph",
  permission: "run:read",
  input: z.strictObject({ projectId: z.uuid(), runId: z.uuid() }),
  scope: findRunScope,
  run: async ({ tx, input }): Promise<RunGraph> => {
    const run = await tx
      .selectFrom("run")
      .select(["id", "workspace_id", "snapshot_id", "in_progress", "start_time", "end_time"])
      .where("id", "=", input.runId)
      .where("project_id", "=", input.projectId)
      .executeTakeFirst();
    if (!run) throw noSuchRun();
    const planned = await tx
      .selectFrom("snapshot_step")
      .select(["name", "upstream", "body_sha256"])
      .where("snapshot_id", "=", run.snapshot_id)
      .orderBy("position")
      .limit(MAX_STEPS + 1)
      .execute();
    const tries = await findTries(tx, run.id);
    const links = await findLinks(tx, run.id);
    const shape = await readStepShapes(
      tx,
      run.workspace_id,
      [...planned, ...tries].map((row) => row.body_sha256),
    );
    const built = buildGraph(
      planned.slice(0, MAX_STEPS).map((step) => ({ name: step.name, upstream: step.upstream, shape: shape(step.body_sha256) })),
      tries.slice(0, MAX_STEPS).map(({ body_sha256, ...row }) => ({ ...row, shape: shape(body_sha256) })),
      links,
    );
    return {
      runId: run.id,
      snapshotId: run.snapshot_id,
      inProgress: run.in_progress,
      startedAt: run.start_time,
      endedAt: run.end_time,
      ...built,
      isCut: planned.length > MAX_STEPS || tries.length > MAX_STEPS || links.length === MAX_LINKS,
    };
  },
});

async function findTries(tx: Tx, runId: string): Promise<(GraphTry & { name: string; body_sha256: Buffer; parentIds: string[] })[]> {
  const { rows } = await sql<GraphTry & { name: string; body_sha256: Buffer; parentIds: string[] }>`
    select s.id, s.name, s.version, s.status, s.start_time as "startedAt", s.end_time as "endedAt", s.body_sha256,
      coalesce(p.ids, '{}') as "parentIds"
    from step_run s
      left join (
        select p.step_run_id, array_agg(p.parent_id::text order by p.parent_id) as ids
        from step_run_parent p join step_run own on own.id = p.step_run_id where own.run_id = ${runId} group by p.step_run_id
      ) p on p.step_run_id = s.id
    where s.run_id = ${runId} order by s.created_at, s.id limit ${MAX_STEPS + 1}`.execute(tx);
  return rows;
}

/** Inputs and outputs of each step's latest try. */
async function findLinks(tx: Tx, runId: string): Promise<LinkRow[]> {
  const { rows } = await sql<LinkRow>`
    with latest as materialized (
      select distinct on (name) id from step_run where run_id = ${runId} order by name, version desc
    )
    select l.step_run_id as "stepRunId", l.is_output as "isOutput", l.name, v.id as "versionId", a.name as artifact, v.version, v.type,
      v.content_hash as "contentHash"
    from (
      select i.step_run_id, i.name, i.artifact_version_id, i.position, false as is_output from latest join step_run_input i on i.step_run_id = latest.id
      union all
      select o.step_run_id, o.name, o.artifact_version_id, o.position, true from latest join step_run_output o on o.step_run_id = latest.id
    ) l
      join artifact_version v on v.id = l.artifact_version_id
      join artifact a on a.id = v.artifact_id
    order by l.is_output desc, l.step_run_id, l.name, l.position limit ${MAX_LINKS}`.execute(tx);
  return rows;
}
