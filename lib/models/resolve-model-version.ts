import "server-only";
import { sql } from "kysely";
import type { AuditDraft } from "@/lib/audit/record";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { attachTags, type TagWish } from "@/lib/tags/attach-tags";

// The model version that a run works on. A name alone means a new version for each run; a version's name means that one, made if it
// isn't there; a number, a stage or `latest` means one that exists. The model's row is locked while a version is numbered, so that
// numbers have no gaps and no doubles.

export const MODEL_STAGES = ["staging", "production", "archived"] as const;
/** Words that name versions by what they are, so that no version can be called so. */
export const RESERVED_VERSION_NAMES: ReadonlySet<string> = new Set(["none", "latest", ...MODEL_STAGES]);

/** What a pipeline's configuration says of its model. */
export type ModelWish = {
  name: string;
  version?: string | number | null;
  description?: string | null;
  license?: string | null;
  audience?: string | null;
  use_cases?: string | null;
  limitations?: string | null;
  trade_offs?: string | null;
  ethics?: string | null;
  save_models_to_registry?: boolean | null;
  tags?: readonly TagWish[] | null;
};

export type Resolved = {
  modelId: string;
  modelVersionId: string;
  /** Entries for the audit trail: of the model and the version, where they were made. */
  created: AuditDraft[];
};

type Place = { workspaceId: string; projectId: string; actorId: string; requestId: string };

/**
 * Finds or makes the version. `runId`: a version that this run made already under the same name is used again.
 * `substitutions`: values for `{placeholders}` in names. Errors: not_found for a number or stage that no version has, bad_request for
 * a name that can't be one.
 */
export async function resolveModelVersion(
  tx: Tx,
  facts: Place & { model: ModelWish | null | undefined; runId?: string; substitutions?: Readonly<Record<string, string>> },
): Promise<Resolved | null> {
  const { model } = facts;
  if (!model) return null;
  const created: AuditDraft[] = [];
  const name = filled(model.name, facts.substitutions);
  const owner = await ensureModel(tx, facts, { ...model, name }, created);
  if (model.version != null) {
    const version = filled(String(model.version), facts.substitutions);
    if (/^\d+$/.test(version) || RESERVED_VERSION_NAMES.has(version))
      return { modelId: owner, modelVersionId: await existingVersion(tx, owner, name, version), created };
    await lockModel(tx, owner);
    const there = await tx.selectFrom("model_version").select("id").where("model_id", "=", owner).where("name", "=", version).executeTakeFirst();
    if (there) return { modelId: owner, modelVersionId: there.id, created };
    return { modelId: owner, modelVersionId: await createVersion(tx, facts, owner, name, { ...model, versionName: version }, created), created };
  }
  if (facts.runId) {
    const mine = await tx
      .selectFrom("model_version_run as link")
      .innerJoin("model_version as version", "version.id", "link.model_version_id")
      .select("version.id")
      .where("link.run_id", "=", facts.runId)
      .where("version.model_id", "=", owner)
      .orderBy("link.created_at")
      .executeTakeFirst();
    if (mine) return { modelId: owner, modelVersionId: mine.id, created };
  }
  return { modelId: owner, modelVersionId: await createVersion(tx, facts, owner, name, model, created), created };
}

/** Links a run to the version it works on; once. */
export async function linkRunToModelVersion(tx: Tx, link: { workspaceId: string; modelVersionId: string; runId: string }): Promise<void> {
  await tx
    .insertInto("model_version_run")
    .values({ id: newId(), workspace_id: link.workspaceId, model_version_id: link.modelVersionId, run_id: link.runId })
    .onConflict((conflict) => conflict.columns(["model_version_id", "run_id"]).doNothing())
    .execute();
}

/** Error: bad_request for a version name that a number or a stage would be taken for. */
export function checkVersionName(name: string): void {
  if (/^\d+$/.test(name)) throw new AppError("bad_request", "A model version's name can't be a number: versions are numbered already.");
  if (RESERVED_VERSION_NAMES.has(name.toLowerCase())) throw new AppError("bad_request", `A model version can't be called ${name}: it is the name of a stage.`);
  if (name.length > 255 || name.trim() === "" || name.includes("\u0000")) throw new AppError("bad_request", "A model version's name has 1 to 255 characters.");
}

