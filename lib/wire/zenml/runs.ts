import "server-only";
import { z } from "zod";
import { documentOf, readDocuments } from "@/lib/documents/documents";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { readInScope, readTogether } from "@/lib/kernel/transaction";
import { readMetadata } from "@/lib/metadata/read-metadata";
import { deleteRun } from "@/lib/runs/delete-run";
import { readDag } from "@/lib/runs/read-dag";
import { getRun, listRunsByOffset, type RunRow } from "@/lib/runs/read-runs";
import { RUN_FIELDS } from "@/lib/runs/run-fields";
import { startRun, substitutionsOf } from "@/lib/runs/start-run";
import { STATUSES } from "@/lib/runs/status";
import { stopRun } from "@/lib/runs/stop-run";
import { updateRun } from "@/lib/runs/update-run";
import { type SnapshotRow, snapshotsById } from "@/lib/snapshots/read-snapshots";
import { bodyOf, logReference, splitEnvironment, tagWishes, verbatimBody, wireTime } from "./bodies";
import type { Endpoint, WireCall } from "./endpoint";
import { booleanParameter, checkPage, parseList } from "./list-query";
import { idsOf, nestedLogs, nestedModelVersions, nestedPipelines, nestedSnapshots, nestedStacks, nestedTags, nestedUsers, runBody } from "./nested";
import { projectIdOf } from "./project-parameter";
import { entity, naiveOrNull, pageOf, parseVerbatim, raw, RawJson, stringifyVerbatim, utc } from "./respond";
import { environmentText } from "./snapshots";
import { nestedWaitConditions } from "./wait-conditions";
import { nestedSchedules } from "./schedules";

const open = z.record(z.string(), z.unknown());

const startBody = z.object({
  project: z.string(),
  name: z.string(),
  snapshot: z.uuid(),
  orchestrator_run_id: z.string().nullish(),
  start_time: wireTime.nullish(),
  end_time: wireTime.nullish(),
  status: z.enum(STATUSES),
  status_reason: z.string().nullish(),
  orchestrator_environment: open.nullish(),
  trigger_info: open.nullish(),
  tags: tagWishes.nullish(),
  logs: logReference,
  exception_info: open.nullish(),
});

const updateBody = z.object({
  status: z.enum(STATUSES).nullish(),
  status_reason: z.string().nullish(),
  orchestrator_run_id: z.string().nullish(),
  exception_info: open.nullish(),
  add_tags: tagWishes.nullish(),
  remove_tags: z.array(z.string()).nullish(),
});

