import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { AppError } from "@/lib/kernel/errors";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { asRecord, parseRecord, plainValue, sourceText, toEnvironment, toException, toParameters } from "./recorded";
import type { MetadataRow, RunArtifact, RunPage, RunStep, StepArtifact } from "./schema";
import { shownStatus } from "./shown-status";

// Everything a run's page shows, read in one transaction. Reading it needs run:read on the run's own project; a run of another
// project, or one that is not there, is not_found. What the client did not record stays null: the page says so.

const MAX_STEPS = 2_000;
const MAX_ARTIFACTS = 2_000;
const MAX_METADATA = 1_000;

const noSuchRun = () => new AppError("not_found", "There is no such run here.", { reason: "not_readable" });

/** One run with its steps, artifacts, parameters, environment and metadata. Error: not_found. */
export const getRunPage = defineQuery({
  name: "run.page",
  permission: "run:read",
  input: z.strictObject({ projectId: z.uuid(), runId: z.uuid() }),
  scope: async ({ tx, workspace, input }) => {
    const run = await tx
      .selectFrom("run")
      .select(["id", "name", "created_by"])
      .where("id", "=", input.runId)
      .where("project_id", "=", input.projectId)
      .executeTakeFirst();
    if (!run) throw noSuchRun();
    return {
      workspaceId: workspace?.id,
      projectId: input.projectId,
      ownerId: run.created_by,
      runId: run.id,
      thing: { type: "run", id: run.id, name: run.name },
    };
  },
  run: async ({ tx, input }): Promise<RunPage> => {
    const run = await findRun(tx, input.projectId, input.runId);
    if (!run) throw noSuchRun();
    const configuration = parseRecord(run.pipeline_configuration);
    const steps = await findSteps(tx, run.id);
    const plan = await findPlan(tx, run.snapshot_id);
    const links = await findLinks(tx, run.id);
    const started = new Set(steps.map((step) => step.name));
    const planned = new Map(plan.map((step) => [step.name, step]));
    const rank = new Map(plan.map((step) => [step.name, step.position]));
    const pageSteps = steps
      .map((step) => toStep(step, planned.get(step.name), links))
      .sort(
        (a, b) =>
          (rank.get(a.name) ?? Number.MAX_SAFE_INTEGER) - (rank.get(b.name) ?? Number.MAX_SAFE_INTEGER) || (a.startedAt ?? "").localeCompare(b.startedAt ?? ""),
      );
    return {
      id: run.id,
      number: run.number,
      name: run.name,
      status: run.status,
      statusReason: run.status_reason,
      pipeline: run.pipeline,
      stack: run.stack,
      stackComponents: run.stack_id ? await findComponents(tx, run.stack_id) : [],
      startedBy: run.creator ? { name: run.creator, kind: run.creator_kind ?? "user" } : null,
      onBehalfOf: run.behalf,
      origin: run.origin,
      credentialKind: run.credential_kind,
      credentialLabel: run.credential_label,
      model: run.model && run.model_version ? { name: run.model, version: run.model_version } : null,
      codeDigest: run.code_digest,
      tags: run.tags,
      startedAt: run.start_time,
      endedAt: run.end_time,
      durationS: run.duration_s,
      createdAt: run.created_at,
      exception: runException(run.exception_info, pageSteps, steps),
      environment: toEnvironment(run.client_environment, run.python_packages, run.client_version),
      parameters: toParameters(configuration?.parameters),
      steps: pageSteps,
      stepsToCome: run.in_progress ? plan.filter((step) => !started.has(step.name)).map(({ name, upstream }) => ({ name, upstream })) : [],
      artifacts: await findArtifacts(tx, run.id),
      metadata: await findMetadata(tx, run.id),
      pipelineSource: run.source_code,
      orchestratorRunId: run.orchestrator_run_id,
      requestId: run.request_id,
    };
  },
});

type RunRecord = {
  id: string;
  number: number;
  name: string;
  status: string;
  status_reason: string | null;
  in_progress: boolean;
  origin: string;
  credential_kind: string;
  credential_label: string | null;
  code_digest: string | null;
  start_time: string | null;
  end_time: string | null;
  duration_s: number | null;
  created_at: string;
  created_by: string;
  orchestrator_run_id: string | null;
  request_id: string;
  exception_info: unknown;
  snapshot_id: string;
  stack_id: string | null;
  pipeline: string | null;
  stack: string | null;
  model: string | null;
  model_version: string | null;
  creator: string | null;
  creator_kind: string | null;
  behalf: string | null;
  tags: string[];
  client_version: string | null;
  client_environment: string | null;
  python_packages: string | null;
  pipeline_configuration: string | null;
  source_code: string | null;
};

