import "server-only";
import type { ResourceName } from "@/lib/authz/permissions";
import { runForWrite } from "@/lib/authz/workload-run";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { modelVersionForAdding } from "@/lib/models/model-version-target";
import type { TaggableType } from "./attach-tags";

// What can carry a tag: whose it is and which permission a change of its tags needs.

export const TAGGED_NOUNS = ["run", "pipeline", "snapshot", "artifact", "model"] as const satisfies readonly ResourceName[];
export type TaggedNoun = (typeof TAGGED_NOUNS)[number];

const NOUN_OF: Partial<Record<TaggableType, TaggedNoun>> = {
  pipeline: "pipeline",
  pipeline_run: "run",
  pipeline_snapshot: "snapshot",
  artifact: "artifact",
  artifact_version: "artifact",
  model: "model",
  model_version: "model",
};

/** The permission noun of a kind. Error: not_implemented for kinds that Reeve doesn't have. */
export function nounOf(type: TaggableType): TaggedNoun {
  const noun = NOUN_OF[type];
  if (!noun) throw new AppError("not_implemented", `Reeve has no ${type.replace("_", " ")}s yet.`);
  return noun;
}

export type TagTarget = {
  workspaceId: string;
  projectId: string;
  ownerId: string | null;
  runId?: string | null;
  partOf?: string;
  name: string | null;
  thing?: { type: string; id: string; name: string | null };
};

/** The thing to be tagged. Error: not_found. */
export async function tagTarget(tx: Tx, actor: Actor, type: TaggableType, id: string): Promise<TagTarget> {
  const target = await find(tx, actor, type, id);
  return { ...target, runId: runForWrite(actor, target.ownerId, target.runId), thing: { type, id, name: target.name } };
}

async function find(tx: Tx, actor: Actor, type: TaggableType, id: string): Promise<TagTarget> {
  const columns = ["workspace_id as workspaceId", "project_id as projectId", "created_by as ownerId", "name"] as const;
  switch (type) {
    case "model_version":
      return modelVersionForAdding(tx, actor, id);
    case "artifact_version": {
      const row = await tx
        .selectFrom("artifact_version as v")
        .innerJoin("artifact as a", "a.id", "v.artifact_id")
        .select([
          "v.workspace_id as workspaceId",
          "v.project_id as projectId",
          "v.created_by as ownerId",
          "v.producer_run_id as runId",
          "a.id as partOf",
          "a.name",
          "v.version",
        ])
        .where("v.id", "=", id)
        .executeTakeFirst();
      return row ? { ...row, name: `${row.name} ${row.version}` } : missing(type, id);
    }
    case "pipeline_run": {
      const row = await tx.selectFrom("run").select(columns).where("id", "=", id).executeTakeFirst();
      return row ? { ...row, runId: id } : missing(type, id);
    }
    default: {
      const table = { pipeline: "pipeline", snapshot: "snapshot", artifact: "artifact", model: "model", run: "run" } as const;
      const row = await tx.selectFrom(table[nounOf(type)]).select(columns).where("id", "=", id).executeTakeFirst();
      return row ?? missing(type, id);
    }
  }
}

function missing(type: TaggableType, id: string): never {
  throw new AppError("not_found", `There is no ${type.replace("_", " ")} ${id} here.`);
}
