import "server-only";
import { type RawBuilder, sql } from "kysely";
import { AppError } from "@/lib/kernel/errors";
import { isUuid, newId } from "@/lib/kernel/id";
import { anyOf } from "@/lib/kernel/any-of";
import { prepared } from "@/lib/kernel/prepared";
import type { Tx } from "@/lib/kernel/transaction";

// Tags of a workspace and what carries them. An exclusive tag is on at most one run or snapshot of a pipeline and one version of an
// artifact: attaching it takes it from the other, under a lock on the tag, so that two at once leave one.

export const TAG_COLORS = ["grey", "purple", "red", "green", "yellow", "orange", "lime", "teal", "turquoise", "magenta", "blue"] as const;
export const TAGGABLE = [
  "artifact",
  "artifact_version",
  "model",
  "model_version",
  "pipeline",
  "pipeline_run",
  "run_template",
  "pipeline_snapshot",
  "deployment",
] as const;

export type TaggableType = (typeof TAGGABLE)[number];

/** A tag by name (or the id of one that there is), or with what a new one should be like. */
export type TagWish = string | { name: string; exclusive?: boolean | null; cascade?: boolean | null; color?: string | null };

export type TagRow = { id: string; name: string; color: string; exclusive: boolean; created_by: string | null; created_at: string; updated_at: string };

const COLUMNS = ["tag.id", "tag.name", "tag.color", "tag.exclusive", "tag.created_by", "tag.created_at", "tag.updated_at"] as const;

/** What an exclusive tag is exclusive within, for the kinds that can carry one. */
const EXCLUSIVE_WITHIN: Partial<Record<TaggableType, { table: string; column: string; title: RawBuilder<string> }>> = {
  pipeline_run: { table: "run", column: "pipeline_id", title: sql`other.name` },
  pipeline_snapshot: { table: "snapshot", column: "pipeline_id", title: sql`coalesce(other.name, other.id::text)` },
  artifact_version: {
    table: "artifact_version",
    column: "artifact_id",
    title: sql`(select a.name || ' ' || other.version from artifact a where a.id = other.artifact_id)`,
  },
};

/**
 * Attaches tags, making those that there aren't. Gives the tags. Errors: not_found for the id of no tag, invalid_input for a name
 * that is no name, bad_request where exclusiveness does not fit.
 */
export async function attachTags(
  tx: Tx,
  to: { workspaceId: string; actorId: string; resourceType: TaggableType; resourceId: string; tags: readonly TagWish[] | null | undefined },
): Promise<TagRow[]> {
  if (!to.tags?.length) return [];
  const tags = await ensureTags(tx, to.workspaceId, to.actorId, to.tags);
  for (const tag of tags) if (tag.exclusive) await moveExclusive(tx, tag, to.resourceType, to.resourceId);
  await tx
    .insertInto("tag_resource")
    .values(tags.map((tag) => ({ id: newId(), workspace_id: to.workspaceId, tag_id: tag.id, resource_id: to.resourceId, resource_type: to.resourceType })))
    .onConflict((conflict) => conflict.columns(["resource_id", "tag_id"]).doNothing())
    .execute();
  return tags;
}

/** Which other things carry exclusive tags of these names that `attachTags` would take from them. */
export async function carriersOf(
  tx: Tx,
  to: { resourceType: TaggableType; resourceId: string; names: readonly string[] },
): Promise<{ tag: string; id: string; name: string }[]> {
  const within = EXCLUSIVE_WITHIN[to.resourceType];
  if (!within || to.names.length === 0) return [];
  const { rows } = await sql<{ tag: string; id: string; name: string }>`
    select tag.name as tag, other.id, ${within.title} as name
    from tag join tag_resource t on t.tag_id = tag.id and t.resource_type = ${to.resourceType}
      join ${sql.table(within.table)} other on other.id = t.resource_id
      join ${sql.table(within.table)} mine on mine.id = ${to.resourceId}
    where tag.exclusive and tag.name = any(${[...to.names]}) and other.id <> mine.id and other.${sql.ref(within.column)} = mine.${sql.ref(within.column)}`.execute(
    tx,
  );
  return rows;
}

/** Takes tags (by name or id) from a resource; those that it doesn't carry are passed over. */
export async function detachTags(tx: Tx, from: { resourceId: string; tags: readonly TagWish[] | null | undefined }): Promise<void> {
  if (!from.tags?.length) return;
  const names = from.tags.map((tag) => (typeof tag === "string" ? tag : tag.name));
  const ids = names.filter(isUuid);
  await tx
    .deleteFrom("tag_resource")
    .where("resource_id", "=", from.resourceId)
    .where("tag_id", "in", (eb) =>
      eb
        .selectFrom("tag")
        .select("id")
        .where((or) => or.or([or("name", "in", names), ...(ids.length > 0 ? [or("id", "in", ids)] : [])])),
    )
    .execute();
}

