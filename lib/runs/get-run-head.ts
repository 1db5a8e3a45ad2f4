import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { firstOf } from "@/lib/kernel/first-of";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { readAttention } from "@/lib/waits/read-attention";
import { type Plan, planWords, slotBefore } from "@/lib/schedules/slot";
import type { RunFailure, RunHead, StepFigures } from "./head-schema";
import { parsePackages, parsed, parseRecord, toException } from "./recorded";
import { findRunScope, noSuchRun } from "./run-scope";
import { shownStatus } from "./shown-status";

// The head of a run's page: who, from where, with what, and how far it is. It reads no step in full, so that it costs the same for five
// steps and for two thousand.

const FAILED_NAMES = 200;

/** One run's head; with `includesFailure` also the error that ended it. Error: not_found. */
export const getRunHead = defineQuery({
  name: "run.head",
  permission: "run:read",
  input: z.strictObject({ projectId: z.uuid(), runId: z.uuid(), includesFailure: z.boolean().default(false) }),
  scope: findRunScope,
  run: async ({ tx, actor, workspace, input }): Promise<RunHead> => {
    const run = await findRun(tx, input.projectId, input.runId);
    if (!run) throw noSuchRun();
    const packages = parsePackages(run.python_packages === null ? parseRecord(run.client_environment)?.python_packages : parsed(run.python_packages));
    const { changedAt, ...steps } = await findFigures(tx, run.id, run.in_progress ? run.step_count : 0);
    return {
      id: run.id,
      number: run.number,
      name: run.name,
      ownerId: run.created_by,
      status: run.status,
      clientStatus: run.client_status,
      statusReason: run.status_reason,
      inProgress: run.in_progress,
      pipeline: run.pipeline,
      stack: run.stack_id && run.stack ? { id: run.stack_id, name: run.stack } : null,
      orchestrator: run.orchestrator,
      orchestratorRunId: run.orchestrator_run_id,
      startedBy: run.creator ? { name: run.creator, kind: run.creator_kind ?? "user" } : null,
      onBehalfOf: run.behalf,
      origin: run.origin,
      schedule: run.schedule && { name: run.schedule.name, plan: planWords(run.schedule), slot: run.start_time && slotBefore(run.schedule, run.start_time) },
      claimed: run.claimed ?? {},
      credentialKind: run.credential_kind,
      credentialLabel: run.credential_label,
      requestId: run.request_id,
      model: run.model && run.model_version ? { name: run.model, version: run.model_version } : null,
      codeDigest: run.code_digest,
      tags: run.tags,
      startedAt: run.start_time,
      endedAt: run.end_time,
      durationS: run.duration_s,
      createdAt: run.created_at,
      packages: packages && { count: packages.length, digest: run.packages_digest },
      steps,
      changedAt: changedAt && changedAt > run.updated_at ? changedAt : run.updated_at,
      attention: run.is_dynamic || run.status === "lost" ? await readAttention(tx, run.id) : null,
      failure: input.includesFailure && run.status === "failed" ? await findFailure(tx, run.id, run.exception_info) : null,
      entries: await findEntries(tx, actor, workspace?.id ?? "", run.id),
    };
  },
});

type Found = {
  id: string;
  number: number;
  name: string;
  created_by: string;
  status: string;
  client_status: string;
  status_reason: string | null;
  in_progress: boolean;
  is_dynamic: boolean;
  origin: string;
  claimed: Record<string, string> | null;
  credential_kind: string;
  credential_label: string | null;
  code_digest: string | null;
  start_time: string | null;
  end_time: string | null;
  duration_s: number | null;
  created_at: string;
  updated_at: string;
  orchestrator_run_id: string | null;
  schedule: (Plan & { name: string }) | null;
  request_id: string;
  exception_info: unknown;
  stack_id: string | null;
  pipeline: string | null;
  stack: string | null;
  orchestrator: { name: string; flavor: string } | null;
  model: string | null;
  model_version: string | null;
  creator: string | null;
  creator_kind: string | null;
  behalf: string | null;
  tags: string[];
  step_count: number;
  packages_digest: string | null;
  python_packages: string | null;
  client_environment: string | null;
};

