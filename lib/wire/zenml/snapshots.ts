import "server-only";
import { z } from "zod";
import { documentOf, readDocuments } from "@/lib/documents/documents";
import { execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { readInScope, readTogether } from "@/lib/kernel/transaction";
import { createSnapshot } from "@/lib/snapshots/create-snapshot";
import { getSnapshot, listSnapshots, SNAPSHOT_FIELDS, type SnapshotRow, snapshotSteps } from "@/lib/snapshots/read-snapshots";
import { bodyOf, splitEnvironment, tagWishes, textOf, verbatimBody } from "./bodies";
import type { Endpoint, WireCall } from "./endpoint";
import { booleanParameter, checkPage, parseList } from "./list-query";
import { latestRuns, nestedPipelines, nestedStacks, nestedTags, nestedUsers, snapshotBody } from "./nested";
import { projectIdOf } from "./project-parameter";
import { entity, pageOf, raw, RawJson, stringifyVerbatim } from "./respond";
import { nestedSchedules } from "./schedules";

const requestBody = z.object({
  project: z.string(),
  run_name_template: z.string(),
  pipeline_configuration: z.record(z.string(), z.unknown()),
  step_configurations: z.record(z.string(), z.object({ spec: z.object({ upstream_steps: z.array(z.string()).nullish() }).loose() }).loose()).nullish(),
  client_environment: z.record(z.string(), z.unknown()).nullish(),
  client_version: z.string().nullish(),
  server_version: z.string().nullish(),
  pipeline_version_hash: z.string().nullish(),
  pipeline_spec: z.record(z.string(), z.unknown()).nullish(),
  is_dynamic: z.boolean().nullish(),
  name: z.union([z.string(), z.boolean()]).nullish(),
  description: z.string().nullish(),
  source_code: z.string().nullish(),
  replace: z.boolean().nullish(),
  tags: tagWishes.nullish(),
  stack: z.uuid(),
  pipeline: z.uuid(),
  build: z.uuid().nullish(),
  schedule: z.uuid().nullish(),
  code_reference: z.unknown().optional(),
  code_path: z.string().nullish(),
  template: z.uuid().nullish(),
  source_snapshot: z.uuid().nullish(),
});

export const SNAPSHOT_ENDPOINTS: Endpoint[] = [
  {
    method: "POST",
    path: "/pipeline_snapshots",
    permission: "snapshot:create",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, requestBody);
      for (const part of ["build", "code_reference", "template", "source_snapshot"] as const)
        if (body[part] != null) throw new AppError("not_implemented", `Reeve does not take a snapshot with a ${part.replace("_", " ")} yet.`);
      const texts = verbatimBody(call);
      const { environment, packages } = splitEnvironment(texts.client_environment ?? {});
      const stepTexts = (texts.step_configurations ?? {}) as Record<string, unknown>;
      const id = await execute(createSnapshot, call.context, {
        project: body.project,
        pipelineId: body.pipeline,
        stackId: body.stack,
        scheduleId: body.schedule ?? null,
        name: typeof body.name === "string" ? body.name : null,
        replace: body.replace ?? false,
        description: body.description ?? null,
        runNameTemplate: body.run_name_template,
        isDynamic: body.is_dynamic ?? false,
        clientVersion: body.client_version ?? null,
        serverVersion: body.server_version ?? null,
        pipelineVersionHash: body.pipeline_version_hash ?? null,
        codePath: body.code_path ?? null,
        sourceCode: body.source_code ?? null,
        pipelineConfiguration: stringifyVerbatim(texts.pipeline_configuration),
        clientEnvironment: environment ?? "{}",
        pythonPackages: packages,
        pipelineSpec: textOf(texts.pipeline_spec),
        steps: Object.entries(body.step_configurations ?? {}).map(([name, step]) => ({
          name,
          upstream: step.spec.upstream_steps ?? [],
          body: stringifyVerbatim(stepTexts[name]),
        })),
        tags: body.tags ?? null,
      });
      return one(call, id);
    },
  },
  {
    method: "GET",
    path: "/pipeline_snapshots",
    permission: "snapshot:read",
    audit: "none: a read",
    list: true,
    handle: async (call) => {
      const { spec, page, size } = parseList(call.query, SNAPSHOT_FIELDS, { ignore: ["project"] });
      const { rows, total } = await ask(listSnapshots, call.context, { spec, projectId: await projectIdOf(call) });
      checkPage(page, size, total);
      return pageOf(await present(call, rows), total, page, size);
    },
  },
  {
    method: "GET",
    path: "/pipeline_snapshots/{snapshot_id}",
    permission: "snapshot:read",
    audit: "none: a read",
    handle: async (call) => one(call, call.path.snapshot_id as string),
  },
];

