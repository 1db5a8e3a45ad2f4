import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { defineQuery } from "@/lib/kernel/query";

// Whether an open page is behind. It looks at one run, or at the newest runs of the project, which bounds its cost at any size.

const NEWEST = 200;

/** Whether the run, or one of the project's newest runs, changed after `since` (ISO). */
export const hasChangedSince = defineQuery({
  name: "run.changed",
  permission: "run:read",
  input: z.strictObject({ projectId: z.uuid(), since: z.iso.datetime(), runId: z.uuid().optional() }),
  scope: ({ actor, workspace, input }) => ({ workspaceId: workspace?.id, projectId: input.projectId, ownerId: actor.id }),
  run: async ({ tx, actor, input: { projectId, runId, since } }): Promise<boolean> => {
    const readable = sql`r.project_id = ${projectId} and ${visibleTo(actor, "run:read", { workspaceId: "r.workspace_id", projectId: "r.project_id", ownerId: "r.created_by" })}`;
    const { rows } = await (runId
      ? sql<{ changed: boolean }>`select exists (select 1 from run r where r.id = ${runId} and ${readable} and (r.updated_at > ${since}
          or exists (select 1 from step_run s where s.run_id = r.id and s.updated_at > ${since}))) as changed`
      : sql<{ changed: boolean }>`select exists (select 1 from (select r.updated_at from run r where ${readable}
          order by r.number desc limit ${NEWEST}) newest where updated_at > ${since}) as changed`
    ).execute(tx);
    return rows[0]?.changed ?? false;
  },
});
