import "server-only";
import { z } from "zod";
import type { Actor } from "@/lib/identity/actor";
import { type Command, defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { attachTags, detachTags, TAGGABLE } from "./attach-tags";
import { nounOf, tagTarget, TAGGED_NOUNS, type TaggedNoun, type TagTarget } from "./tag-targets";

// Puts tags on one thing and takes them off. One pair of commands per noun, as each needs the update permission of what it tags.

const input = z.strictObject({ resourceType: z.enum(TAGGABLE), resourceId: z.uuid(), tagIds: z.array(z.uuid()).min(1).max(100) });
type Input = typeof input;

export type TagLink = { id: string; tag_id: string; resource_id: string; resource_type: string; created_at: string };
type TagCommand = Command<Input, TagTarget, TagLink[]>;

const attachTo = (noun: TaggedNoun): TagCommand =>
  defineCommand({
    name: `${noun}.tagged`,
    permission: `${noun}:update`,
    input,
    scope: ({ tx, actor, input }) => targetFor(noun, tx, actor, input),
    run: async ({ tx, actor, input: { resourceType, resourceId, tagIds }, target, workspace }) => {
      const before = await linksOf(tx, resourceId, tagIds);
      const tags = await attachTags(tx, { workspaceId: workspace.id, actorId: actor.id, resourceType, resourceId, tags: tagIds });
      const result = await linksOf(tx, resourceId, tagIds);
      const added = tags.filter((tag) => !before.some((link) => link.tag_id === tag.id)).map((tag) => tag.name);
      if (added.length === 0) return { result, audit: UNCHANGED };
      return {
        result,
        audit: { target: { type: resourceType, id: resourceId, name: target.name, projectId: target.projectId }, after: { tagsAdded: added } },
        live: live(target),
      };
    },
  });

const detachFrom = (noun: TaggedNoun): TagCommand =>
  defineCommand({
    name: `${noun}.untagged`,
    permission: `${noun}:update`,
    input,
    scope: ({ tx, actor, input }) => targetFor(noun, tx, actor, input),
    run: async ({ tx, input: { resourceType, resourceId, tagIds }, target }) => {
      const removed = await linksOf(tx, resourceId, tagIds);
      if (removed.length === 0) return { result: [], audit: UNCHANGED };
      const names = await tx
        .selectFrom("tag")
        .select("name")
        .where(
          "id",
          "in",
          removed.map((link) => link.tag_id),
        )
        .orderBy("name")
        .execute();
      await detachTags(tx, { resourceId, tags: tagIds });
      return {
        result: [],
        audit: {
          target: { type: resourceType, id: resourceId, name: target.name, projectId: target.projectId },
          before: { tagsRemoved: names.map((tag) => tag.name) },
        },
        live: live(target),
      };
    },
  });

/** The permission was asked for one noun, so the thing must be of it. */
function targetFor(noun: TaggedNoun, tx: Tx, actor: Actor, { resourceType, resourceId }: z.output<Input>): Promise<TagTarget> {
  if (nounOf(resourceType) !== noun) throw new AppError("invalid_input", `A ${resourceType} is not tagged as a ${noun}.`);
  return tagTarget(tx, actor, resourceType, resourceId);
}

const live = (target: TagTarget) => (target.runId ? [{ projectId: target.projectId, runId: target.runId }] : []);

async function linksOf(tx: Tx, resourceId: string, tagIds: readonly string[]): Promise<TagLink[]> {
  return tx
    .selectFrom("tag_resource")
    .select(["id", "tag_id", "resource_id", "resource_type", "created_at"])
    .where("resource_id", "=", resourceId)
    .where("tag_id", "in", [...tagIds])
    .execute();
}

const forEachNoun = (make: (noun: TaggedNoun) => TagCommand) =>
  Object.fromEntries(TAGGED_NOUNS.map((noun) => [noun, make(noun)])) as Record<TaggedNoun, TagCommand>;

/** Puts tags on a thing; gives its links to them. */
export const TAG = forEachNoun(attachTo);
/** Takes tags off a thing; those that it doesn't carry are passed over. */
export const UNTAG = forEachNoun(detachFrom);