async function findRun(tx: Tx, projectId: string, runId: string): Promise<RunRecord | undefined> {
  const { rows } = await sql<RunRecord>`
    select r.id, r.number, r.name, ${shownStatus("r")} as status, r.status_reason, r.in_progress, r.origin, r.credential_kind, r.code_digest, r.start_time, r.end_time,
      r.duration_s, r.created_at, r.created_by, r.orchestrator_run_id, r.request_id, r.exception_info, r.snapshot_id, r.stack_id,
      (select k.name from api_key k where k.id::text = r.credential_id) as credential_label,
      p.name as pipeline, s.name as stack, m.name as model, v.name as model_version,
      coalesce(nullif(u.full_name, ''), u.name) as creator, u.kind as creator_kind, coalesce(nullif(b.full_name, ''), b.name) as behalf,
      coalesce((select array_agg(t.name order by t.name) from tag_resource tr join tag t on t.id = tr.tag_id where tr.resource_id = r.id), '{}') as tags,
      n.client_version, environment.body as client_environment, packages.body as python_packages, configuration.body as pipeline_configuration, source.body as source_code
    from run r
      join snapshot n on n.id = r.snapshot_id
      left join document environment on environment.workspace_id = n.workspace_id and environment.sha256 = n.client_environment_sha256
      left join document packages on packages.workspace_id = n.workspace_id and packages.sha256 = coalesce(n.python_packages_sha256, r.python_packages_sha256)
      left join document configuration on configuration.workspace_id = n.workspace_id and configuration.sha256 = n.pipeline_configuration_sha256
      left join document source on source.workspace_id = n.workspace_id and source.sha256 = n.source_code_sha256
      left join pipeline p on p.id = r.pipeline_id
      left join stack s on s.id = r.stack_id
      left join model_version v on v.id = r.model_version_id
      left join model m on m.id = v.model_id
      left join principal u on u.id = r.created_by
      left join principal b on b.id = r.on_behalf_of
    where r.project_id = ${projectId} and r.id = ${runId}`.execute(tx);
  return rows[0];
}

type StepRecord = {
  id: string;
  name: string;
  version: number;
  status: string;
  start_time: string | null;
  end_time: string | null;
  cache_key: string | null;
  original_run_id: string | null;
  docstring: string | null;
  exception_info: unknown;
  body: string | null;
  source_code: string | null;
};

async function findSteps(tx: Tx, runId: string): Promise<StepRecord[]> {
  const { rows } = await sql<StepRecord>`
    select s.id, s.name, s.version, s.status, s.start_time, s.end_time, s.cache_key, s.docstring, s.exception_info,
      (select o.run_id from step_run o where o.id = s.original_step_run_id) as original_run_id,
      body.body, source.body as source_code
    from step_run s
      left join document body on body.workspace_id = s.workspace_id and body.sha256 = s.body_sha256
      left join document source on source.workspace_id = s.workspace_id and source.sha256 = s.source_code_sha256
    where s.run_id = ${runId} order by s.created_at, s.id limit ${MAX_STEPS}`.execute(tx);
  return rows;
}

type PlannedStep = { name: string; position: number; upstream: string[] };

async function findPlan(tx: Tx, snapshotId: string): Promise<PlannedStep[]> {
  return tx
    .selectFrom("snapshot_step")
    .select(["name", "position", "upstream"])
    .where("snapshot_id", "=", snapshotId)
    .orderBy("position")
    .limit(MAX_STEPS)
    .execute();
}

type LinkRecord = StepArtifact & { stepId: string; isOutput: boolean };

async function findLinks(tx: Tx, runId: string): Promise<LinkRecord[]> {
  const { rows } = await sql<LinkRecord>`
    select l.step_run_id as "stepId", l.is_output as "isOutput", l.name, a.name as artifact, v.version, v.id as "artifactVersionId", v.type, v.content_hash as "contentHash"
    from (
      select i.step_run_id, i.name, i.artifact_version_id, i.position, false as is_output from step_run_input i join step_run s on s.id = i.step_run_id where s.run_id = ${runId}
      union all
      select o.step_run_id, o.name, o.artifact_version_id, o.position, true from step_run_output o join step_run s on s.id = o.step_run_id where s.run_id = ${runId}
    ) l
      join artifact_version v on v.id = l.artifact_version_id
      join artifact a on a.id = v.artifact_id
    order by l.position, l.name limit ${MAX_ARTIFACTS * 2}`.execute(tx);
  return rows;
}

