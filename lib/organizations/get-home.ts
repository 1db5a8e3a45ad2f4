import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { reviewsDueTo } from "@/lib/access-reviews/queries";
import type { DueReview } from "@/lib/access-reviews/schema";
import { can } from "@/lib/authz/can";
import { visibleTo } from "@/lib/authz/visible";
import { alarmingDirectories } from "@/lib/directories/queries";
import type { AlarmingDirectory } from "@/lib/directories/schema";
import { expiringFor } from "@/lib/expiry/queries";
import type { Expiring } from "@/lib/expiry/schema";
import { defineQuery } from "@/lib/kernel/query";
import { revealsWaitingFor } from "@/lib/secrets/list-reveals";
import type { RevealRow } from "@/lib/secrets/reveal-schema";
import type { Stroke, WorkspaceCell } from "@/lib/workspaces/schema";

// The organization's home: the workspaces that the actor may read with their last runs, and counts of what they may count.

const STROKES = 48;

export type Home = {
  organization: string;
  cells: WorkspaceCell[];
  /** Counts of people and service accounts, null for those who may not list them. */
  people: number | null;
  serviceAccounts: number | null;
  hasServiceAccount: boolean;
  /** Directories that are silent or would end too much at once; none for those who may not read directories. */
  directories: AlarmingDirectory[];
  /** Access reviews with rows that this person may decide and nobody has. */
  reviews: DueReview[];
  /** Reveals of secrets that wait for this person's decision. */
  reveals: RevealRow[];
  /** Keys and values that end soon, of what this person may change. */
  expiring: Expiring[];
};

/** Everything that the home page shows, in one round. */
export const getHome = defineQuery({
  name: "organization.home",
  permission: "session:read",
  input: z.strictObject({}),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor }): Promise<Home> => {
    const readableRun = visibleTo(actor, "run:read", { workspaceId: "r.workspace_id", projectId: "r.project_id", ownerId: "r.created_by" });
    const readableProject = visibleTo(actor, "project:read", { workspaceId: "p.workspace_id", projectId: "p.id", ownerId: "p.created_by" });
    const countedRun = visibleTo(actor, "run:read", { workspaceId: "c.workspace_id", projectId: "c.project_id", ownerId: "c.workspace_id" });
    const countsPeople = can(actor, "user:read").allowed;
    const cells = await sql<Cell>`
      select w.id, w.slug, w.display_name, w.description, w.state,
        coalesce((select p.name from project p where p.workspace_id = w.id and ${readableProject} order by p.name <> 'default', p.name limit 1), 'default') as project,
        coalesce(last.strokes, '[]'::jsonb) as strokes, counts.running, counts.failed7d,
        (select coalesce(sum(c.total), 0)::int from entity_count c where c.workspace_id = w.id and c.kind = 'run' and ${countedRun}) as runs
      from workspace w
        left join lateral (
          select jsonb_agg(jsonb_build_object('status', s.status, 'durationS', s.duration_s) order by s.created_at) as strokes
          from (select recent.* from project p
                cross join lateral (select r.status, r.duration_s, r.created_at from run r where r.project_id = p.id and ${readableRun} order by r.created_at desc limit ${STROKES}) recent
                where p.workspace_id = w.id order by recent.created_at desc limit ${STROKES}) s
        ) last on true
        left join lateral (
          select (select count(*)::int from run r where r.workspace_id = w.id and r.in_progress and ${readableRun}) as running,
            (select count(*)::int from project p join run r on r.project_id = p.id and r.status = 'failed' and r.created_at > now() - interval '7 days' and ${readableRun}
              where p.workspace_id = w.id) as failed7d
        ) counts on true
      where w.organization_id = ${actor.organizationId} and w.state <> 'deleted'
        and ${visibleTo(actor, "workspace:read", { workspaceId: "w.id", ownerId: "w.id" })}
      order by w.state <> 'active', w.slug`.execute(tx);
    const { rows: totals } = await sql<Totals>`
      select o.name,
        (select count(*)::int from principal p where p.organization_id = o.id and p.kind = 'user' and p.active) as people,
        (select count(*)::int from principal p where p.organization_id = o.id and p.kind = 'service_account' and p.active) as service_accounts,
        exists (select 1 from principal p where p.organization_id = o.id and p.kind = 'service_account' and p.active)::bool as has_service_account
      from organization o where o.id = ${actor.organizationId}`.execute(tx);
    const total = totals[0];
    const directories = can(actor, "directory:read").allowed ? await alarmingDirectories(tx, actor.organizationId) : [];
    return {
      organization: total?.name ?? "",
      cells: cells.rows.map((cell) => {
        const canReadRuns = can(actor, "run:read", { workspaceId: cell.id, ownerId: actor.id }).allowed;
        return {
          slug: cell.slug,
          displayName: cell.display_name,
          description: cell.description,
          state: cell.state,
          project: cell.project,
          canReadRuns,
          strokes: cell.strokes,
          runs: canReadRuns ? cell.runs : 0,
          running: cell.running,
          failed7d: cell.failed7d,
        };
      }),
      people: countsPeople ? (total?.people ?? 0) : null,
      serviceAccounts: countsPeople ? (total?.service_accounts ?? 0) : null,
      hasServiceAccount: total?.has_service_account ?? false,
      directories,
      reviews: await reviewsDueTo(tx, actor),
      reveals: await revealsWaitingFor(tx, actor),
      expiring: await expiringFor(tx, actor),
    };
  },
});

type Cell = {
  id: string;
  slug: string;
  display_name: string;
  description: string;
  state: string;
  project: string;
  strokes: Stroke[];
  running: number;
  failed7d: number;
  runs: number;
};
type Totals = { name: string; people: number; service_accounts: number; has_service_account: boolean };