async function findRun(tx: Tx, projectId: string, runId: string): Promise<Found | undefined> {
  const { rows } = await sql<Found>`
    select r.id, r.number, r.name, r.created_by, ${shownStatus("r")} as status, r.status as client_status, r.status_reason, r.in_progress, r.is_dynamic, r.origin, r.claimed, r.credential_kind, r.code_digest, r.start_time,
      r.end_time, r.duration_s, r.created_at, r.updated_at, r.orchestrator_run_id, r.request_id, r.exception_info, r.stack_id, n.step_count,
      (select k.name from api_key k where k.id::text = r.credential_id) as credential_label,
      p.name as pipeline, s.name as stack, m.name as model, v.name as model_version,
      (select jsonb_build_object('name', c.name, 'flavor', f.name) from stack_component sc join component c on c.id = sc.component_id join flavor f on f.id = c.flavor_id
        where sc.stack_id = r.stack_id and c.type = 'orchestrator' order by sc.position limit 1) as orchestrator,
      (select jsonb_build_object('name', h.name, 'cronExpression', h.cron_expression, 'intervalS', h.interval_s, 'startTime', h.start_time, 'runOnceStartTime', h.run_once_start_time)
        from schedule h where h.id = n.schedule_id) as schedule,
      coalesce(nullif(u.full_name, ''), u.name) as creator, u.kind as creator_kind, coalesce(nullif(b.full_name, ''), b.name) as behalf,
      coalesce((select array_agg(t.name order by t.name) from tag_resource tr join tag t on t.id = tr.tag_id where tr.resource_id = r.id), '{}') as tags,
      encode(packages.sha256, 'hex') as packages_digest, packages.body as python_packages,
      case when packages.body is null then environment.body end as client_environment
    from run r
      join snapshot n on n.id = r.snapshot_id
      left join document packages on packages.workspace_id = n.workspace_id and packages.sha256 = ${firstOf("n.python_packages_sha256", "r.python_packages_sha256")}
      left join document environment on environment.workspace_id = n.workspace_id and environment.sha256 = n.client_environment_sha256
      left join pipeline p on p.id = r.pipeline_id
      left join stack s on s.id = r.stack_id
      left join model_version v on v.id = r.model_version_id
      left join model m on m.id = v.model_id
      left join principal u on u.id = r.created_by
      left join principal b on b.id = r.on_behalf_of
    where r.project_id = ${projectId} and r.id = ${runId}`.execute(tx);
  return rows[0];
}

/** Counts the latest try of each step. `planned` is what the snapshot announces, for runs that go on. */
async function findFigures(tx: Tx, runId: string, planned: number): Promise<StepFigures & { changedAt: string | null }> {
  const { rows } = await sql<{ status: string; count: number; names: string[] | null; changed_at: string }>`
    select status, count(*) as count, max(updated_at) as changed_at, (array_agg(name order by created_at, id) filter (where status = 'failed'))[1:${sql.lit(FAILED_NAMES)}] as names
    from (select distinct on (name) name, status, created_at, updated_at, id from step_run where run_id = ${runId} order by name, version desc) latest
    group by status`.execute(tx);
  const counts = Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]));
  const started = rows.reduce((sum, { count }) => sum + Number(count), 0);
  const toCome = Math.max(0, planned - started);
  return {
    total: started + toCome,
    counts: toCome > 0 ? { ...counts, not_started: toCome } : counts,
    failed: rows.find(({ status }) => status === "failed")?.names ?? [],
    changedAt: rows.reduce<string | null>((latest, { changed_at: at }) => (latest === null || at > latest ? at : latest), null),
  };
}

/** The first failed step's error, otherwise the run's own. */
async function findFailure(tx: Tx, runId: string, own: unknown): Promise<RunFailure | null> {
  const { rows } = await sql<{ name: string; exception_info: unknown; source: string | null }>`
    select s.name, s.exception_info, source.body as source
    from step_run s left join document source on source.workspace_id = s.workspace_id and source.sha256 = s.source_code_sha256
    where s.run_id = ${runId} and s.status = 'failed' and s.exception_info is not null order by s.created_at, s.id limit 1`.execute(tx);
  const [step] = rows;
  const exception = step && toException(step.exception_info);
  if (exception) return { ...exception, step: step.name, source: step.source };
  const ofRun = toException(own);
  return ofRun && { ...ofRun, step: null, source: null };
}

async function findEntries(tx: Tx, actor: Actor, workspaceId: string, runId: string): Promise<RunHead["entries"]> {
  if (!can(actor, "audit-entry:read", { workspaceId, ownerId: actor.id }).allowed) return null;
  const { rows } = await sql<{ count: number; first: number | null; last: number | null }>`
    select count(*) as count, min(e.seq) as first, max(e.seq) as last from audit_entry e
    where e.organization_id = ${actor.organizationId} and e.workspace_id = ${workspaceId} and e.target_id = ${runId}
      and ${visibleTo(actor, "audit-entry:read", { workspaceId: "e.workspace_id", ownerId: "e.actor_id" })}`.execute(tx);
  const [found] = rows;
  return { count: Number(found?.count ?? 0), first: found?.first ?? 0, last: found?.last ?? 0 };
}
