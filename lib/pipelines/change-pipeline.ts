import "server-only";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { closeBindings } from "@/lib/secrets/bindings";
import { attachTags, detachTags, type TagWish } from "@/lib/tags/attach-tags";
import { unknownPipeline } from "./read-pipelines";

const scope = async ({ tx, input, workspace }: { tx: Tx; input: { pipelineId: string }; workspace: { id: string } }) => {
  const pipeline = await tx
    .selectFrom("pipeline")
    .select(["id", "name", "description", "project_id", "created_by"])
    .where("id", "=", input.pipelineId)
    .where("workspace_id", "=", workspace.id)
    .forUpdate()
    .executeTakeFirst();
  if (!pipeline) throw unknownPipeline(input.pipelineId);
  return {
    workspaceId: workspace.id,
    projectId: pipeline.project_id,
    ownerId: pipeline.created_by,
    thing: { type: "pipeline", id: pipeline.id, name: pipeline.name },
    pipeline,
  };
};

export const updatePipeline = defineCommand({
  name: "pipeline.updated",
  permission: "pipeline:update",
  input: z.strictObject({
    pipelineId: z.uuid(),
    description: z.string().max(10_000).nullable(),
    addTags: z.array(z.custom<TagWish>()).nullable(),
    removeTags: z.array(z.string()).nullable(),
  }),
  scope,
  run: async ({ tx, actor, input, target, workspace, now }) => {
    const { pipeline } = target;
    await tx
      .updateTable("pipeline")
      .set({ description: input.description ?? pipeline.description, updated_at: now })
      .where("id", "=", pipeline.id)
      .execute();
    await attachTags(tx, { workspaceId: workspace.id, actorId: actor.id, resourceType: "pipeline", resourceId: pipeline.id, tags: input.addTags });
    await detachTags(tx, { resourceId: pipeline.id, tags: input.removeTags });
    return {
      result: pipeline.id,
      audit: {
        target: { type: "pipeline", id: pipeline.id, name: pipeline.name, projectId: pipeline.project_id },
        before: { description: pipeline.description },
        after: {
          description: input.description ?? pipeline.description,
          tagsAdded: input.addTags?.map((tag) => (typeof tag === "string" ? tag : tag.name)),
          tagsRemoved: input.removeTags ?? undefined,
        },
      },
    };
  },
});

/** Deletes a pipeline with its snapshots and runs; artifact and model versions stay. */
export const deletePipeline = defineCommand({
  name: "pipeline.deleted",
  permission: "pipeline:delete",
  input: z.strictObject({ pipelineId: z.uuid(), typedName: z.string().optional() }),
  scope,
  run: async ({ tx, actor, input, target, request, now }) => {
    const { pipeline } = target;
    requireTypedName(input.typedName, pipeline.name);
    const { runs } = await tx
      .selectFrom("run")
      .select((eb) => eb.fn.countAll<number>().as("runs"))
      .where("pipeline_id", "=", pipeline.id)
      .executeTakeFirstOrThrow();
    if (Number(runs) > 0 && !can(actor, "run:delete", { workspaceId: target.workspaceId, projectId: target.projectId }).allowed)
      throw new AppError("in_use", `The pipeline ${pipeline.name} has ${runs} runs, and deleting runs is not in your role.`, {
        fix: "Ask a Workspace Admin to delete it.",
      });
    const unbound = await closeBindings(tx, { targetId: pipeline.id }, { actorId: actor.id, requestId: request.requestId, now });
    await tx.deleteFrom("pipeline").where("id", "=", pipeline.id).execute();
    return {
      result: null,
      audit: [
        {
          target: { type: "pipeline", id: pipeline.id, name: pipeline.name, projectId: pipeline.project_id },
          before: { name: pipeline.name, description: pipeline.description, runs: Number(runs) },
        },
        ...unbound,
      ],
    };
  },
});
