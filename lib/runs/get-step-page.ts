import "server-only";
import { createHmac } from "node:crypto";
import { sql } from "kysely";
import { z } from "zod";
import { hideSecrets } from "@/lib/audit/redact";
import { visibleTo } from "@/lib/authz/visible";
import { AppError } from "@/lib/kernel/errors";
import { firstOf } from "@/lib/kernel/first-of";
import { authenticationKey } from "@/lib/kernel/keys";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { readMetadataValues } from "@/lib/metadata/read-metadata";
import { asRecord, parseRecord, plainValue, sourceText, toEnvironment, toException, withoutValues } from "./recorded";
import type { StepOrigin, StepPage, StepPageArtifact, StepParameter, StepTry, StepVariable } from "./step-schema";

// Everything that a step's panel and page show, read in one transaction. Reading it needs run:read on its run; a step of another project,
// or one that is not there, is not_found. Values of environment variables never leave this file.

const MAX_LINKS = 500;
const noSuchStep = () => new AppError("not_found", "There is no such step here.", { reason: "not_readable" });

/** One step with its inputs, outputs, parameters, configuration, environment, metadata and tries: by id, or by its name in a run and its try (null: the last). Error: not_found. */
export const getStepPage = defineQuery({
  name: "step.page",
  permission: "run:read",
  input: z.union([
    z.strictObject({ projectId: z.uuid(), stepRunId: z.uuid() }),
    z.strictObject({ projectId: z.uuid(), runId: z.uuid(), step: z.string().max(255), version: z.number().int().positive().nullable() }),
  ]),
  scope: async ({ tx, workspace, input }) => {
    const step = await tx
      .selectFrom("step_run as s")
      .innerJoin("run as r", "r.id", "s.run_id")
      .select(["s.id", "s.name", "r.id as runId", "r.created_by as ownerId"])
      .where("s.id", "=", await findStepId(tx, input))
      .where("s.project_id", "=", input.projectId)
      .executeTakeFirst();
    if (!step) throw noSuchStep();
    return {
      workspaceId: workspace?.id,
      projectId: input.projectId,
      ownerId: step.ownerId,
      runId: step.runId,
      thing: { type: "step", id: step.id, name: step.name },
    };
  },
  run: async ({ tx, actor, input, workspace }): Promise<StepPage> => {
    const stepRunId = await findStepId(tx, input);
    const readable = visibleTo(actor, "run:read", { workspaceId: "o.workspace_id", projectId: "o.project_id", ownerId: "o.created_by" });
    const { rows } = await sql<Found>`
      select s.id, s.name, s.version, s.status, s.type, s.start_time, s.end_time, s.docstring, s.code_hash, s.cache_key, s.cache_expires_at, s.exception_info, s.request_id,
        r.id as run_id, r.number as run_number, r.name as run_name, r.status as run_status, r.start_time as run_start_time, r.origin,
        p.name as pipeline, k.name as stack, m.name as model, v.name as model_version,
        coalesce(nullif(u.full_name, ''), u.name) as creator, u.kind as creator_kind, coalesce(nullif(b.full_name, ''), b.name) as behalf,
        (select jsonb_build_object('stepRunId', t.id, 'runId', o.id, 'runNumber', o.number, 'runName', o.name)
          from step_run t join run o on o.id = t.run_id where t.id = s.original_step_run_id and ${readable}) as origin_step,
        n.client_version, body.body, source.body as source_code, configuration.body as pipeline_configuration,
        environment.body as client_environment, packages.body as python_packages
      from step_run s
        join run r on r.id = s.run_id
        join snapshot n on n.id = r.snapshot_id
        left join document body on body.workspace_id = s.workspace_id and body.sha256 = s.body_sha256
        left join document source on source.workspace_id = s.workspace_id and source.sha256 = s.source_code_sha256
        left join document configuration on configuration.workspace_id = n.workspace_id and configuration.sha256 = n.pipeline_configuration_sha256
        left join document environment on environment.workspace_id = n.workspace_id
          and environment.sha256 = ${firstOf("r.orchestrator_environment_sha256", "n.client_environment_sha256")}
        left join document packages on packages.workspace_id = n.workspace_id and packages.sha256 = ${firstOf("n.python_packages_sha256", "r.python_packages_sha256")}
        left join pipeline p on p.id = r.pipeline_id
        left join stack k on k.id = r.stack_id
        left join model_version v on v.id = ${firstOf("s.model_version_id", "r.model_version_id")}
        left join model m on m.id = v.model_id
        left join principal u on u.id = r.created_by
        left join principal b on b.id = r.on_behalf_of
      where s.id = ${stepRunId} and s.project_id = ${input.projectId}`.execute(tx);
    const step = rows[0];
    if (!step) throw noSuchStep();
    const links = await findLinks(tx, step.id);
    const tries = await findTries(tx, step.run_id, step.name);
    const upstream = await findUpstream(tx, step.id);
    const metadata = await readMetadataValues(tx, step.id);
    const body = parseRecord(step.body);
    const config = asRecord(body?.config);
    const spec = asRecord(body?.spec);
    const pipelineConfig = parseRecord(step.pipeline_configuration);
    const ends = upstream.map(({ endedAt }) => endedAt).filter((at) => at !== null);
    return {
      id: step.id,
      name: step.name,
      version: step.version,
      status: step.status,
      kind: step.type,
      startedAt: step.start_time,
      endedAt: step.end_time,
      readyAt: upstream.length === 0 ? step.run_start_time : ends.length === upstream.length ? (ends.sort().at(-1) ?? null) : null,
      docstring: step.docstring,
      source: sourceText(spec?.source),
      sourceCode: step.source_code,
      codeHash: step.code_hash,
      run: {
        id: step.run_id,
        number: step.run_number,
        name: step.run_name,
        status: step.run_status,
        pipeline: step.pipeline,
        stack: step.stack,
        startedAt: step.run_start_time,
      },
      startedBy: step.creator ? { name: step.creator, kind: step.creator_kind ?? "user" } : null,
      origin: step.origin,
      onBehalfOf: step.behalf,
      model: step.model && step.model_version ? { name: step.model, version: step.model_version } : null,
      exception: toException(step.exception_info),
      cache: {
        key: step.cache_key,
        isEnabled: flag(config?.enable_cache) ?? flag(pipelineConfig?.enable_cache),
        expiresAt: step.cache_expires_at,
        isHit: step.status === "cached",
        from: step.origin_step,
      },
      parameters: toStepParameters(config?.parameters, spec?.parameter_spec),
      inputs: links.filter((link) => !link.isOutput).map(toArtifact),
      outputs: links.filter((link) => link.isOutput).map(toArtifact),
      upstream: upstream.map(({ id, name, status }) => ({ id, name, status })),
      tries,
      retries: Number(asRecord(config?.retry ?? pipelineConfig?.retry)?.max_retries ?? 0) || 0,
      configuration: config ? JSON.stringify(withoutValues(config), null, 2) : null,
      resources: toResources(config?.settings),
      variables: toVariables(workspace?.id ?? "", { ...asRecord(pipelineConfig?.environment), ...asRecord(config?.environment) }),
      environment: toEnvironment(step.client_environment, step.python_packages, step.client_version),
      metadata: metadata.map((row) => ({ about: step.name, ...row, value: plainValue(row.value) })),
      requestId: step.request_id,
    };
  },
});

