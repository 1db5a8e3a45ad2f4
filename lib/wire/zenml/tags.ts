import "server-only";
import { z } from "zod";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { readInScope } from "@/lib/kernel/transaction";
import { TAG_COLORS, TAGGABLE, type TaggableType } from "@/lib/tags/attach-tags";
import { createTag, deleteTag, updateTag } from "@/lib/tags/change-tag";
import { getTag, listTags, TAG_FIELDS, type TagView } from "@/lib/tags/queries";
import { TAG, type TagLink, UNTAG } from "@/lib/tags/tag-resource";
import { nounOf } from "@/lib/tags/tag-targets";
import { bodyOf } from "./bodies";
import type { Endpoint, WireCall } from "./endpoint";
import { type Envelope, entity, naive, times } from "./respond";
import { answerList } from "./scoped-list";
import { loadUsers, nestedUser } from "./users";

// Tags and tag links on the wire. A batch of links becomes one command per tagged thing, which needs the update permission of its noun.

const newTag = z.object({ name: z.string(), exclusive: z.boolean().nullish(), color: z.enum(TAG_COLORS).nullish() });
const changedTag = z.object({ name: z.string().nullish(), exclusive: z.boolean().nullish(), color: z.enum(TAG_COLORS).nullish() });
const link = z.object({ tag_id: z.uuid(), resource_id: z.uuid(), resource_type: z.enum(TAGGABLE) });
type Link = z.output<typeof link>;

async function present(call: WireCall, tags: readonly TagView[]): Promise<Envelope[]> {
  const users = await readInScope([call.context.workspace.id], (tx) =>
    loadUsers(
      tx,
      tags.map((tag) => tag.created_by),
    ),
  );
  return tags.map((tag) =>
    entity({
      id: tag.id,
      name: tag.name,
      body: { ...times(tag), user_id: tag.created_by, color: tag.color, exclusive: tag.exclusive },
      metadata: call.hydrate ? { tagged_count: tag.taggedCount } : null,
      resources: { user: tag.created_by ? nestedUser(users.get(tag.created_by)) : null },
    }),
  );
}

const one = async (call: WireCall, id: string | undefined) => (await present(call, [await ask(getTag, call.context, { id })]))[0];

async function tagAll(call: WireCall, links: readonly Link[]): Promise<Envelope[]> {
  const made: TagLink[] = [];
  for (const { resourceType, resourceId, tagIds } of byResource(links))
    made.push(...(await execute(TAG[nounOf(resourceType)], call.context, { resourceType, resourceId, tagIds })));
  return links
    .flatMap(
      ({ tag_id: tagId, resource_id: resourceId }) =>
        made.find((row) => row.tag_id === tagId.toLowerCase() && row.resource_id === resourceId.toLowerCase()) ?? [],
    )
    .map(tagLink);
}

async function untagAll(call: WireCall, links: readonly Link[]): Promise<null> {
  for (const { resourceType, resourceId, tagIds } of byResource(links))
    await execute(UNTAG[nounOf(resourceType)], call.context, { resourceType, resourceId, tagIds });
  return null;
}

function byResource(links: readonly Link[]): { resourceType: TaggableType; resourceId: string; tagIds: string[] }[] {
  const groups = new Map<string, { resourceType: TaggableType; resourceId: string; tagIds: string[] }>();
  for (const { tag_id: tagId, resource_id: resourceId, resource_type: resourceType } of links) {
    const key = `${resourceType} ${resourceId}`;
    const group = groups.get(key) ?? { resourceType, resourceId, tagIds: [] };
    group.tagIds.push(tagId);
    groups.set(key, group);
  }
  return [...groups.values()];
}

const tagLink = (row: TagLink): Envelope =>
  entity({
    id: row.id,
    body: {
      created: naive(row.created_at),
      updated: naive(row.created_at),
      tag_id: row.tag_id,
      resource_id: row.resource_id,
      resource_type: row.resource_type,
    },
  });

export const TAG_ENDPOINTS: Endpoint[] = [
  {
    method: "GET",
    path: "/tags",
    permission: "tag:read",
    audit: "none: a read",
    list: true,
    handle: (call) =>
      answerList(
        call,
        TAG_FIELDS,
        (input) => ask(listTags, call.context, input),
        (tags) => present(call, tags),
      ),
  },
  {
    method: "POST",
    path: "/tags",
    permission: "tag:create",
    audit: "entry",
    handle: async (call) => one(call, await execute(createTag, call.context, bodyOf(call, newTag))),
  },
  { method: "GET", path: "/tags/{tag_id}", permission: "tag:read", audit: "none: a read", handle: (call) => one(call, call.path.tag_id) },
  {
    method: "PUT",
    path: "/tags/{tag_id}",
    permission: "tag:update",
    audit: "entry",
    handle: async (call) => one(call, await execute(updateTag, call.context, { tagId: call.path.tag_id, ...bodyOf(call, changedTag) })),
  },
  {
    method: "DELETE",
    path: "/tags/{tag_id}",
    permission: "tag:delete",
    audit: "entry",
    handle: (call) => execute(deleteTag, call.context, { tagId: call.path.tag_id }),
  },
  { method: "POST", path: "/tag_resources", permission: "run:update", audit: "entry", handle: async (call) => (await tagAll(call, [bodyOf(call, link)]))[0] },
  {
    method: "POST",
    path: "/tag_resources/batch",
    permission: "run:update",
    audit: "entry",
    handle: (call) => tagAll(call, bodyOf(call, z.array(link).max(1_000))),
  },
  { method: "DELETE", path: "/tag_resources", permission: "run:update", audit: "entry", handle: (call) => untagAll(call, [bodyOf(call, link)]) },
  {
    method: "DELETE",
    path: "/tag_resources/batch",
    permission: "run:update",
    audit: "entry",
    handle: (call) => untagAll(call, bodyOf(call, z.array(link).max(1_000))),
  },
];
