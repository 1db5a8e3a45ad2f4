import "server-only";
import { z } from "zod";
import { defineDataWrite } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { modelVersionForAdding } from "./model-version-target";
import { linkRunToModelVersion } from "./resolve-model-version";

// Links a model version with what was made for it. Idempotent; class *data*.

/** Links an artifact version; gives the link. Error: not_found, also for an artifact version of another project. */
export const linkArtifact = defineDataWrite({
  name: "model.artifact-linked",
  permission: "model:update",
  input: z.strictObject({ modelVersionId: z.uuid(), artifactVersionId: z.uuid() }),
  scope: ({ tx, actor, input }) => modelVersionForAdding(tx, actor, input.modelVersionId),
  run: async ({ tx, actor, input, target, workspace, request }) => {
    const there = await tx
      .selectFrom("artifact_version")
      .select("id")
      .where("id", "=", input.artifactVersionId)
      .where("project_id", "=", target.projectId)
      .executeTakeFirst();
    if (!there) throw new AppError("not_found", `There is no artifact version ${input.artifactVersionId} in this project.`);
    const [, result] = await Promise.all([
      tx
        .insertInto("model_version_artifact")
        .values({
          id: newId(),
          workspace_id: workspace.id,
          model_version_id: target.id,
          artifact_version_id: there.id,
          created_by: actor.id,
          request_id: request.requestId,
        })
        .onConflict((conflict) => conflict.columns(["model_version_id", "artifact_version_id"]).doNothing())
        .execute(),
      tx
        .selectFrom("model_version_artifact")
        .select(["id", "model_version_id", "artifact_version_id as linked_id", "created_at"])
        .where("model_version_id", "=", target.id)
        .where("artifact_version_id", "=", there.id)
        .executeTakeFirstOrThrow(),
    ]);
    return { result };
  },
});

/** Links a run of the actor's; gives the link. Error: not_found, also for a run of another project. */
export const linkRun = defineDataWrite({
  name: "model.run-linked",
  permission: "run:update",
  input: z.strictObject({ modelVersionId: z.uuid(), runId: z.uuid() }),
  scope: async ({ tx, input }) => {
    const version = await tx.selectFrom("model_version").select(["id", "project_id"]).where("id", "=", input.modelVersionId).executeTakeFirst();
    if (!version) throw new AppError("not_found", `There is no model version ${input.modelVersionId} here.`);
    const run = await tx
      .selectFrom("run")
      .select(["id", "workspace_id", "project_id", "created_by"])
      .where("id", "=", input.runId)
      .where("project_id", "=", version.project_id)
      .executeTakeFirst();
    if (!run) throw new AppError("not_found", `There is no run ${input.runId} in this project.`);
    return { workspaceId: run.workspace_id, projectId: run.project_id, ownerId: run.created_by, runId: run.id, modelVersionId: version.id };
  },
  run: async ({ tx, target, workspace }) => {
    const [, result] = await Promise.all([
      linkRunToModelVersion(tx, { workspaceId: workspace.id, modelVersionId: target.modelVersionId, runId: target.runId }),
      tx
        .selectFrom("model_version_run")
        .select(["id", "model_version_id", "run_id as linked_id", "created_at"])
        .where("model_version_id", "=", target.modelVersionId)
        .where("run_id", "=", target.runId)
        .executeTakeFirstOrThrow(),
    ]);
    return { result };
  },
});
