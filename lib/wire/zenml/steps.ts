import "server-only";
import { z } from "zod";
import { documentOf, readDocuments } from "@/lib/documents/documents";
import { anyOf } from "@/lib/kernel/any-of";
import { execute } from "@/lib/kernel/command";
import { prepared } from "@/lib/kernel/prepared";
import { ask } from "@/lib/kernel/query";
import { readInScope, readTogether } from "@/lib/kernel/transaction";
import { readMetadata } from "@/lib/metadata/read-metadata";
import { heartbeatStep } from "@/lib/runs/heartbeat-step";
import { getStep, listStepsByOffset, readStepLinks, type StepRow } from "@/lib/runs/read-runs";
import { STEP_FIELDS } from "@/lib/runs/run-fields";
import { startStep } from "@/lib/runs/start-step";
import { substitutionsOf } from "@/lib/runs/start-run";
import { STATUSES } from "@/lib/runs/status";
import { updateStep } from "@/lib/runs/update-step";
import { bodyOf, logReference, textOf, verbatimBody, wireTime } from "./bodies";
import type { Endpoint, WireCall } from "./endpoint";
import { checkPage, parseList } from "./list-query";
import { idsOf, nestedArtifactVersions, nestedLogs, nestedModelVersions, nestedUsers } from "./nested";
import { projectIdOf } from "./project-parameter";
import { entity, naiveOrNull, pageOf, parseVerbatim, RawJson, stringifyVerbatim, times, utc } from "./respond";

const open = z.record(z.string(), z.unknown());
const links = z.record(z.string(), z.array(z.uuid()));

const startBody = z.object({
  project: z.string(),
  name: z.string(),
  start_time: wireTime,
  end_time: wireTime.nullish(),
  status: z.enum(STATUSES),
  cache_key: z.string().nullish(),
  cache_expires_at: wireTime.nullish(),
  code_hash: z.string().nullish(),
  docstring: z.string().nullish(),
  source_code: z.string().nullish(),
  pipeline_run_id: z.uuid(),
  original_step_run_id: z.uuid().nullish(),
  parent_step_ids: z.array(z.uuid()).nullish(),
  inputs: links.nullish(),
  outputs: links.nullish(),
  logs: logReference,
  exception_info: open.nullish(),
  dynamic_config: open.nullish(),
});

const updateBody = z.object({
  outputs: links.nullish(),
  loaded_artifact_versions: z.record(z.string(), z.uuid()).nullish(),
  status: z.enum(STATUSES).nullish(),
  end_time: wireTime.nullish(),
  exception_info: open.nullish(),
  cache_expires_at: wireTime.nullish(),
});

const list = async (call: WireCall, query: URLSearchParams) => {
  const { spec, page, size } = parseList(query, STEP_FIELDS, { ignore: ["project"] });
  const { rows, total } = await ask(listStepsByOffset, call.context, { spec, projectId: await projectIdOf(call) });
  checkPage(page, size, total);
  return pageOf(await present(call, rows), total, page, size);
};

export const STEP_ENDPOINTS: Endpoint[] = [
  {
    method: "POST",
    path: "/steps",
    permission: "run:update",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, startBody);
      const id = await execute(startStep, call.context, {
        runId: body.pipeline_run_id,
        name: body.name,
        status: body.status,
        startTime: utc(body.start_time),
        endTime: body.end_time ? utc(body.end_time) : null,
        cacheKey: body.cache_key ?? null,
        cacheExpiresAt: body.cache_expires_at ? utc(body.cache_expires_at) : null,
        codeHash: body.code_hash ?? null,
        docstring: body.docstring ?? null,
        sourceCode: body.source_code ?? null,
        originalStepRunId: body.original_step_run_id ?? null,
        parentStepIds: body.parent_step_ids ?? [],
        inputs: body.inputs ?? {},
        outputs: body.outputs ?? {},
        logId: body.logs ?? null,
        exceptionInfo: body.exception_info ?? null,
        dynamicBody: textOf(body.dynamic_config ? verbatimBody(call).dynamic_config : null),
      });
      return one(call, id);
    },
  },
  { method: "GET", path: "/steps", permission: "run:read", audit: "none: a read", list: true, handle: (call) => list(call, call.query) },
  {
    method: "GET",
    path: "/runs/{run_id}/steps",
    permission: "run:read",
    audit: "none: a read",
    list: true,
    handle: (call) => {
      const query = new URLSearchParams(call.query);
      query.set("pipeline_run_id", call.path.run_id as string);
      return list(call, query);
    },
  },
  { method: "GET", path: "/steps/{step_id}", permission: "run:read", audit: "none: a read", handle: (call) => one(call, stepId(call)) },
  {
    method: "PUT",
    path: "/steps/{step_id}",
    permission: "run:update",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, updateBody);
      const id = await execute(updateStep, call.context, {
        stepId: stepId(call),
        status: body.status ?? null,
        endTime: body.end_time ? utc(body.end_time) : null,
        cacheExpiresAt: body.cache_expires_at ? utc(body.cache_expires_at) : null,
        exceptionInfo: body.exception_info ?? null,
        outputs: body.outputs ?? {},
        loadedArtifactVersions: body.loaded_artifact_versions ?? {},
      });
      return one(call, id);
    },
  },
  {
    method: "PUT",
    path: "/steps/{step_id}/heartbeat",
    permission: "run:update",
    audit: "none: a heartbeat",
    handle: async (call) => {
      const beat = await execute(heartbeatStep, call.context, { stepId: stepId(call) });
      return { id: beat.stepId, status: beat.status, latest_heartbeat: beat.at, pipeline_run_status: beat.runStatus, heartbeat_enabled: beat.isEnabled };
    },
  },
  {
    method: "GET",
    path: "/steps/{step_id}/status",
    permission: "run:read",
    audit: "none: a read",
    handle: async (call) => (await ask(getStep, call.context, { stepId: stepId(call) })).status,
  },
  {
    method: "GET",
    path: "/steps/{step_id}/step-configuration",
    permission: "run:read",
    audit: "none: a read",
    handle: async (call) => {
      const row = await ask(getStep, call.context, { stepId: stepId(call) });
      const metadata = (await present({ ...call, hydrate: true }, [row]))[0]?.metadata;
      return metadata instanceof RawJson ? null : (metadata?.config ?? null);
    },
  },
];