/** Numbers and inserts a version of a model, and adds its audit entry to `created`. The model's row is locked by it. */
export async function createVersion(
  tx: Tx,
  facts: Place,
  modelId: string,
  modelName: string,
  wish: { versionName?: string; description?: string | null; tags?: readonly TagWish[] | null },
  created: AuditDraft[],
): Promise<string> {
  if (wish.versionName !== undefined) checkVersionName(wish.versionName);
  const id = newId();
  // Numbered and inserted in one statement; its tags are looked up meanwhile.
  const inserting = sql<{ number: number; name: string }>`
    with numbered as (update model set version_number = version_number + 1 where id = ${modelId} returning version_number as number)
    insert into model_version (id, workspace_id, project_id, model_id, number, name, description, created_by)
    select ${id}, ${facts.workspaceId}, ${facts.projectId}, ${modelId}, number, coalesce(${wish.versionName ?? null}::text, number::text), ${wish.description ?? null}, ${facts.actorId} from numbered
    returning number, name`.execute(tx);
  const [{ rows }] = await Promise.all([
    inserting,
    attachTags(tx, { workspaceId: facts.workspaceId, actorId: facts.actorId, resourceType: "model_version", resourceId: id, tags: wish.tags }),
  ]);
  const { number, name } = rows[0] as { number: number; name: string };
  created.push({
    action: "model-version.created",
    target: { type: "model_version", id, name: `${modelName} ${name}`, projectId: facts.projectId },
    after: { model: modelName, number, name },
  });
  return id;
}

async function ensureModel(tx: Tx, facts: Place, wish: ModelWish, created: AuditDraft[]): Promise<string> {
  const find = () => tx.selectFrom("model").select("id").where("project_id", "=", facts.projectId).where("name", "=", wish.name).executeTakeFirst();
  const there = await find();
  if (there) return there.id;
  if (wish.name.trim() === "" || wish.name.length > 255 || wish.name.includes("\u0000"))
    throw new AppError("bad_request", "A model's name has 1 to 255 characters.");
  const id = newId();
  const made = await tx
    .insertInto("model")
    .values({
      id,
      workspace_id: facts.workspaceId,
      project_id: facts.projectId,
      name: wish.name,
      license: wish.license ?? null,
      description: wish.description ?? null,
      audience: wish.audience ?? null,
      use_cases: wish.use_cases ?? null,
      limitations: wish.limitations ?? null,
      trade_offs: wish.trade_offs ?? null,
      ethics: wish.ethics ?? null,
      save_models_to_registry: wish.save_models_to_registry ?? true,
      created_by: facts.actorId,
    })
    .onConflict((conflict) => conflict.columns(["project_id", "name"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  if (!made) return (await find())?.id as string; // another transaction committed it meanwhile
  created.push({
    action: "model.created",
    target: { type: "model", id, name: wish.name, projectId: facts.projectId },
    after: { name: wish.name, description: wish.description ?? null },
  });
  return id;
}

/** PostgreSQL's largest integer: no version has it. */
const MAX_INTEGER = 2_147_483_647;

const lockModel = (tx: Tx, id: string) => tx.selectFrom("model").select("id").where("id", "=", id).forUpdate().execute();

async function existingVersion(tx: Tx, modelId: string, modelName: string, version: string): Promise<string> {
  let query = tx.selectFrom("model_version").select("id").where("model_id", "=", modelId);
  if (/^\d+$/.test(version)) query = query.where("number", "=", Math.min(Number(version), MAX_INTEGER));
  else if (version === "latest") query = query.orderBy("number", "desc");
  else query = query.where("stage", "=", version);
  const row = await query.executeTakeFirst();
  if (!row)
    throw new AppError("not_found", `The model ${modelName} has no version ${version}.`, {
      fix: "Name a version that there is, or leave the version out to make a new one.",
    });
  return row.id;
}

/** `{date}` and the like, from the run; what has no value stays. */
const filled = (text: string, values: Readonly<Record<string, string>> = {}): string =>
  text.replace(/\{(\w+)\}/g, (all, key: string) => (Object.hasOwn(values, key) ? (values[key] as string) : all));