type Which = { stepRunId: string } | { runId: string; step: string; version: number | null };

/** The id of the step that is asked for. Error: not_found. */
async function findStepId(tx: Tx, which: Which): Promise<string> {
  if ("stepRunId" in which) return which.stepRunId;
  let query = tx.selectFrom("step_run").select("id").where("run_id", "=", which.runId).where("name", "=", which.step).orderBy("version", "desc").limit(1);
  if (which.version !== null) query = query.where("version", "=", which.version);
  const step = await query.executeTakeFirst();
  if (!step) throw noSuchStep();
  return step.id;
}

type Found = {
  id: string;
  name: string;
  version: number;
  status: string;
  type: string | null;
  start_time: string | null;
  end_time: string | null;
  docstring: string | null;
  code_hash: string | null;
  cache_key: string | null;
  cache_expires_at: string | null;
  exception_info: unknown;
  request_id: string;
  run_id: string;
  run_number: number;
  run_name: string;
  run_status: string;
  run_start_time: string | null;
  origin: string;
  pipeline: string | null;
  stack: string | null;
  model: string | null;
  model_version: string | null;
  creator: string | null;
  creator_kind: string | null;
  behalf: string | null;
  origin_step: StepOrigin | null;
  client_version: string | null;
  body: string | null;
  source_code: string | null;
  pipeline_configuration: string | null;
  client_environment: string | null;
  python_packages: string | null;
};

