import "server-only";
import { z } from "zod";
import { keepDocuments } from "@/lib/documents/documents";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { findProject } from "@/lib/projects/find-project";
import { bindNamed, namedSecrets } from "@/lib/secrets/code-bindings";
import { attachTags, type TagWish } from "@/lib/tags/attach-tags";

// A snapshot is a compiled pipeline: its configuration, its steps, the client's environment and packages, each stored verbatim.

const text = z.string().max(16_000_000);

export const createSnapshot = defineCommand({
  name: "snapshot.created",
  permission: "snapshot:create",
  input: z.strictObject({
    project: z.string(),
    pipelineId: z.uuid(),
    stackId: z.uuid(),
    /** The schedule that starts its runs. */
    scheduleId: z.uuid().nullable(),
    name: z.string().min(1).max(255).nullable(),
    replace: z.boolean(),
    description: z.string().max(10_000).nullable(),
    runNameTemplate: z.string().max(500),
    isDynamic: z.boolean(),
    clientVersion: z.string().max(100).nullable(),
    serverVersion: z.string().max(100).nullable(),
    pipelineVersionHash: z.string().max(200).nullable(),
    codePath: z.string().max(2_000).nullable(),
    sourceCode: text.nullable(),
    /** JSON texts, verbatim. */
    pipelineConfiguration: text,
    clientEnvironment: text,
    pythonPackages: text.nullable(),
    pipelineSpec: text.nullable(),
    steps: z.array(z.strictObject({ name: z.string().max(255), upstream: z.array(z.string()), body: text })).max(20_000),
    tags: z.array(z.custom<TagWish>()).nullable(),
  }),
  scope: async ({ tx, input, workspace }) => {
    const [project, pipeline, stack, schedule] = await Promise.all([
      findProject(tx, workspace.id, input.project),
      tx
        .selectFrom("pipeline")
        .select(["id", "name", "project_id", "created_by"])
        .where("id", "=", input.pipelineId)
        .where("workspace_id", "=", workspace.id)
        .executeTakeFirst(),
      tx.selectFrom("stack").select(["id", "name"]).where("id", "=", input.stackId).where("workspace_id", "=", workspace.id).executeTakeFirst(),
      input.scheduleId === null
        ? null
        : tx
            .selectFrom("schedule")
            .select(["id", "name", "project_id"])
            .where("id", "=", input.scheduleId)
            .where("workspace_id", "=", workspace.id)
            .executeTakeFirst(),
    ]);
    if (pipeline?.project_id !== project.id) throw new AppError("not_found", `No pipeline with the id ${input.pipelineId} was found.`);
    if (!stack) throw new AppError("not_found", `No stack with the id ${input.stackId} was found.`);
    if (schedule === undefined || (schedule && schedule.project_id !== project.id))
      throw new AppError("not_found", `No schedule with the id ${input.scheduleId} was found.`);
    return { workspaceId: workspace.id, projectId: project.id, pipeline, stack, schedule };
  },
  run: async ({ tx, actor, input, target, workspace, request, now }) => {
    const id = newId();
    const { hashes, stored } = keepDocuments(tx, workspace.id, [
      input.pipelineConfiguration,
      input.clientEnvironment,
      input.pythonPackages,
      input.pipelineSpec,
      input.sourceCode,
      ...input.steps.map((step) => step.body),
    ]);
    const [configuration, environment, packages, spec, source, ...bodies] = hashes;
    const taking =
      input.name && input.replace
        ? tx.updateTable("snapshot").set({ name: null }).where("pipeline_id", "=", target.pipeline.id).where("name", "=", input.name).execute()
        : undefined;
    const inserting = tx
      .insertInto("snapshot")
      .values({
        id,
        workspace_id: workspace.id,
        project_id: target.projectId,
        pipeline_id: target.pipeline.id,
        stack_id: target.stack.id,
        schedule_id: target.schedule?.id ?? null,
        name: input.name,
        description: input.description,
        run_name_template: input.runNameTemplate,
        is_dynamic: input.isDynamic,
        step_count: input.steps.length,
        client_version: input.clientVersion,
        server_version: input.serverVersion,
        pipeline_version_hash: input.pipelineVersionHash,
        code_path: input.codePath,
        source_code_sha256: source ?? null,
        pipeline_configuration_sha256: configuration as Buffer,
        client_environment_sha256: environment as Buffer,
        python_packages_sha256: packages ?? null,
        pipeline_spec_sha256: spec ?? null,
        request_id: request.requestId,
        created_by: actor.id,
      })
      .execute();
    const addingSteps =
      input.steps.length > 0 &&
      tx
        .insertInto("snapshot_step")
        .values(
          input.steps.map((step, position) => ({
            workspace_id: workspace.id,
            snapshot_id: id,
            name: step.name,
            position,
            upstream: step.upstream,
            body_sha256: bodies[position] as Buffer,
          })),
        )
        .execute();
    await Promise.all([
      stored,
      taking,
      inserting,
      addingSteps,
      attachTags(tx, { workspaceId: workspace.id, actorId: actor.id, resourceType: "pipeline_snapshot", resourceId: id, tags: input.tags }),
    ]);
    const bound = await bindNamed(
      tx,
      actor,
      { snapshotId: id, workspaceId: workspace.id, projectId: target.projectId, pipeline: target.pipeline },
      namedSecrets(input.pipelineConfiguration, input.steps),
      { actorId: actor.id, requestId: request.requestId, now },
    );
    const made = {
      target: { type: "snapshot", id, name: input.name ?? target.pipeline.name, projectId: target.projectId },
      after: {
        pipeline: target.pipeline.name,
        stack: target.stack.name,
        ...(target.schedule && { schedule: target.schedule.name }),
        steps: input.steps.length,
        name: input.name,
        configuration: (configuration as Buffer).toString("hex"),
      },
    };
    return { result: id, audit: [made, ...bound] };
  },
});
