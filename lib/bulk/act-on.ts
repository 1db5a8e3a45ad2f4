import "server-only";
import { deleteArtifact, deleteArtifactVersion } from "@/lib/artifacts/change-artifacts";
import { type CallContext, execute, type ExecuteOptions } from "@/lib/kernel/command";
import { deleteModel, deleteModelVersion } from "@/lib/models/change-models";
import { deletePipeline } from "@/lib/pipelines/change-pipeline";
import { deleteRun } from "@/lib/runs/delete-run";
import { stopRun } from "@/lib/runs/stop-run";
import { EDIT_TAGS } from "@/lib/tags/edit-tags";
import { TAGGED_KINDS } from "@/lib/tags/schema";
import { BULK_LISTS, type BulkAct, type BulkList, type JobSettings } from "./schema";

type Delete = (id: string, context: CallContext, options: ExecuteOptions) => Promise<unknown>;

const DELETE: Record<BulkList, Delete> = {
  runs: (id, context, options) => execute(deleteRun, context, { runId: id }, options),
  pipelines: (id, context, options) => execute(deletePipeline, context, { pipelineId: id }, options),
  artifacts: (id, context, options) => execute(deleteArtifact, context, { id }, options),
  "artifact-versions": (id, context, options) => execute(deleteArtifactVersion, context, { id }, options),
  models: (id, context, options) => execute(deleteModel, context, { id }, options),
  "model-versions": (id, context, options) => execute(deleteModelVersion, context, { id }, options),
};

/** Does a job's act to one thing, by the command that a person would use. Errors: those of the command. */
export async function actOn(
  { list, act, settings }: { list: BulkList; act: BulkAct; settings: JobSettings },
  id: string,
  context: CallContext,
  options: ExecuteOptions,
): Promise<void> {
  const { resourceType, noun } = TAGGED_KINDS[BULK_LISTS[list].kind];
  const tags = settings.tags ?? [];
  if (act === "tag") await execute(EDIT_TAGS[noun], context, { resourceType, resourceId: id, add: tags }, options);
  else if (act === "untag") await execute(EDIT_TAGS[noun], context, { resourceType, resourceId: id, remove: tags }, options);
  else if (act === "stop") await execute(stopRun, context, { runId: id, isGraceful: settings.isGraceful ?? true }, options);
  else await DELETE[list](id, context, options);
}
