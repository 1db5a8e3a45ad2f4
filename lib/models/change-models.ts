import "server-only";
import { z } from "zod";
import { NO_RUN } from "@/lib/authz/workload-run";
import type { AuditDraft } from "@/lib/audit/record";
import { runForWrite } from "@/lib/authz/workload-run";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { findProject } from "@/lib/projects/find-project";
import { attachTags, detachTags, type TagWish } from "@/lib/tags/attach-tags";
import { modelVersionForAdding, modelVersionTarget } from "./model-version-target";
import { modelTarget } from "./queries";
import { checkVersionName, createVersion, MODEL_STAGES } from "./resolve-model-version";

// Makes, changes and deletes models and their versions. A version's stage is history: each change closes one interval and opens the
// next, with the request that did it.

const words = z.string().max(65_535).nullable();
const about = { license: words, description: words, audience: words, use_cases: words, limitations: words, trade_offs: words, ethics: words };
const name = z
  .string()
  .min(1)
  .max(255)
  .refine((text) => !text.includes("\u0000"), "has a character that no text has");
const tagList = z.array(z.custom<TagWish>()).nullable();
const tagNames = (wishes: readonly TagWish[]) => wishes.map((tag) => (typeof tag === "string" ? tag : tag.name));

/** Makes a model; gives its id. Errors: not_found for the project, conflict for a taken name. */
export const createModel = defineCommand({
  name: "model.created",
  permission: "model:create",
  input: z.strictObject({ project: z.string(), name, ...about, save_models_to_registry: z.boolean(), tags: tagList }),
  scope: async ({ tx, actor, input, workspace }) => ({
    workspaceId: workspace.id,
    projectId: (await findProject(tx, workspace.id, input.project)).id,
    ownerId: actor.id,
  }),
  run: async ({ tx, actor, input: { project: _, tags, ...values }, target, workspace }) => {
    const id = newId();
    const made = await tx
      .insertInto("model")
      .values({ id, workspace_id: workspace.id, project_id: target.projectId, ...values, created_by: actor.id })
      .onConflict((conflict) => conflict.columns(["project_id", "name"]).doNothing())
      .returning("id")
      .executeTakeFirst();
    if (!made) throw takenModel(values.name);
    await attachTags(tx, { workspaceId: workspace.id, actorId: actor.id, resourceType: "model", resourceId: id, tags });
    return {
      result: id,
      audit: { target: { type: "model", id, name: values.name, projectId: target.projectId }, after: { ...values, tags: tagNames(tags ?? []) } },
    };
  },
});

/** Changes a model; null leaves a field. Errors: not_found, conflict for a taken name. */
export const updateModel = defineCommand({
  name: "model.updated",
  permission: "model:update",
  input: z.strictObject({
    id: z.uuid(),
    name: name.nullable(),
    ...about,
    save_models_to_registry: z.boolean().nullable(),
    addTags: tagList,
    removeTags: z.array(z.string()).nullable(),
  }),
  scope: async ({ tx, actor, input }) => {
    const target = await modelTarget(tx, input.id);
    return { ...target, runId: runForWrite(actor, target.ownerId) };
  },
  run: async ({ tx, actor, input: { id, addTags, removeTags, ...wanted }, target, workspace, now }) => {
    const current = await tx.selectFrom("model").selectAll().where("id", "=", id).forUpdate().executeTakeFirstOrThrow();
    const set = Object.fromEntries(Object.entries(wanted).filter(([key, value]) => value !== null && value !== current[key as keyof typeof wanted]));
    const before: Record<string, unknown> = Object.fromEntries(Object.keys(set).map((key) => [key, current[key as keyof typeof wanted]]));
    const after: Record<string, unknown> = { ...set };
    if (
      set.name !== undefined &&
      (await tx.selectFrom("model").select("id").where("project_id", "=", target.projectId).where("name", "=", String(set.name)).executeTakeFirst())
    )
      throw takenModel(String(set.name));
    if (addTags?.length) {
      await attachTags(tx, { workspaceId: workspace.id, actorId: actor.id, resourceType: "model", resourceId: id, tags: addTags });
      after.tagsAdded = tagNames(addTags);
    }
    if (removeTags?.length) {
      await detachTags(tx, { resourceId: id, tags: removeTags });
      after.tagsRemoved = removeTags;
    }
    if (Object.keys(after).length === 0) return { result: id, audit: UNCHANGED };
    await tx
      .updateTable("model")
      .set({ ...set, updated_at: now })
      .where("id", "=", id)
      .execute();
    return { result: id, audit: { target: { type: "model", id, name: String(set.name ?? current.name), projectId: target.projectId }, before, after } };
  },
});

