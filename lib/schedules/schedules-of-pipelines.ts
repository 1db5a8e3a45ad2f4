import "server-only";
import { sql } from "kysely";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { anyOf } from "@/lib/kernel/any-of";
import type { Tx } from "@/lib/kernel/transaction";
import type { PipelineSchedule } from "@/lib/pipelines/schema";
import { type Plan, planWords } from "./slot";

/** So many of a pipeline's schedules are read. */
const MOST = 5;

/** The schedules of some pipelines that the actor may read, those that are active first, then the newest. One query. */
export async function schedulesOf(tx: Tx, actor: Actor, pipelineIds: readonly string[]): Promise<Map<string, PipelineSchedule[]>> {
  if (pipelineIds.length === 0) return new Map();
  const visible = visibleTo(actor, "trigger:read", { workspaceId: "h.workspace_id", projectId: "h.project_id", ownerId: "h.created_by" });
  const { rows } = await sql<Plan & { pipelineId: string; name: string; isActive: boolean }>`
    select p.id as "pipelineId", s.* from pipeline p cross join lateral (
      select h.name, h.active as "isActive", h.cron_expression as "cronExpression", h.interval_s as "intervalS", h.start_time as "startTime",
        h.run_once_start_time as "runOnceStartTime"
      from schedule h where h.pipeline_id = p.id and not h.is_archived and ${visible} order by h.active desc, h.created_at desc, h.id desc limit ${MOST}) s
    where p.id = ${anyOf(pipelineIds)}`.execute(tx);
  const found = new Map<string, PipelineSchedule[]>();
  for (const { pipelineId, name, isActive, ...plan } of rows)
    found.set(pipelineId, [...(found.get(pipelineId) ?? []), { name, isActive, plan: planWords(plan) }]);
  return found;
}