type Link = Omit<StepPageArtifact, "dataType" | "producer"> & {
  isOutput: boolean;
  dataType: unknown;
  producerRunId: string | null;
  producerStepId: string | null;
  producerStep: string | null;
};

async function findLinks(tx: Tx, stepRunId: string): Promise<Link[]> {
  const { rows } = await sql<Link>`
    select l.is_output as "isOutput", l.kind, l.name, a.name as artifact, v.version, v.id as "artifactVersionId", v.type, v.content_hash as "contentHash", v.data_type as "dataType",
      v.producer_run_id as "producerRunId", v.producer_step_run_id as "producerStepId", (select t.name from step_run t where t.id = v.producer_step_run_id) as "producerStep"
    from (
      select i.name, i.artifact_version_id, i.position, i.type as kind, false as is_output from step_run_input i where i.step_run_id = ${stepRunId}
      union all
      select o.name, o.artifact_version_id, o.position, 'step_output', true from step_run_output o where o.step_run_id = ${stepRunId}
    ) l
      join artifact_version v on v.id = l.artifact_version_id
      join artifact a on a.id = v.artifact_id
    order by l.position, l.name limit ${MAX_LINKS}`.execute(tx);
  return rows;
}

const toArtifact = ({ isOutput: _isOutput, dataType, producerRunId, producerStepId, producerStep, ...link }: Link): StepPageArtifact => ({
  ...link,
  dataType: sourceText(dataType) ?? "",
  producer: producerRunId ? { runId: producerRunId, stepRunId: producerStepId, step: producerStep } : null,
});

async function findTries(tx: Tx, runId: string, name: string): Promise<StepTry[]> {
  return tx
    .selectFrom("step_run")
    .select(["id", "version", "status", "start_time as startedAt", "end_time as endedAt"])
    .where("run_id", "=", runId)
    .where("name", "=", name)
    .orderBy("version")
    .execute();
}

async function findUpstream(tx: Tx, stepRunId: string) {
  return tx
    .selectFrom("step_run_parent as p")
    .innerJoin("step_run as s", "s.id", "p.parent_id")
    .select(["s.id", "s.name", "s.status", "s.end_time as endedAt"])
    .where("p.step_run_id", "=", stepRunId)
    .orderBy("s.name")
    .limit(MAX_LINKS)
    .execute();
}

const flag = (value: unknown): boolean | null => (typeof value === "boolean" ? value : null);

/** The parameters and whether each is the default of the step's function. */
function toStepParameters(values: unknown, schema: unknown): StepParameter[] {
  const properties = asRecord(hideSecrets(asRecord(schema)?.properties)) ?? {};
  return Object.entries(asRecord(hideSecrets(values)) ?? {}).map(([name, item]) => {
    const known = asRecord(properties[name]);
    const text = JSON.stringify(item) ?? "null";
    const preset = known && "default" in known ? (JSON.stringify(known.default) ?? "null") : null;
    return { name, value: plainValue(text), origin: preset === text ? "default" : "set", default: preset === null ? null : plainValue(preset) };
  });
}

/** What the step asked for: CPUs, GPUs, memory. */
function toResources(settings: unknown): StepPage["resources"] {
  const resources = asRecord(asRecord(settings)?.resources);
  return Object.entries(resources ?? {}).flatMap(([name, value]) =>
    value === null || typeof value === "object" ? [] : [{ name: name.replaceAll("_", " "), value: String(value) }],
  );
}

function toVariables(workspaceId: string, values: Record<string, unknown>): StepVariable[] {
  const key = authenticationKey("environment-value-mark");
  return Object.entries(values)
    .map(([name, value]) => ({
      name,
      mark: createHmac("sha256", key)
        .update(`${workspaceId}\n${name}\n${JSON.stringify(value)}`)
        .digest("hex")
        .slice(0, 32),
    }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}