/** Deletes a model with its versions and links; artifacts and runs stay. Error: not_found. */
export const deleteModel = defineCommand({
  name: "model.deleted",
  permission: "model:delete",
  input: z.strictObject({ id: z.uuid(), typedName: z.string().optional() }),
  scope: ({ tx, input }) => modelTarget(tx, input.id),
  run: async ({ tx, input: { id, typedName }, target }) => {
    requireTypedName(typedName, target.name);
    const versions = await tx.selectFrom("model_version").select(["id", "name", "stage"]).where("model_id", "=", id).orderBy("number").execute();
    await tx.deleteFrom("model").where("id", "=", id).execute();
    return {
      result: null,
      audit: {
        target: { type: "model", id, name: target.name, projectId: target.projectId },
        before: {
          name: target.name,
          versions: versions.length,
          staged: versions.filter((version) => version.stage).map((version) => `${version.name} ${version.stage}`),
        },
      },
    };
  },
});

/** Makes a version; gives its id. Errors: not_found for the model, bad_request for a name that can't be one, conflict for a taken one. */
export const createModelVersion = defineCommand({
  name: "model-version.created",
  permission: "model:create",
  input: z.strictObject({ project: z.string(), modelId: z.uuid(), name: name.nullable(), description: words, tags: tagList }),
  scope: async ({ tx, actor, input, workspace }) => {
    const project = await findProject(tx, workspace.id, input.project);
    const model = await tx
      .selectFrom("model")
      .select(["id", "name"])
      .where("id", "=", input.modelId)
      .where("project_id", "=", project.id)
      .forUpdate()
      .executeTakeFirst();
    if (!model) throw new AppError("not_found", `There is no model ${input.modelId} in this project.`);
    return { workspaceId: workspace.id, projectId: project.id, ownerId: actor.id, partOf: model.id, model };
  },
  run: async ({ tx, actor, input, target: { model, projectId }, workspace, request }) => {
    if (input.name !== null) await checkFreeVersionName(tx, model.id, input.name);
    const created: AuditDraft[] = [];
    const place = { workspaceId: workspace.id, projectId, actorId: actor.id, requestId: request.requestId };
    const id = await createVersion(
      tx,
      place,
      model.id,
      model.name,
      { versionName: input.name ?? undefined, description: input.description, tags: input.tags },
      created,
    );
    return { result: id, audit: created };
  },
});

/** Changes the name, description and tags of a version. Errors: not_found, conflict for a taken name. */
export const updateModelVersion = defineCommand({
  name: "model-version.updated",
  permission: "model:update",
  input: z.strictObject({ id: z.uuid(), name: name.nullable(), description: words, addTags: tagList, removeTags: z.array(z.string()).nullable() }),
  scope: async ({ tx, actor, input }) => {
    if (!actor.workload) return modelVersionTarget(tx, input.id);
    const target = await modelVersionTarget(tx, input.id);
    const { runId } = await modelVersionForAdding(tx, actor, input.id);
    return { ...target, runId: target.ownerId === actor.id ? runId : NO_RUN }; // a token never has more power than its owner
  },
  run: async ({ tx, actor, input, target, workspace, now }) => {
    const current = await tx.selectFrom("model_version").select(["name", "description"]).where("id", "=", input.id).forUpdate().executeTakeFirstOrThrow();
    const after: Record<string, unknown> = {};
    if (input.name !== null && input.name !== current.name) {
      await checkFreeVersionName(tx, target.modelId, input.name);
      after.name = input.name;
    }
    if (input.description !== null && input.description !== current.description) after.description = input.description;
    const set = { ...after, updated_at: now };
    if (input.addTags?.length) {
      await attachTags(tx, { workspaceId: workspace.id, actorId: actor.id, resourceType: "model_version", resourceId: input.id, tags: input.addTags });
      after.tagsAdded = tagNames(input.addTags);
    }
    if (input.removeTags?.length) {
      await detachTags(tx, { resourceId: input.id, tags: input.removeTags });
      after.tagsRemoved = input.removeTags;
    }
    if (Object.keys(after).length === 0) return { result: input.id, audit: UNCHANGED };
    await tx.updateTable("model_version").set(set).where("id", "=", input.id).execute();
    return {
      result: input.id,
      audit: {
        target: { type: "model_version", id: input.id, name: target.name, projectId: target.projectId },
        before: current,
        after: { ...current, ...after },
      },
    };
  },
});