export const RUN_ENDPOINTS: Endpoint[] = [
  {
    method: "POST",
    path: "/runs",
    permission: "run:create",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, startBody);
      const { environment, packages } = splitEnvironment(verbatimBody(call).orchestrator_environment);
      const { id, wasCreated } = await execute(startRun, call.context, {
        project: body.project,
        snapshotId: body.snapshot,
        name: body.name,
        status: body.status,
        statusReason: body.status_reason ?? null,
        orchestratorRunId: body.orchestrator_run_id ?? null,
        startTime: body.start_time ? utc(body.start_time) : null,
        endTime: body.end_time ? utc(body.end_time) : null,
        orchestratorEnvironment: environment,
        pythonPackages: packages,
        triggerInfo: body.trigger_info ?? null,
        exceptionInfo: body.exception_info ?? null,
        logId: body.logs ?? null,
        tags: body.tags ?? null,
      });
      return [await one(call, id), wasCreated];
    },
  },
  {
    method: "GET",
    path: "/runs",
    permission: "run:read",
    audit: "none: a read",
    list: true,
    handle: async (call) => {
      const { spec, page, size } = parseList(call.query, RUN_FIELDS, { ignore: ["project"] });
      const { rows, total } = await ask(listRunsByOffset, call.context, { spec, projectId: await projectIdOf(call) });
      checkPage(page, size, total);
      return pageOf(await present(call, rows), total, page, size);
    },
  },
  { method: "GET", path: "/runs/{run_id}", permission: "run:read", audit: "none: a read", handle: async (call) => one(call, runId(call)) },
  {
    method: "PUT",
    path: "/runs/{run_id}",
    permission: "run:update",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, updateBody);
      const id = await execute(updateRun, call.context, {
        runId: runId(call),
        status: body.status ?? null,
        statusReason: body.status_reason ?? null,
        orchestratorRunId: body.orchestrator_run_id ?? null,
        exceptionInfo: body.exception_info ?? null,
        addTags: body.add_tags ?? null,
        removeTags: body.remove_tags ?? null,
      });
      return one(call, id);
    },
  },
  {
    method: "DELETE",
    path: "/runs/{run_id}",
    permission: "run:delete",
    audit: "entry",
    handle: async (call) => {
      await execute(deleteRun, call.context, { runId: runId(call) });
      return null;
    },
  },
  {
    method: "PUT",
    path: "/runs/{run_id}/disable_heartbeat",
    permission: "run:update",
    audit: "entry",
    handle: async (call) => {
      const nothing = { status: null, statusReason: null, orchestratorRunId: null, exceptionInfo: null, addTags: null, removeTags: null };
      await execute(updateRun, call.context, { runId: runId(call), ...nothing, isHeartbeatOff: true });
      return null;
    },
  },
  {
    method: "POST",
    path: "/runs/{run_id}/stop",
    permission: "run:stop",
    audit: "entry",
    handle: async (call) => {
      await execute(stopRun, call.context, { runId: runId(call), isGraceful: booleanParameter(call.query, "graceful", false) });
      return null;
    },
  },
  { method: "GET", path: "/runs/{run_id}/dag", permission: "run:read", audit: "none: a read", handle: async (call) => dag(call) },
  {
    method: "GET",
    path: "/runs/{run_id}/status",
    permission: "run:read",
    audit: "none: a read",
    handle: async (call) => (await ask(getRun, call.context, { runId: runId(call) })).status,
  },
  {
    method: "GET",
    path: "/runs/{run_id}/pipeline-configuration",
    permission: "run:read",
    audit: "none: a read",
    handle: async (call) => {
      const row = await ask(getRun, call.context, { runId: runId(call) });
      const metadata = (await present({ ...call, hydrate: true }, [row]))[0]?.metadata;
      return metadata instanceof RawJson ? null : (metadata?.config ?? null);
    },
  },
];

const runId = (call: WireCall) => call.path.run_id as string;

const one = (call: WireCall, id: string) =>
  readTogether([call.context.workspace.id], async () => (await present(call, [await ask(getRun, call.context, { runId: id })]))[0]);

