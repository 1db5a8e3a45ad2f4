import "server-only";
import { linkedRunForWrite } from "@/lib/authz/workload-run";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";

// Whose a model version is, for a decision: its maker's, and for what a run adds to it (metadata, artifacts, tags) also of whoever
// owns a run that works on it. Its stage and name stay with `model:promote` and the maker.

export type ModelVersionTarget = {
  workspaceId: string;
  projectId: string;
  ownerId: string | null;
  runId?: string | null;
  id: string;
  name: string;
  modelId: string;
  partOf: string;
  thing: { type: string; id: string; name: string };
};

/** The target of a change to a version. Error: not_found. */
export async function modelVersionTarget(tx: Tx, id: string): Promise<ModelVersionTarget> {
  const row = await tx
    .selectFrom("model_version as v")
    .innerJoin("model as m", "m.id", "v.model_id")
    .select([
      "v.id",
      "v.workspace_id as workspaceId",
      "v.project_id as projectId",
      "v.created_by as ownerId",
      "v.name as version",
      "m.name as model",
      "m.id as modelId",
    ])
    .where("v.id", "=", id)
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", `There is no model version ${id} here.`);
  const { version, model, ...target } = row;
  const name = `${model} ${version}`;
  return { ...target, name, partOf: target.modelId, thing: { type: "model_version", id: target.id, name } };
}

/** The target of adding to a version: the actor's own where a run of theirs works on it; a workload token's where its run does. Error: not_found. */
export async function modelVersionForAdding(tx: Tx, actor: Actor, id: string): Promise<ModelVersionTarget> {
  const target = await modelVersionTarget(tx, id);
  if (target.ownerId === actor.id && !actor.workload) return target;
  let links = tx
    .selectFrom("model_version_run as link")
    .innerJoin("run", "run.id", "link.run_id")
    .select("run.id")
    .where("link.model_version_id", "=", id)
    .where("run.created_by", "=", actor.id);
  if (actor.workload) links = links.where("run.id", "=", actor.workload.runId);
  const mine = await links.executeTakeFirst();
  return { ...target, ownerId: mine ? actor.id : target.ownerId, runId: linkedRunForWrite(actor, mine !== undefined) };
}
