import "server-only";
import { z } from "zod";
import type { ResourceName } from "@/lib/authz/permissions";
import { runForWrite } from "@/lib/authz/workload-run";
import type { Actor } from "@/lib/identity/actor";
import { type Command, defineDataWrite } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { modelVersionForAdding } from "@/lib/models/model-version-target";
import { METADATA_RESOURCES, type MetadataResourceType, writeMetadata } from "./write-metadata";

// Logs metadata on one thing. One command per noun, as each needs the update permission of what it describes. Class *data*: the
// entries carry actor, time and request id themselves.

const key = z
  .string()
  .min(1)
  .max(255)
  .refine((text) => !text.includes("\u0000"), "has a character that no text has");

const input = z.strictObject({
  projectId: z.uuid(),
  resourceType: z.enum(METADATA_RESOURCES),
  resourceId: z.uuid(),
  /** Key → JSON text, verbatim. */
  values: z.map(key, z.string()).refine((values) => values.size <= 2_000, "at most 2,000 keys at once"),
  types: z.record(z.string(), z.string().max(50)),
  publisherStepId: z.uuid().nullable(),
});
type Input = typeof input;

type Described = {
  workspaceId: string;
  projectId: string;
  ownerId: string | null;
  runId?: string | null;
  thing?: { type: string; id: string; name: string | null };
};
type Noun = Extract<ResourceName, "run" | "artifact" | "model">;

const NOUN_OF = { pipeline_run: "run", step_run: "run", artifact_version: "artifact", model_version: "model" } as const satisfies Record<
  MetadataResourceType,
  Noun
>;

/** The permission noun of a kind of resource. */
export const nounOf = (type: MetadataResourceType): Noun => NOUN_OF[type];

const logOn = (noun: Noun): Command<Input, Described, null> =>
  defineDataWrite({
    name: `${noun}.metadata-logged`,
    permission: `${noun}:update`,
    input,
    scope: ({ tx, actor, input }) => described(noun, tx, actor, input),
    run: async ({ tx, actor, input, target, workspace, request }) => {
      await writeMetadata(tx, {
        workspaceId: workspace.id,
        projectId: target.projectId,
        actorId: actor.id,
        requestId: request.requestId,
        resources: [{ id: input.resourceId, type: input.resourceType }],
        values: input.values,
        types: input.types,
        publisherStepId: input.publisherStepId,
      });
      return { result: null, live: target.runId ? [{ projectId: target.projectId, runId: target.runId }] : [] };
    },
  });

/** Logs metadata on a run or step, an artifact version, a model version. Errors: not_found, also in another project; forbidden. */
export const LOG_METADATA: Record<Noun, Command<Input, Described, null>> = { run: logOn("run"), artifact: logOn("artifact"), model: logOn("model") };

async function described(noun: Noun, tx: Tx, actor: Actor, { resourceType, resourceId, projectId }: z.output<Input>): Promise<Described> {
  if (nounOf(resourceType) !== noun) throw new AppError("invalid_input", `A ${resourceType} is not described as a ${noun}.`);
  const target = await find(tx, actor, resourceType, resourceId);
  if (!target || target.projectId !== projectId.toLowerCase())
    throw new AppError("not_found", `There is no ${resourceType.replace("_", " ")} ${resourceId} in this project.`);
  return { ...target, runId: runForWrite(actor, target.ownerId, target.runId), thing: { type: resourceType, id: resourceId, name: null } };
}

async function find(tx: Tx, actor: Actor, type: MetadataResourceType, id: string): Promise<Described | undefined> {
  switch (type) {
    case "pipeline_run":
      return tx
        .selectFrom("run")
        .select(["workspace_id as workspaceId", "project_id as projectId", "created_by as ownerId", "id as runId"])
        .where("id", "=", id)
        .executeTakeFirst();
    case "step_run":
      return tx
        .selectFrom("step_run")
        .select(["workspace_id as workspaceId", "project_id as projectId", "created_by as ownerId", "run_id as runId"])
        .where("id", "=", id)
        .executeTakeFirst();
    case "artifact_version":
      return tx
        .selectFrom("artifact_version")
        .select(["workspace_id as workspaceId", "project_id as projectId", "created_by as ownerId", "producer_run_id as runId", "artifact_id as partOf"])
        .where("id", "=", id)
        .executeTakeFirst();
    case "model_version":
      return modelVersionForAdding(tx, actor, id);
  }
}