async function findComponents(tx: Tx, stackId: string): Promise<RunPage["stackComponents"]> {
  return tx
    .selectFrom("stack_component as sc")
    .innerJoin("component as c", "c.id", "sc.component_id")
    .innerJoin("flavor as f", "f.id", "c.flavor_id")
    .select(["c.type", "c.name", "f.name as flavor"])
    .where("sc.stack_id", "=", stackId)
    .orderBy("sc.position")
    .execute();
}

async function findArtifacts(tx: Tx, runId: string): Promise<RunArtifact[]> {
  const { rows } = await sql<Omit<RunArtifact, "dataType"> & { data_type: unknown }>`
    select v.id, a.name as artifact, v.version, v.type, v.data_type, s.name as step, v.item_count as "itemCount", v.content_hash as "contentHash", v.uri,
      v.created_at as "createdAt", (v.producer_run_id is distinct from ${runId}) as "isCached",
      coalesce((select array_agg(t.name order by t.name) from tag_resource tr join tag t on t.id = tr.tag_id where tr.resource_id = v.id), '{}') as tags
    from step_run s
      join step_run_output o on o.step_run_id = s.id
      join artifact_version v on v.id = o.artifact_version_id
      join artifact a on a.id = v.artifact_id
    where s.run_id = ${runId} order by s.created_at, o.position, a.name limit ${MAX_ARTIFACTS}`.execute(tx);
  return rows.map(({ data_type, ...row }) => ({ ...row, dataType: sourceText(data_type) ?? "" }));
}

async function findMetadata(tx: Tx, runId: string): Promise<MetadataRow[]> {
  const { rows } = await sql<MetadataRow>`
    select about, key, value, type, at from (
      select distinct on (m.resource_id, m.key) 'run' as about, 0 as rank, m.key, m.value, m.type, m.created_at as at
        from metadata_entry m where m.resource_type = 'pipeline_run' and m.resource_id = ${runId} order by m.resource_id, m.key, m.created_at desc) run_metadata
    union all
    select about, key, value, type, at from (
      select distinct on (m.resource_id, m.key) s.name as about, m.key, m.value, m.type, m.created_at as at
        from step_run s join metadata_entry m on m.resource_id = s.id where s.run_id = ${runId} order by m.resource_id, m.key, m.created_at desc) step_metadata
    union all
    select about, key, value, type, at from (
      select distinct on (m.resource_id, m.key) a.name || ' ' || case when v.version ~ '^[0-9]+$' then 'v' else '' end || v.version as about, m.key, m.value, m.type, m.created_at as at
        from artifact_version v join artifact a on a.id = v.artifact_id join metadata_entry m on m.resource_id = v.id
        where v.producer_run_id = ${runId} order by m.resource_id, m.key, m.created_at desc) artifact_metadata
    union all
    select about, key, value, type, at from (
      select distinct on (m.resource_id, m.key) d.name || ' ' || case when v.name ~ '^[0-9]+$' then 'v' else '' end || v.name as about, m.key, m.value, m.type, m.created_at as at
        from run r join model_version v on v.id = r.model_version_id join model d on d.id = v.model_id join metadata_entry m on m.resource_id = v.id and m.resource_type = 'model_version'
        where r.id = ${runId} order by m.resource_id, m.key, m.created_at desc) model_metadata
    limit ${MAX_METADATA}`.execute(tx);
  return rows.map((row) => ({ ...row, value: plainValue(row.value) }));
}

function toStep(step: StepRecord, planned: PlannedStep | undefined, links: LinkRecord[]): RunStep {
  const body = parseRecord(step.body);
  const config = asRecord(body?.config);
  const spec = asRecord(body?.spec);
  const own = links.filter((link) => link.stepId === step.id);
  const artifact = ({ stepId: _step, isOutput: _output, ...link }: LinkRecord): StepArtifact => link;
  return {
    id: step.id,
    name: step.name,
    version: step.version,
    status: step.status,
    startedAt: step.start_time,
    endedAt: step.end_time,
    cacheKey: step.cache_key,
    isCached: step.status === "cached",
    originalRunId: step.original_run_id,
    source: sourceText(spec?.source),
    docstring: step.docstring,
    exception: toException(step.exception_info),
    parameters: toParameters(config?.parameters),
    upstream: planned?.upstream ?? [],
    inputs: own.filter((link) => !link.isOutput).map(artifact),
    outputs: own.filter((link) => link.isOutput).map(artifact),
  };
}

/** The failure that ended the run: the first failed step's, otherwise the run's own. */
function runException(own: unknown, steps: RunStep[], records: StepRecord[]): RunPage["exception"] {
  const failed = steps.find((step) => step.status === "failed" && step.exception);
  if (failed?.exception) return { ...failed.exception, step: failed.name, source: records.find((record) => record.id === failed.id)?.source_code ?? null };
  const exception = toException(own);
  return exception && { ...exception, step: null, source: null };
}
