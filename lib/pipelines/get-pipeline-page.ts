import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { visibleTo } from "@/lib/authz/visible";
import { AppError } from "@/lib/kernel/errors";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { latestRuns, NO_FIGURES, readFigures } from "./pipeline-figures";
import { CHANGES_OF, type CodeChange, type PipelinePage } from "./schema";
import { TAGS_OF_X } from "./list-pipeline-rows";

// One pipeline by its name, for its page; and how its code changed over its latest runs.

const MOST_CHANGES = 100;

/** The pipeline of a name in a project, as the target of a decision. Error: not_found. */
export async function pipelineTarget(tx: Tx, projectId: string, name: string) {
  const row = await tx
    .selectFrom("pipeline")
    .select(["id", "name", "workspace_id", "created_by"])
    .where("project_id", "=", projectId)
    .where("name", "=", name)
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", "There is no such pipeline here.", { reason: "not_readable" });
  return { workspaceId: row.workspace_id, projectId, ownerId: row.created_by, thing: { type: "pipeline", id: row.id, name: row.name } };
}

const named = z.strictObject({ projectId: z.uuid(), name: z.string() });

type Found = {
  id: string;
  name: string;
  description: string | null;
  created_by: string | null;
  created_at: string;
  creator: string | null;
  creator_kind: string | null;
  tags: string[];
  runs: number;
};

/** What the page of a pipeline shows. Error: not_found. */
export const getPipelinePage = defineQuery({
  name: "pipeline.page",
  permission: "pipeline:read",
  input: named,
  scope: ({ tx, input }) => pipelineTarget(tx, input.projectId, input.name),
  run: async ({ tx, actor, input, target }): Promise<PipelinePage> => {
    const visible = visibleTo(actor, "run:read", { workspaceId: "r.workspace_id", projectId: "r.project_id", ownerId: "r.created_by" });
    // The kept count is of everybody's runs.
    const readsAll = can(actor, "run:read", { ...target, ownerId: null }).reach === "any";
    const runs = readsAll ? sql`x.run_count` : sql`(select count(*)::int from run r where r.pipeline_id = x.id and ${visible})`;
    const { rows } = await sql<Found>`
      select x.id, x.name, x.description, x.created_by, x.created_at, coalesce(nullif(u.full_name, ''), u.name) as creator, u.kind as creator_kind, ${TAGS_OF_X} as tags, ${runs} as runs
      from pipeline x left join principal u on u.id = x.created_by where x.project_id = ${input.projectId} and x.name = ${input.name}`.execute(tx);
    const row = rows[0] as Found;
    return {
      id: row.id,
      name: row.name,
      description: row.description,
      ownerId: row.created_by,
      by: row.creator ? { name: row.creator, kind: row.creator_kind ?? "user" } : null,
      createdAt: row.created_at,
      tags: row.tags,
      runs: row.runs,
      ...((await readFigures(tx, actor, [row.id])).get(row.id) ?? NO_FIGURES),
    };
  },
});

type Stretch = {
  code_digest: string | null;
  id: string;
  number: number;
  name: string;
  at: string;
  last_at: string;
  runs: number;
  failed: number;
  creator: string | null;
  creator_kind: string | null;
  origin: string;
};

/** The stretches of equal code among the latest runs that the reader may see, newest first. Error: not_found. */
export const listCodeChanges = defineQuery({
  name: "pipeline.changes",
  permission: "pipeline:read",
  input: named,
  scope: ({ tx, input }) => pipelineTarget(tx, input.projectId, input.name),
  run: async ({ tx, actor, input }): Promise<CodeChange[]> => {
    const visible = visibleTo(actor, "run:read", { workspaceId: "r.workspace_id", projectId: "r.project_id", ownerId: "r.created_by" });
    const { thing } = await pipelineTarget(tx, input.projectId, input.name);
    const { rows } = await sql<Stretch>`
      with recent as (
        select r.id, r.created_at, r.code_digest, r.status = 'failed' as failed,
          (r.code_digest is distinct from lag(r.code_digest) over runs or row_number() over runs = 1)::int as starts
        from (values (${thing.id}::uuid)) p(id) cross join lateral ${latestRuns(actor, "p.id", CHANGES_OF)} latest join run r on r.id = latest.id
        window runs as (order by r.created_at, r.id)
      ), numbered as (
        select recent.*, sum(starts) over (order by created_at, id) as stretch from recent
      ), stretches as (
        select stretch, count(*)::int as runs, (count(*) filter (where failed))::int as failed, max(created_at) as last_at,
          (array_agg(id order by created_at, id))[1] as first_id from numbered group by stretch order by stretch desc limit ${MOST_CHANGES}
      )
      select r.code_digest, r.id, r.number, r.name, r.created_at as at, s.last_at, s.runs, s.failed, coalesce(nullif(u.full_name, ''), u.name) as creator,
        u.kind as creator_kind, r.origin
      from stretches s join run r on r.id = s.first_id left join principal u on u.id = r.created_by where ${visible} order by s.stretch desc`.execute(tx);
    return rows.map((row) => ({
      codeDigest: row.code_digest,
      firstRun: { id: row.id, number: row.number, name: row.name, at: row.at },
      lastAt: row.last_at,
      runs: row.runs,
      failed: row.failed,
      by: row.creator ? { name: row.creator, kind: row.creator_kind ?? "user" } : null,
      origin: row.origin,
    }));
  },
});
