import "server-only";
import { type RawBuilder, sql } from "kysely";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { limitOf } from "@/lib/kernel/limit-of";
import type { Tx } from "@/lib/kernel/transaction";
import { shownStatus } from "@/lib/runs/shown-status";
import { FIGURES_OF, type PipelineFigures, SNAPSHOTS_COUNTED, STROKES_OF } from "./schema";

// The figures of pipelines from their latest runs: for each an index walk of at most FIGURES_OF runs, however many there are.

/** A pipeline's latest runs that the reader may see, newest first. `pipeline` is the reference of its id. */
export const latestRuns = (actor: Actor, pipeline: string, limit: number): RawBuilder<unknown> => sql`(
  select r.id, r.number, r.status, r.duration_s, r.created_at, r.start_time, r.in_progress, r.model_version_id, r.lost_at, r.project_id,
    row_number() over (order by r.created_at desc, r.id desc) as age
  from run r where r.pipeline_id = ${sql.ref(pipeline)}
    and ${visibleTo(actor, "run:read", { workspaceId: "r.workspace_id", projectId: "r.project_id", ownerId: "r.created_by" })}
  order by r.created_at desc, r.id desc ${limitOf(limit)})`;

const RECENT = sql`recent.created_at > now() - interval '30 days' and not recent.in_progress`;
const SUCCEEDED = sql`${RECENT} and recent.status in ('completed', 'cached')`;

/** Share of the runs of 30 days that succeeded, in percent; null without any that ended. For filters. */
export const successShare = (actor: Actor, pipeline: string): RawBuilder<unknown> =>
  sql`(select 100.0 * count(*) filter (where ${SUCCEEDED}) / nullif(count(*) filter (where ${RECENT}), 0) from ${latestRuns(actor, pipeline, FIGURES_OF)} recent)`;

/** The median duration in seconds of the runs that completed. For filters. */
export const medianDuration = (actor: Actor, pipeline: string): RawBuilder<unknown> =>
  sql`(select percentile_cont(0.5) within group (order by recent.duration_s) filter (where recent.status = 'completed') from ${latestRuns(actor, pipeline, FIGURES_OF)} recent)`;

type Found = {
  id: string;
  last: { id: string; number: number; status: string; at: string } | null;
  strokes: PipelineFigures["strokes"] | null;
  ended: number;
  succeeded: number;
  median: number | null;
  models: string[] | null;
  snapshots: number;
};

/** The figures by pipeline id, in one query. */
export async function readFigures(tx: Tx, actor: Actor, pipelineIds: readonly string[]): Promise<Map<string, PipelineFigures>> {
  if (pipelineIds.length === 0) return new Map();
  const readableModel = visibleTo(actor, "model:read", { workspaceId: "m.workspace_id", projectId: "m.project_id", ownerId: "m.created_by", thingId: "m.id" });
  const readableSnapshot = visibleTo(actor, "snapshot:read", { workspaceId: "s.workspace_id", projectId: "s.project_id", ownerId: "s.created_by" });
  const { rows } = await sql<Found>`
    select p.id, figures.last, figures.strokes, figures.ended, figures.succeeded, figures.median,
      (select array_agg(distinct m.name) from model_version v join model m on m.id = v.model_id where v.id = any(figures.versions) and ${readableModel}) as models,
      (select count(*)::int from (select 1 from snapshot s where s.pipeline_id = p.id and ${readableSnapshot} ${limitOf(SNAPSHOTS_COUNTED + 1)}) few) as snapshots
    from unnest(${[...pipelineIds]}::uuid[]) as p(id)
      cross join lateral (
        select
          (jsonb_agg(jsonb_build_object('id', recent.id, 'number', recent.number, 'status', ${shownStatus("recent")}, 'at', recent.start_time))
            filter (where recent.age = 1)) -> 0 as last,
          jsonb_agg(jsonb_build_object('status', recent.status, 'durationS', recent.duration_s) order by recent.age desc)
            filter (where recent.age <= ${STROKES_OF}) as strokes,
          (count(*) filter (where ${RECENT}))::int as ended,
          (count(*) filter (where ${SUCCEEDED}))::int as succeeded,
          percentile_cont(0.5) within group (order by recent.duration_s) filter (where recent.status = 'completed') as median,
          array_agg(distinct recent.model_version_id) filter (where recent.model_version_id is not null) as versions
        from ${latestRuns(actor, "p.id", FIGURES_OF)} recent
      ) figures`.execute(tx);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        lastRun: row.last,
        strokes: row.strokes ?? [],
        ended: row.ended,
        succeeded: row.succeeded,
        medianS: row.median,
        models: row.models ?? [],
        snapshots: row.snapshots,
      },
    ]),
  );
}

export const NO_FIGURES: PipelineFigures = { lastRun: null, strokes: [], ended: 0, succeeded: 0, medianS: null, models: [], snapshots: 0 };
