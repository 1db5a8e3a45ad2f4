import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { checkTagName, colorOf, TAG_COLORS } from "./attach-tags";

// Makes, changes and deletes the tags of a workspace.

/** Makes a tag; gives its id. Error: conflict when there is one of that name. */
export const createTag = defineCommand({
  name: "tag.created",
  permission: "tag:create",
  input: z.strictObject({ name: z.string(), exclusive: z.boolean().nullish(), color: z.enum(TAG_COLORS).nullish() }),
  scope: ({ actor, workspace }) => ({ workspaceId: workspace.id, ownerId: actor.id }),
  run: async ({ tx, actor, input, workspace }) => {
    checkTagName(input.name);
    const id = newId();
    const values = { name: input.name, exclusive: input.exclusive ?? false, color: input.color ?? colorOf(input.name) };
    const made = await tx
      .insertInto("tag")
      .values({ id, workspace_id: workspace.id, created_by: actor.id, ...values })
      .onConflict((conflict) => conflict.columns(["workspace_id", "name"]).doNothing())
      .returning("id")
      .executeTakeFirst();
    if (!made) throw taken(input.name);
    return { result: id, audit: { target: { type: "tag", id, name: input.name }, after: values } };
  },
});

/** Changes a tag. Errors: not_found, conflict for a taken name, bad_request when it can't become exclusive. */
export const updateTag = defineCommand({
  name: "tag.updated",
  permission: "tag:update",
  input: z.strictObject({ tagId: z.uuid(), name: z.string().nullish(), exclusive: z.boolean().nullish(), color: z.enum(TAG_COLORS).nullish() }),
  scope: ({ tx, input }) => lockedTag(tx, input.tagId),
  run: async ({ tx, input, target: { tag }, now }) => {
    const after = { name: input.name ?? tag.name, exclusive: input.exclusive ?? tag.exclusive, color: input.color ?? tag.color };
    const before = { name: tag.name, exclusive: tag.exclusive, color: tag.color };
    if (JSON.stringify(after) === JSON.stringify(before)) return { result: tag.id, audit: UNCHANGED };
    if (after.name !== tag.name) {
      checkTagName(after.name);
      if (await tx.selectFrom("tag").select("id").where("workspace_id", "=", tag.workspace_id).where("name", "=", after.name).executeTakeFirst())
        throw taken(after.name);
    }
    if (after.exclusive && !tag.exclusive) await checkCanBeExclusive(tx, tag.id, tag.name);
    await tx
      .updateTable("tag")
      .set({ ...after, updated_at: now })
      .where("id", "=", tag.id)
      .execute();
    return { result: tag.id, audit: { target: { type: "tag", id: tag.id, name: after.name }, before, after } };
  },
});

/** Deletes a tag; whatever carried it no longer does. Error: not_found. */
export const deleteTag = defineCommand({
  name: "tag.deleted",
  permission: "tag:delete",
  input: z.strictObject({ tagId: z.uuid() }),
  scope: ({ tx, input }) => lockedTag(tx, input.tagId),
  run: async ({ tx, target: { tag } }) => {
    const { rows } = await sql<{ carried: number }>`select count(*) as carried from tag_resource where tag_id = ${tag.id}`.execute(tx);
    await tx.deleteFrom("tag").where("id", "=", tag.id).execute();
    return {
      result: null,
      audit: {
        target: { type: "tag", id: tag.id, name: tag.name },
        before: { name: tag.name, color: tag.color, exclusive: tag.exclusive, carriedBy: Number(rows[0]?.carried ?? 0) },
      },
    };
  },
});

async function lockedTag(tx: Tx, id: string) {
  const tag = await tx
    .selectFrom("tag")
    .select(["id", "workspace_id", "name", "color", "exclusive", "created_by"])
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (!tag) throw new AppError("not_found", `There is no tag ${id} here.`);
  return { workspaceId: tag.workspace_id, ownerId: tag.created_by, thing: { type: "tag", id: tag.id, name: tag.name }, tag };
}

const taken = (name: string) => new AppError("conflict", `A tag named ${name} exists already.`);

async function checkCanBeExclusive(tx: Tx, tagId: string, name: string): Promise<void> {
  const { rows } = await sql<{ crowded: boolean }>`
    select exists (select 1 from tag_resource where tag_id = ${tagId} and resource_type not in ('pipeline_run', 'pipeline_snapshot', 'artifact_version'))
      or exists (select 1 from tag_resource t join run r on r.id = t.resource_id where t.tag_id = ${tagId} group by r.pipeline_id having count(*) > 1)
      or exists (select 1 from tag_resource t join snapshot s on s.id = t.resource_id where t.tag_id = ${tagId} group by s.pipeline_id having count(*) > 1)
      or exists (select 1 from tag_resource t join artifact_version v on v.id = t.resource_id where t.tag_id = ${tagId} group by v.artifact_id having count(*) > 1) as crowded`.execute(
    tx,
  );
  if (rows[0]?.crowded)
    throw new AppError("bad_request", `The tag ${name} can't become exclusive: it is on things that can't share it.`, {
      fix: "Leave it on one run or snapshot of each pipeline and one version of each artifact.",
    });
}
