import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { AppError } from "@/lib/kernel/errors";
import type { Fields } from "@/lib/kernel/list";
import { listInput } from "@/lib/kernel/list-input";
import { inOrder, pageOfIds } from "@/lib/kernel/page-of-ids";
import { defineQuery } from "@/lib/kernel/query";
import { referenceField } from "@/lib/kernel/reference-field";
import type { Tx } from "@/lib/kernel/transaction";
import type { TagRow } from "./attach-tags";

// The tags of a workspace, with how many things carry each.

export type TagView = TagRow & { taggedCount: number };

export const TAG_FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("g.id"), required: true },
  name: { kind: "text", sql: sql.ref("g.name"), required: true },
  color: { kind: "enum", sql: sql.ref("g.color") },
  exclusive: { kind: "bool", sql: sql.ref("g.exclusive") },
  created: { kind: "time", sql: sql.ref("g.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("g.updated_at"), required: true },
  user: referenceField(sql.ref("g.created_by"), "principal"),
  resource_type: {
    kind: "enum",
    where: (op, value) => {
      const types = typeof value === "string" ? [value] : [...value];
      const carried = sql`select 1 from tag_resource tr where tr.tag_id = g.id and tr.resource_type = any (${types})`;
      return op.startsWith("not") ? sql`not exists (${carried})` : sql`exists (${carried})`;
    },
  },
};

/** A page of tags. */
export const listTags = defineQuery({
  name: "tag.list",
  permission: "tag:read",
  input: listInput,
  run: async ({ tx, actor, input }): Promise<{ total: number; items: TagView[] }> => {
    const visible = visibleTo(actor, "tag:read", { workspaceId: "g.workspace_id", ownerId: "g.created_by" });
    const { total, ids } = await pageOfIds(tx, { from: sql`tag g`, id: "g.id", fields: TAG_FIELDS, ...input, visible });
    return { total, items: inOrder(ids, await readTags(tx, ids)) };
  },
});

/** One tag. Error: not_found. */
export const getTag = defineQuery({
  name: "tag.get",
  permission: "tag:read",
  input: z.strictObject({ id: z.uuid() }),
  run: async ({ tx, input: { id } }): Promise<TagView> => {
    const [tag] = await readTags(tx, [id]);
    if (!tag) throw new AppError("not_found", `There is no tag ${id} here.`);
    return tag;
  },
});

async function readTags(tx: Tx, ids: readonly string[]): Promise<TagView[]> {
  if (ids.length === 0) return [];
  return tx
    .selectFrom("tag")
    .select(["id", "name", "color", "exclusive", "created_by", "created_at", "updated_at"])
    .select((eb) => eb.selectFrom("tag_resource").select(sql<number>`count(*)`.as("count")).whereRef("tag_resource.tag_id", "=", "tag.id").as("taggedCount"))
    .where("id", "in", [...ids])
    .execute()
    .then((rows) => rows.map((row) => ({ ...row, taggedCount: Number(row.taggedCount) })));
}
