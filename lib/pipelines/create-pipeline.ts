import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { findProject } from "@/lib/projects/find-project";
import { attachTags, type TagWish } from "@/lib/tags/attach-tags";

// A pipeline is a name in a project. Clients list it first and create it when it is missing, so a conflict is an ordinary answer.

export const createPipeline = defineCommand({
  name: "pipeline.created",
  permission: "pipeline:create",
  input: z.strictObject({
    project: z.string(),
    name: z.string().min(1).max(255),
    description: z.string().max(10_000).nullish(),
    tags: z.array(z.custom<TagWish>()).nullish(),
  }),
  scope: async ({ tx, input, workspace }) => {
    const project = await findProject(tx, workspace.id, input.project);
    return { workspaceId: workspace.id, projectId: project.id };
  },
  run: async ({ tx, actor, input, target, workspace }) => {
    const id = newId();
    const inserted = await tx
      .insertInto("pipeline")
      .values({ id, workspace_id: workspace.id, project_id: target.projectId, name: input.name, description: input.description ?? null, created_by: actor.id })
      .onConflict((conflict) => conflict.columns(["project_id", "name"]).doNothing())
      .returning("id")
      .executeTakeFirst();
    if (!inserted) throw new AppError("conflict", `Unable to create pipeline ${input.name}: a pipeline with this name exists already in the project.`);
    if (input.tags?.length) await attachTags(tx, { workspaceId: workspace.id, actorId: actor.id, resourceType: "pipeline", resourceId: id, tags: input.tags });
    return {
      result: id,
      audit: {
        target: { type: "pipeline", id, name: input.name, projectId: target.projectId },
        after: { name: input.name, description: input.description ?? null },
      },
    };
  },
});
