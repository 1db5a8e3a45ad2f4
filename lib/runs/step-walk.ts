import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineQuery } from "@/lib/kernel/query";
import { findRunScope } from "./run-scope";

// The step before and the one after, in the order of the snapshot and then as they began: what `[` and `]` walk.

export type StepWalk = { previous: string | null; next: string | null };

/** The neighbours of a step by name; both null for one that the run does not have. Error: not_found. */
export const getStepWalk = defineQuery({
  name: "run.step-walk",
  permission: "run:read",
  input: z.strictObject({ projectId: z.uuid(), runId: z.uuid(), step: z.string().max(255) }),
  scope: findRunScope,
  run: async ({ tx, input }): Promise<StepWalk> => {
    const { rows } = await sql<StepWalk>`
      select previous, next from (
        select s.name, lag(s.name) over steps as previous, lead(s.name) over steps as next
        from (select distinct on (name) name, created_at, id, snapshot_id from step_run where run_id = ${input.runId} order by name, version) s
          left join snapshot_step p on p.snapshot_id = s.snapshot_id and p.name = s.name
        window steps as (order by p.position nulls last, s.created_at, s.id)
      ) walk where name = ${input.step}`.execute(tx);
    return rows[0] ?? { previous: null, next: null };
  },
});
