import "server-only";
import { z } from "zod";
import { type Command, defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { jsonField } from "@/lib/kernel/form-fields";
import type { Tx } from "@/lib/kernel/transaction";
import { attachTags, carriersOf, checkTagName, detachTags, loadTags, TAGGABLE } from "./attach-tags";
import { type EditedTags, TAG_NAME_MAX } from "./schema";
import { nounOf, tagTarget, TAGGED_NOUNS, type TaggedNoun, type TagTarget } from "./tag-targets";

// A person's edit of one thing's tags, by name: some are put on, making those that there aren't, and some are taken off, in one entry. An
// exclusive tag is taken from what carried it; that thing has an entry of its own.

const MAX_TAGS = 50;
const names = jsonField(z.array(z.string().trim().min(1).max(TAG_NAME_MAX)).max(MAX_TAGS)).default([]);
const input = z.strictObject({ resourceType: z.enum(TAGGABLE), resourceId: z.uuid(), add: names, remove: names });

const editOf = (noun: TaggedNoun): Command<typeof input, TagTarget, EditedTags> =>
  defineCommand({
    name: `${noun}.tags-edited`,
    permission: `${noun}:update`,
    input,
    scope: ({ tx, actor, input: { resourceType, resourceId } }) => {
      // The permission was asked for one noun, so the thing must be of it.
      if (nounOf(resourceType) !== noun) throw new AppError("invalid_input", `A ${resourceType} is not tagged as a ${noun}.`);
      return tagTarget(tx, actor, resourceType, resourceId);
    },
    run: async ({ tx, actor, input: { resourceType, resourceId, add, remove }, target, workspace }) => {
      for (const name of add) checkTagName(name);
      const before = await tagsOf(tx, resourceId);
      const taken = await carriersOf(tx, { resourceType, resourceId, names: add });
      await attachTags(tx, { workspaceId: workspace.id, actorId: actor.id, resourceType, resourceId, tags: add });
      await detachTags(tx, { resourceId, tags: remove.filter((name) => !add.includes(name)) });
      const after = await tagsOf(tx, resourceId);
      const result = { tags: after, taken: taken.map(({ tag, name }) => ({ tag, from: name })) };
      if (before.join("\n") === after.join("\n")) return { result, audit: UNCHANGED };
      return {
        result,
        audit: [
          { target: { type: resourceType, id: resourceId, name: target.name, projectId: target.projectId }, before: { tags: before }, after: { tags: after } },
          ...taken.map(({ tag, id, name }) => ({
            target: { type: resourceType, id, name, projectId: target.projectId },
            before: { tagsRemoved: [tag] },
            after: { tagTakenBy: target.name },
          })),
        ],
        live: target.runId ? [{ projectId: target.projectId, runId: target.runId }] : [],
      };
    },
  });

const tagsOf = async (tx: Tx, id: string) => (await loadTags(tx, [id])).get(id)?.map((tag) => tag.name) ?? [];

/** Changes the tags of a thing. Errors: not_found, invalid_input for a name that is none, bad_request where exclusiveness does not fit. */
export const EDIT_TAGS = Object.fromEntries(TAGGED_NOUNS.map((noun) => [noun, editOf(noun)])) as Record<TaggedNoun, ReturnType<typeof editOf>>;