const stepId = (call: WireCall) => call.path.step_id as string;

const one = (call: WireCall, id: string) =>
  readTogether([call.context.workspace.id], async () => (await present(call, [await ask(getStep, call.context, { stepId: id })]))[0]);

const startsOf = prepared((db, runIds: readonly string[]) => db.selectFrom("run").select(["id", "start_time"]).where("id", "=", anyOf(runIds)));

async function present(call: WireCall, rows: readonly StepRow[]) {
  const workspaceId = call.context.workspace.id;
  const ids = rows.map((row) => row.id);
  return readInScope([workspaceId], async (tx) => {
    const runIds = idsOf(rows.map((row) => row.run_id));
    const [{ user }, models, logs, { inputs, outputs, parents }, runs, metadata, texts] = await Promise.all([
      nestedUsers(
        tx,
        rows.map((row) => row.created_by),
      ),
      nestedModelVersions(
        tx,
        rows.map((row) => row.model_version_id),
      ),
      nestedLogs(tx, "step_run_id", ids),
      readStepLinks(tx, ids),
      runIds.length === 0 ? [] : startsOf(tx, runIds),
      call.hydrate ? readMetadata(tx, ids) : new Map<string, string>(),
      readDocuments(tx, workspaceId, call.hydrate ? rows.flatMap((row) => [row.body_sha256, row.source_code_sha256]) : []),
    ]);
    const startOf = new Map(runs.map((run) => [run.id, run.start_time]));
    const artifacts = await nestedArtifactVersions(
      tx,
      [...inputs, ...outputs].map((link) => link.artifact_version_id),
    );
    return rows.map((row) => {
      const runStart = startOf.get(row.run_id) ?? null;
      const substitutions = runStart ? substitutionsOf(runStart) : {};
      const text = documentOf(texts, row.body_sha256);
      const body = text ? (parseVerbatim(text) as { config?: Record<string, unknown>; spec?: unknown }) : undefined;
      return entity({
        id: row.id,
        name: row.name,
        body: {
          ...times(row),
          user_id: row.created_by,
          project_id: row.project_id,
          type: row.type,
          status: row.status,
          version: row.version,
          is_retriable: row.is_retriable,
          start_time: naiveOrNull(row.start_time),
          end_time: naiveOrNull(row.end_time),
          latest_heartbeat: naiveOrNull(row.latest_heartbeat_at),
          model_version_id: row.model_version_id,
          resource_request_id: null,
          substitutions,
          heartbeat_threshold: row.heartbeat_threshold,
        },
        metadata: call.hydrate
          ? {
              config: body
                ? new RawJson(
                    stringifyVerbatim({ ...body.config, substitutions: { ...substitutions, ...((body.config?.substitutions as object | null) ?? {}) } }),
                  )
                : null,
              spec: body ? new RawJson(stringifyVerbatim(body.spec)) : null,
              cache_key: row.cache_key,
              cache_expires_at: naiveOrNull(row.cache_expires_at),
              code_hash: row.code_hash,
              docstring: row.docstring,
              source_code: documentOf(texts, row.source_code_sha256) ?? null,
              exception_info: row.exception_info,
              snapshot_id: row.snapshot_id,
              pipeline_run_id: row.run_id,
              original_step_run_id: row.original_step_run_id,
              parent_step_ids: parents.filter((parent) => parent.step_run_id === row.id).map((parent) => parent.parent_id),
              run_metadata: new RawJson(metadata.get(row.id) ?? "{}"),
            }
          : null,
        resources: {
          user: user(row.created_by),
          log_collection: logs.get(row.id) ?? [],
          model_version: row.model_version_id ? (models.get(row.model_version_id) ?? null) : null,
          inputs: grouped(
            inputs.filter((link) => link.step_run_id === row.id),
            (link) => ({ ...artifacts.get(link.artifact_version_id), input_type: link.type, index: link.position, chunk_index: null, chunk_size: null }),
          ),
          outputs: grouped(
            outputs.filter((link) => link.step_run_id === row.id),
            (link) => artifacts.get(link.artifact_version_id),
          ),
          resource_request: null,
        },
      });
    });
  });
}

function grouped<L extends { name: string }>(rows: readonly L[], show: (link: L) => unknown): Record<string, unknown[]> {
  const groups = new Map<string, unknown[]>();
  for (const link of rows) {
    const group = groups.get(link.name);
    if (group) group.push(show(link));
    else groups.set(link.name, [show(link)]);
  }
  return Object.fromEntries(groups); // own keys whatever the name: a parameter may be called constructor
}
