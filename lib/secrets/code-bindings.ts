import "server-only";
import type { AuditDraft } from "@/lib/audit/record";
import { can } from "@/lib/authz/can";
import type { Actor } from "@/lib/identity/actor";
import type { Tx } from "@/lib/kernel/transaction";
import { type BindingTarget, type Change, openBinding } from "./bindings";
import { findSecretForUse, thingTarget } from "./find-secret";

// Secrets that code names (`@step(secrets=[...])`, `@pipeline(secrets=[...])`) bind by themselves, as references do: when who posts the code may both bind the secret
// and change the pipeline. They hold for runs of snapshots that name them; what a step names that was made while the run goes on holds for that run. Nobody else's code binds anything; it is taken as it is.

/** What a snapshot's code names: for the whole pipeline, and by step what is not the pipeline's already. */
export type NamedSecrets = { pipeline: string[]; steps: { name: string; secrets: string[] }[] };

type Config = { secrets?: unknown };

/** Reads the client's JSON texts: `secrets` of the pipeline's configuration, and of each step's, which holds the pipeline's too. */
export function namedSecrets(pipelineConfiguration: string, steps: readonly { name: string; body: string }[]): NamedSecrets {
  const pipeline = textsOf(parsed<Config>(pipelineConfiguration)?.secrets);
  const named = steps.map(({ name, body }) => {
    const step = parsed<{ config?: Config; step_config_overrides?: Config }>(body);
    const secrets = new Set([...textsOf(step?.config?.secrets), ...textsOf(step?.step_config_overrides?.secrets)]);
    return { name, secrets: [...secrets].filter((one) => !pipeline.includes(one)) };
  });
  return { pipeline, steps: named.filter((step) => step.secrets.length > 0) };
}

/** Most texts name none: those are not parsed. */
const parsed = <T>(text: string): T | null => (/"secrets"\s*:\s*\[\s*"/.test(text) ? (JSON.parse(text) as T) : null);
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : []);

type Pipeline = { id: string; name: string; created_by: string | null };
/** `runId`: for that run of the snapshot alone. */
type Posted = { snapshotId: string; runId?: string; workspaceId: string; projectId: string; pipeline: Pipeline };

/** Binds what the snapshot names; gives the entries of what was not bound before. */
export async function bindNamed(tx: Tx, actor: Actor, posted: Posted, named: NamedSecrets, change: Change): Promise<AuditDraft[]> {
  const { workspaceId, projectId, pipeline } = posted;
  if (named.pipeline.length === 0 && named.steps.length === 0) return [];
  const mayChange = can(actor, "pipeline:update", {
    workspaceId,
    projectId,
    ownerId: pipeline.created_by,
    thing: { type: "pipeline", id: pipeline.id, name: pipeline.name },
  });
  if (!mayChange.allowed) return [];
  const entries: AuditDraft[] = [];
  const bind = async (texts: readonly string[], target: BindingTarget) => {
    for (const text of new Set(texts)) {
      const secret = await findSecretForUse(tx, actor, workspaceId, text, projectId);
      if (!secret || (secret.project_id !== null && secret.project_id !== projectId) || !can(actor, "secret:bind", thingTarget(secret)).allowed) continue;
      if (posted.runId && (await isOfPipeline(tx, posted.snapshotId, secret.id))) continue;
      await tx
        .insertInto("snapshot_secret")
        .values({ snapshot_id: posted.snapshotId, run_id: posted.runId ?? null, workspace_id: workspaceId, secret_id: secret.id, step: target.step ?? null })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const entry = await openBinding(tx, { secret, target, path: "code" }, change);
      if (entry) entries.push(entry);
    }
  };
  const target = { id: pipeline.id, name: pipeline.name, projectId };
  await bind(named.pipeline, { ...target, kind: "pipeline" });
  for (const step of named.steps) await bind(step.secrets, { ...target, kind: "step", step: step.name });
  return entries;
}

/** A step's configuration holds the pipeline's secrets too; those are bound with the snapshot. */
async function isOfPipeline(tx: Tx, snapshotId: string, secretId: string): Promise<boolean> {
  const row = await tx
    .selectFrom("snapshot_secret")
    .select("secret_id")
    .where("snapshot_id", "=", snapshotId)
    .where("secret_id", "=", secretId)
    .where("step", "is", null)
    .executeTakeFirst();
  return row !== undefined;
}

type DynamicStep = { workspaceId: string; run: { id: string; project_id: string; snapshot_id: string }; name: string; body: string };

/** Binds what a step names that a dynamic pipeline made while it runs, for its run; gives the entries of what was not bound before. */
export async function bindNamedByStep(tx: Tx, actor: Actor, { workspaceId, run, name, body }: DynamicStep, change: Change): Promise<AuditDraft[]> {
  const named = namedSecrets("{}", [{ name, body }]);
  if (named.steps.length === 0) return [];
  const pipeline = await tx
    .selectFrom("run as r")
    .innerJoin("pipeline as p", "p.id", "r.pipeline_id")
    .select(["p.id", "p.name", "p.created_by"])
    .where("r.id", "=", run.id)
    .executeTakeFirst();
  if (!pipeline) return [];
  return bindNamed(tx, actor, { snapshotId: run.snapshot_id, runId: run.id, workspaceId, projectId: run.project_id, pipeline }, named, change);
}