/**
 * Gives a version its stage. Errors: not_found; in_use when another version holds staging or production and `force` is not set; with
 * it that one is archived.
 */
export const setModelVersionStage = defineCommand({
  name: "model-version.stage-set",
  permission: "model:promote",
  input: z.strictObject({ id: z.uuid(), stage: z.enum(["none", ...MODEL_STAGES]), force: z.boolean() }),
  scope: async ({ tx, input }) => {
    const { ownerId: _, ...target } = await modelVersionTarget(tx, input.id);
    return target;
  },
  run: async ({ tx, input, target, now, workspace, request }) => {
    await tx.selectFrom("model").select("id").where("id", "=", target.modelId).forUpdate().execute();
    const version = await tx.selectFrom("model_version").select(["id", "name", "stage"]).where("id", "=", input.id).executeTakeFirstOrThrow();
    const stage = input.stage === "none" ? null : input.stage;
    if (version.stage === stage) return { result: input.id, audit: UNCHANGED };
    const facts = { workspaceId: workspace.id, now, requestId: request.requestId };
    const drafts: AuditDraft[] = [];
    const holder =
      stage === "staging" || stage === "production"
        ? await tx
            .selectFrom("model_version")
            .select(["id", "name", "stage"])
            .where("model_id", "=", target.modelId)
            .where("stage", "=", stage)
            .executeTakeFirst()
        : undefined;
    if (holder && !input.force) throw new AppError("in_use", `Model version ${holder.name} is in ${stage}, but \`force\` flag is False.`);
    if (holder) {
      await move(tx, facts, holder, "archived");
      drafts.push(stageDraft(target, { id: holder.id, name: `${modelOf(target.name, version.name)} ${holder.name}` }, stage, "archived"));
    }
    await move(tx, facts, version, stage);
    drafts.unshift(stageDraft(target, { id: version.id, name: target.name }, version.stage, stage));
    return { result: input.id, audit: drafts };
  },
});

/** Deletes a version with its links; artifacts and runs stay. Error: not_found. */
export const deleteModelVersion = defineCommand({
  name: "model-version.deleted",
  permission: "model:delete",
  input: z.strictObject({ id: z.uuid(), typedName: z.string().optional() }),
  scope: ({ tx, input }) => modelVersionTarget(tx, input.id),
  run: async ({ tx, input: { id, typedName }, target }) => {
    requireTypedName(typedName, target.name);
    const version = await tx.selectFrom("model_version").select(["number", "name", "stage"]).where("id", "=", id).executeTakeFirstOrThrow();
    await tx.deleteFrom("model_version").where("id", "=", id).execute();
    return { result: null, audit: { target: { type: "model_version", id, name: target.name, projectId: target.projectId }, before: version } };
  },
});

const takenModel = (name: string) => new AppError("conflict", `A model named ${name} exists already.`);
const modelOf = (whole: string, version: string) => whole.slice(0, whole.length - version.length - 1);

const stageDraft = (target: { projectId: string }, version: { id: string; name: string }, before: string | null, after: string | null): AuditDraft => ({
  target: { type: "model_version", id: version.id, name: version.name, projectId: target.projectId },
  before: { stage: before ?? "none" },
  after: { stage: after ?? "none" },
});

async function checkFreeVersionName(tx: Tx, modelId: string, name: string): Promise<void> {
  checkVersionName(name);
  if (await tx.selectFrom("model_version").select("id").where("model_id", "=", modelId).where("name", "=", name).executeTakeFirst())
    throw new AppError("conflict", `The model has a version named ${name} already.`);
}

/** Closes the interval of the version's stage and opens that of the new one. */
async function move(
  tx: Tx,
  facts: { workspaceId: string; now: string; requestId: string },
  version: { id: string; stage: string | null },
  stage: string | null,
): Promise<void> {
  await tx.updateTable("model_version").set({ stage, updated_at: facts.now }).where("id", "=", version.id).execute();
  await tx
    .updateTable("model_stage_interval")
    .set({ valid_to: facts.now, closed_request_id: facts.requestId })
    .where("model_version_id", "=", version.id)
    .where("valid_to", "is", null)
    .execute();
  if (stage !== null)
    await tx
      .insertInto("model_stage_interval")
      .values({ workspace_id: facts.workspaceId, model_version_id: version.id, stage, valid_from: facts.now, opened_request_id: facts.requestId })
      .execute();
}
