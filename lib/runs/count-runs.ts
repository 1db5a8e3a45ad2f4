import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { limitOf } from "@/lib/kernel/limit-of";
import { defineQuery } from "@/lib/kernel/query";
import { hasShownStatus } from "./shown-status";

// The counts beside the tabs of the runs list. Each stops at 10,000: a tab needs no more. One's own are counted in the order of the index
// that is made for it.

const COUNTED_UP_TO = 10_000;

/** How many runs of the project the actor started, and how many failed in the last seven days and how many wait for a person. */
export const countRuns = defineQuery({
  name: "run.count",
  permission: "run:read",
  input: z.strictObject({ projectId: z.uuid() }),
  scope: ({ actor, workspace, input }) => ({ workspaceId: workspace?.id, projectId: input.projectId, ownerId: actor.id }),
  run: async ({ tx, actor, input }): Promise<{ mine: number; failedThisWeek: number; waiting: number }> => {
    const readable = sql`r.project_id = ${input.projectId} and ${visibleTo(actor, "run:read", { workspaceId: "r.workspace_id", projectId: "r.project_id", ownerId: "r.created_by" })}`;
    const { rows } = await sql<{ mine: number; failed: number; waiting: number }>`select
      (select count(*)::int from (select 1 from run r where ${readable} and r.created_by = ${actor.id} order by r.workspace_id ${limitOf(COUNTED_UP_TO)}) m) as mine,
      (select count(*)::int from (select 1 from run r where ${readable} and r.status = 'failed' and r.start_time >= now() - interval '7 days' ${limitOf(COUNTED_UP_TO)}) f) as failed,
      (select count(*)::int from (select 1 from run r where ${readable} and ${hasShownStatus("r", ["waiting"])} ${limitOf(COUNTED_UP_TO)}) w) as waiting`.execute(
      tx,
    );
    return { mine: rows[0]?.mine ?? 0, failedThisWeek: rows[0]?.failed ?? 0, waiting: rows[0]?.waiting ?? 0 };
  },
});