const one = (call: WireCall, snapshotId: string) =>
  readTogether([call.context.workspace.id], async () => (await present(call, [await ask(getSnapshot, call.context, { snapshotId })]))[0]);

async function present(call: WireCall, rows: readonly SnapshotRow[]) {
  const workspaceId = call.context.workspace.id;
  const ids = rows.map((row) => row.id);
  return readInScope([workspaceId], async (tx) => {
    const of = <K extends keyof SnapshotRow>(column: K) => rows.map((row) => row[column]);
    const [latest, pipelines, stacks, schedules, tags, steps] = await Promise.all([
      latestRuns(tx, "snapshot_id", ids),
      nestedPipelines(tx, of("pipeline_id")),
      nestedStacks(tx, of("stack_id")),
      nestedSchedules(tx, of("schedule_id")),
      nestedTags(tx, ids),
      call.hydrate ? snapshotSteps(tx, ids) : [],
    ]);
    const withPackages = booleanParameter(call.query, "include_python_packages", false);
    const owners = nestedUsers(tx, [...of("created_by"), ...[...latest.values()].map((run) => run.created_by)]);
    const reading = readDocuments(
      tx,
      workspaceId,
      call.hydrate
        ? [
            ...rows.flatMap((row) => [
              row.pipeline_configuration_sha256,
              row.client_environment_sha256,
              row.pipeline_spec_sha256,
              row.source_code_sha256,
              withPackages ? row.python_packages_sha256 : null,
            ]),
            ...steps.map((step) => step.body_sha256),
          ]
        : [],
    );
    const [{ user }, texts] = await Promise.all([owners, reading]);
    return rows.map((row) => {
      const run = latest.get(row.id);
      return entity({
        id: row.id,
        name: row.name,
        body: snapshotBody(row),
        metadata: call.hydrate
          ? {
              description: row.description,
              source_code: documentOf(texts, row.source_code_sha256) ?? null,
              run_name_template: row.run_name_template,
              pipeline_configuration: raw(documentOf(texts, row.pipeline_configuration_sha256)),
              step_configurations: new RawJson(
                `{${steps
                  .filter((step) => step.snapshot_id === row.id)
                  .map((step) => `${JSON.stringify(step.name)}:${documentOf(texts, step.body_sha256) ?? "null"}`)
                  .join(",")}}`,
              ),
              client_environment: raw(environmentText(documentOf(texts, row.client_environment_sha256), documentOf(texts, row.python_packages_sha256))),
              client_version: row.client_version,
              server_version: row.server_version,
              pipeline_version_hash: row.pipeline_version_hash,
              pipeline_spec: raw(documentOf(texts, row.pipeline_spec_sha256)),
              code_path: row.code_path,
              template_id: null,
              source_snapshot_id: null,
              config_template: null,
              config_schema: null,
            }
          : null,
        resources: {
          user: row.created_by ? user(row.created_by) : null,
          pipeline: pipelines.get(row.pipeline_id) ?? null,
          stack: row.stack_id ? (stacks.get(row.stack_id) ?? null) : null,
          build: null,
          schedule: row.schedule_id ? (schedules.get(row.schedule_id) ?? null) : null,
          code_reference: null,
          deployment: null,
          tags: tags.get(row.id) ?? [],
          latest_run_id: run?.id ?? null,
          latest_run_status: run?.status ?? null,
          latest_run_user: run ? user(run.created_by) : null,
          visualizations: [],
        },
      });
    });
  });
}

/** An environment's text with its package list put back, when there is one to show. */
export function environmentText(environment: string | undefined, packages: string | undefined): string {
  const text = environment ?? "{}";
  if (packages === undefined) return text;
  return text === "{}" ? `{"python_packages":${packages}}` : `${text.slice(0, -1)},"python_packages":${packages}}`;
}