async function present(call: WireCall, rows: readonly RunRow[]) {
  const workspaceId = call.context.workspace.id;
  const ids = rows.map((row) => row.id);
  return readInScope([workspaceId], async (tx) => {
    const of = <K extends keyof RunRow>(column: K) => rows.map((row) => row[column]);
    // Sent together: one wait for all of them.
    const [{ user }, snapshots, stacks, pipelines, models, tags, logs, questions, full, metadata] = await Promise.all([
      nestedUsers(tx, of("created_by")),
      nestedSnapshots(tx, of("snapshot_id")),
      nestedStacks(tx, of("stack_id")),
      nestedPipelines(tx, of("pipeline_id")),
      nestedModelVersions(tx, of("model_version_id")),
      nestedTags(tx, ids),
      nestedLogs(tx, "run_id", ids),
      nestedWaitConditions(
        tx,
        rows.filter((row) => row.is_dynamic).map((row) => row.id),
      ),
      call.hydrate ? snapshotsById(tx, idsOf(of("snapshot_id"))) : new Map<string, SnapshotRow>(),
      call.hydrate ? readMetadata(tx, ids) : new Map<string, string>(),
    ]);
    const schedules = await nestedSchedules(
      tx,
      [...full.values()].map((snapshot) => snapshot.schedule_id),
    );
    const withPackages = booleanParameter(call.query, "include_python_packages", false);
    const texts = await readDocuments(
      tx,
      workspaceId,
      call.hydrate
        ? rows.flatMap((row) => {
            const snapshot = full.get(row.snapshot_id);
            return [
              snapshot?.pipeline_configuration_sha256,
              snapshot?.client_environment_sha256,
              row.orchestrator_environment_sha256,
              withPackages ? snapshot?.python_packages_sha256 : null,
              withPackages ? row.python_packages_sha256 : null,
            ];
          })
        : [],
    );
    return rows.map((row) => {
      const snapshot = full.get(row.snapshot_id);
      const configuration = documentOf(texts, snapshot?.pipeline_configuration_sha256);
      const model = row.model_version_id ? models.get(row.model_version_id) : undefined;
      return entity({
        id: row.id,
        name: row.name,
        body: runBody(row),
        metadata: call.hydrate
          ? {
              run_metadata: new RawJson(metadata.get(row.id) ?? "{}"),
              config: configuration ? new RawJson(withSubstitutions(configuration, row.start_time)) : null,
              start_time: naiveOrNull(row.start_time),
              end_time: naiveOrNull(row.end_time),
              client_environment: raw(
                environmentText(documentOf(texts, snapshot?.client_environment_sha256), documentOf(texts, snapshot?.python_packages_sha256)),
              ),
              orchestrator_environment: raw(
                environmentText(documentOf(texts, row.orchestrator_environment_sha256), documentOf(texts, row.python_packages_sha256)),
              ),
              orchestrator_run_id: row.orchestrator_run_id,
              code_path: snapshot?.code_path ?? null,
              template_id: null,
              is_templatable: false,
              trigger_info: row.trigger_info,
              enable_heartbeat: row.enable_heartbeat,
              exception_info: row.exception_info,
              trigger_execution_info: null,
            }
          : null,
        resources: {
          user: user(row.created_by),
          snapshot: snapshots.get(row.snapshot_id) ?? null,
          source_snapshot: null,
          stack: row.stack_id ? (stacks.get(row.stack_id) ?? null) : null,
          pipeline: row.pipeline_id ? (pipelines.get(row.pipeline_id) ?? null) : null,
          build: null,
          schedule: snapshot?.schedule_id ? (schedules.get(snapshot.schedule_id) ?? null) : null,
          code_reference: null,
          model_version: model ?? null,
          tags: tags.get(row.id) ?? [],
          log_collection: logs.get(row.id) ?? [],
          visualizations: [],
          trigger: null,
          original_run: null,
          parent_run: null,
          active_wait_condition: questions.get(row.id) ?? null,
          outputs: {},
        },
      });
    });
  });
}

/** A configuration's text with the run's own date and time among its substitutions. */
export function withSubstitutions(text: string, startTime: string | null): string {
  if (!startTime) return text;
  const configuration = parseVerbatim(text) as Record<string, unknown>;
  configuration.substitutions = { ...substitutionsOf(startTime), ...((configuration.substitutions as Record<string, unknown> | null) ?? {}) };
  return stringifyVerbatim(configuration);
}

async function dag(call: WireCall) {
  const { run, steps, artifacts, edges } = await ask(readDag, call.context, { runId: runId(call) });
  return {
    id: run.id,
    status: run.status,
    nodes: [
      ...steps.map((step) => ({
        node_id: `step/${step.name}`,
        type: "step",
        id: step.id,
        name: step.name,
        metadata: {
          status: step.status,
          ...(step.startTime ? { start_time: naiveOrNull(step.startTime) } : {}),
          ...(step.durationS === null ? {} : { duration: step.durationS }),
        },
      })),
      ...artifacts.map((artifact) => ({
        node_id: artifact.nodeId,
        type: "artifact",
        id: artifact.id,
        name: artifact.name,
        metadata: { type: artifact.type, data_type: artifact.dataType, save_type: artifact.saveType },
      })),
    ],
    edges,
  };
}