const tagsOf = prepared((db, resourceIds: readonly string[]) =>
  db
    .selectFrom("tag_resource")
    .innerJoin("tag", "tag.id", "tag_resource.tag_id")
    .select(COLUMNS)
    .select("tag_resource.resource_id")
    .where("tag_resource.resource_id", "=", anyOf(resourceIds))
    .orderBy("tag.name"),
);

/** The tags of each resource, by name; one query. A resource without tags is not in the map. */
export async function loadTags(tx: Tx, resourceIds: Iterable<string>): Promise<Map<string, TagRow[]>> {
  const ids = [...new Set(resourceIds)];
  const tags = new Map<string, TagRow[]>();
  if (ids.length === 0) return tags;
  const rows = await tagsOf(tx, ids);
  for (const { resource_id: resourceId, ...tag } of rows) {
    const list = tags.get(resourceId);
    if (list) list.push(tag);
    else tags.set(resourceId, [tag]);
  }
  return tags;
}

/** Error: invalid_input for a name that is empty, too long, or reads as an id. */
export function checkTagName(name: string): void {
  if (name.length === 0 || name.length > 255 || name.includes("\u0000") || isUuid(name))
    throw new AppError("invalid_input", "A tag's name has 1 to 255 characters and is no UUID.", { fields: { name: "tag name" } });
}

/** The same name has the same color everywhere. */
export const colorOf = (name: string): string =>
  TAG_COLORS[[...name].reduce((sum, sign) => (sum * 31 + (sign.codePointAt(0) ?? 0)) >>> 0, 7) % TAG_COLORS.length] ?? "grey";

async function ensureTags(tx: Tx, workspaceId: string, actorId: string, wishes: readonly TagWish[]): Promise<TagRow[]> {
  const ids = wishes.filter(isUuid);
  const named = new Map(
    wishes.filter((wish) => !isUuid(wish)).map((wish) => (typeof wish === "string" ? [wish, { name: wish }] : [wish.name, wish])) as [
      string,
      Exclude<TagWish, string>,
    ][],
  );
  for (const name of named.keys()) checkTagName(name);
  const find = () =>
    tx
      .selectFrom("tag")
      .select(COLUMNS)
      .where("workspace_id", "=", workspaceId)
      .where((or) => or.or([...(named.size > 0 ? [or("name", "in", [...named.keys()])] : []), ...(ids.length > 0 ? [or("id", "in", ids)] : [])]))
      .orderBy("name")
      .execute();
  let rows = await find();
  // In one order everywhere, so that two transactions that make the same tags wait for each other instead of deadlocking.
  const missing = [...named.keys()].filter((name) => !rows.some((row) => row.name === name)).sort();
  if (missing.length > 0) {
    const made = missing.map((name) => {
      const wish = named.get(name);
      return { id: newId(), workspace_id: workspaceId, name, color: wish?.color ?? colorOf(name), exclusive: wish?.exclusive ?? false, created_by: actorId };
    });
    const making = tx
      .insertInto("tag")
      .values(made)
      .onConflict((conflict) => conflict.columns(["workspace_id", "name"]).doNothing())
      .execute();
    [, rows] = await Promise.all([making, find()]);
  }
  for (const id of ids) if (!rows.some((row) => row.id === id.toLowerCase())) throw new AppError("not_found", `There is no tag ${id}.`);
  for (const row of rows) {
    const wish = named.get(row.name);
    if (wish?.exclusive != null && wish.exclusive !== row.exclusive)
      throw new AppError("bad_request", `The tag ${row.name} is ${row.exclusive ? "" : "not "}exclusive.`, {
        fix: "Change the tag first, or attach it as it is.",
      });
  }
  return rows;
}

async function moveExclusive(tx: Tx, tag: TagRow, type: TaggableType, resourceId: string): Promise<void> {
  const within = EXCLUSIVE_WITHIN[type];
  if (!within) throw new AppError("bad_request", `The exclusive tag ${tag.name} can be on runs, snapshots and artifact versions only.`);
  await tx.selectFrom("tag").select("id").where("id", "=", tag.id).forUpdate().execute();
  await sql`
    delete from tag_resource t using ${sql.table(within.table)} other, ${sql.table(within.table)} mine
    where t.tag_id = ${tag.id} and t.resource_type = ${type} and t.resource_id = other.id and mine.id = ${resourceId}
      and other.id <> mine.id and other.${sql.ref(within.column)} = mine.${sql.ref(within.column)}`.execute(tx);
}
