import "server-only";
import { z } from "zod";
import { runForWrite } from "@/lib/authz/workload-run";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { attachTags, detachTags, type TagWish } from "@/lib/tags/attach-tags";
import { artifactTarget, artifactVersionTarget } from "./queries";

// Changes of artifacts and their versions: names and tags. What a version holds never changes.

const tags = { addTags: z.array(z.custom<TagWish>()).nullable(), removeTags: z.array(z.string()).nullable() };
const tagNames = (wishes: readonly TagWish[]) => wishes.map((tag) => (typeof tag === "string" ? tag : tag.name));

/** Renames an artifact, changes its tags. Errors: not_found, conflict for a taken name. */
export const updateArtifact = defineCommand({
  name: "artifact.updated",
  permission: "artifact:update",
  input: z.strictObject({ id: z.uuid(), name: z.string().min(1).max(255).nullable(), hasCustomName: z.boolean().nullable(), ...tags }),
  scope: async ({ tx, actor, input }) => {
    const target = await artifactTarget(tx, input.id);
    return { ...target, runId: runForWrite(actor, target.ownerId) };
  },
  run: async ({ tx, actor, input, target, workspace, now }) => {
    const before: Record<string, unknown> = {};
    const after: Record<string, unknown> = {};
    if (input.name !== null && input.name !== target.name) {
      const taken = await tx.selectFrom("artifact").select("id").where("project_id", "=", target.projectId).where("name", "=", input.name).executeTakeFirst();
      if (taken) throw new AppError("conflict", `An artifact named ${input.name} exists already.`);
      before.name = target.name;
      after.name = input.name;
    }
    if (input.hasCustomName !== null && input.hasCustomName !== target.has_custom_name) {
      before.hasCustomName = target.has_custom_name;
      after.hasCustomName = input.hasCustomName;
    }
    const set = { name: input.name ?? target.name, has_custom_name: input.hasCustomName ?? target.has_custom_name, updated_at: now };
    if (input.addTags?.length) {
      await attachTags(tx, { workspaceId: workspace.id, actorId: actor.id, resourceType: "artifact", resourceId: input.id, tags: input.addTags });
      after.tagsAdded = tagNames(input.addTags);
    }
    if (input.removeTags?.length) {
      await detachTags(tx, { resourceId: input.id, tags: input.removeTags });
      after.tagsRemoved = input.removeTags;
    }
    if (Object.keys(after).length === 0) return { result: input.id, audit: UNCHANGED };
    await tx.updateTable("artifact").set(set).where("id", "=", input.id).execute();
    return { result: input.id, audit: { target: { type: "artifact", id: input.id, name: set.name, projectId: target.projectId }, before, after } };
  },
});

/** Changes the tags of a version. Error: not_found. */
export const updateArtifactVersion = defineCommand({
  name: "artifact-version.updated",
  permission: "artifact:update",
  input: z.strictObject({ id: z.uuid(), ...tags }),
  scope: async ({ tx, actor, input }) => {
    const target = await artifactVersionTarget(tx, input.id);
    return { ...target, runId: runForWrite(actor, target.ownerId, target.runId) };
  },
  run: async ({ tx, actor, input, target, workspace, now }) => {
    const after: Record<string, unknown> = {};
    if (input.addTags?.length) {
      await attachTags(tx, { workspaceId: workspace.id, actorId: actor.id, resourceType: "artifact_version", resourceId: input.id, tags: input.addTags });
      after.tagsAdded = tagNames(input.addTags);
    }
    if (input.removeTags?.length) {
      await detachTags(tx, { resourceId: input.id, tags: input.removeTags });
      after.tagsRemoved = input.removeTags;
    }
    if (Object.keys(after).length === 0) return { result: input.id, audit: UNCHANGED };
    await tx.updateTable("artifact_version").set({ updated_at: now }).where("id", "=", input.id).execute();
    return {
      result: input.id,
      audit: { target: { type: "artifact_version", id: input.id, name: `${target.name} ${target.version}`, projectId: target.projectId }, after },
    };
  },
});

/** Deletes the record of a version; the data in the artifact store stays. A person types its name and version. Errors: not_found, invalid_input. */
export const deleteArtifactVersion = defineCommand({
  name: "artifact-version.deleted",
  permission: "artifact:delete",
  input: z.strictObject({ id: z.uuid(), typedName: z.string().max(600).optional() }),
  scope: ({ tx, input }) => artifactVersionTarget(tx, input.id),
  run: async ({ tx, input, target }) => {
    requireTypedName(input.typedName, `${target.name} ${target.version}`);
    await tx.deleteFrom("artifact_version").where("id", "=", input.id).execute();
    return {
      result: null,
      audit: {
        target: { type: "artifact_version", id: input.id, name: `${target.name} ${target.version}`, projectId: target.projectId },
        before: { version: target.version, uri: target.uri },
      },
    };
  },
});

/** Deletes an artifact with the records of its versions; the data stays. Error: not_found. */
export const deleteArtifact = defineCommand({
  name: "artifact.deleted",
  permission: "artifact:delete",
  input: z.strictObject({ id: z.uuid() }),
  scope: ({ tx, input }) => artifactTarget(tx, input.id),
  run: async ({ tx, input, target }) => {
    const versions = await tx.selectFrom("artifact_version").select("version").where("artifact_id", "=", input.id).execute();
    await tx.deleteFrom("artifact").where("id", "=", input.id).execute();
    return {
      result: null,
      audit: {
        target: { type: "artifact", id: input.id, name: target.name, projectId: target.projectId },
        before: { name: target.name, versions: versions.length },
      },
    };
  },
});
