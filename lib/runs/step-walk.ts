import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineQuery } from "@/lib/kernel/query";
import { findRunScope } from "./run-scope";

// What `[` and `]` walk on a run's page: steps in the order of the snapshot and then as they began, artifacts as those steps gave them out.

export type Walk = { previous: string | null; next: string | null };

/** The neighbours of a step by name; both null for one that the run does not have. Error: not_found. */
export const getStepWalk = defineQuery({
  name: "run.step-walk",
  permission: "run:read",
  input: z.strictObject({ projectId: z.uuid(), runId: z.uuid(), step: z.string().max(255) }),
  scope: findRunScope,
  run: async ({ tx, input }): Promise<Walk> => {
    const { rows } = await sql<Walk>`
      select previous, next from (
        select s.name, lag(s.name) over steps as previous, lead(s.name) over steps as next
        from (select distinct on (name) name, created_at, id, snapshot_id from step_run where run_id = ${input.runId} order by name, version) s
          left join snapshot_step p on p.snapshot_id = s.snapshot_id and p.name = s.name
        window steps as (order by p.position nulls last, s.created_at, s.id)
      ) walk where name = ${input.step}`.execute(tx);
    return rows[0] ?? { previous: null, next: null };
  },
});

/** The neighbours of an artifact version among what the run's steps gave out; both null for another. Error: not_found. */
export const getArtifactWalk = defineQuery({
  name: "run.artifact-walk",
  permission: "run:read",
  input: z.strictObject({ projectId: z.uuid(), runId: z.uuid(), versionId: z.uuid() }),
  scope: findRunScope,
  run: async ({ tx, input }): Promise<Walk> => {
    const { rows } = await sql<Walk>`
      select previous, next from (
        select artifact_version_id as id, lag(artifact_version_id) over given as previous, lead(artifact_version_id) over given as next
        from (
          select distinct on (o.artifact_version_id) o.artifact_version_id, p.position as step, s.created_at, s.id, o.position
          from step_run s join step_run_output o on o.step_run_id = s.id left join snapshot_step p on p.snapshot_id = s.snapshot_id and p.name = s.name
          where s.run_id = ${input.runId} order by o.artifact_version_id, s.created_at
        ) output
        window given as (order by step nulls last, created_at, id, position, artifact_version_id)
      ) walk where id = ${input.versionId}`.execute(tx);
    return rows[0] ?? { previous: null, next: null };
  },
});
