import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { likeText } from "@/lib/kernel/list";
import { defineQuery } from "@/lib/kernel/query";
import { TAG_NAME_MAX, type TagSuggestion } from "./schema";

// The tags that a few typed letters may mean: those that begin with them first, then those that hold them, the most used of each first.

const SHOWN = 20;

/** Tags of the workspace that fit a text; the most used ones for no text. */
export const suggestTags = defineQuery({
  name: "tag.suggested",
  permission: "tag:read",
  input: z.strictObject({ text: z.string().trim().max(TAG_NAME_MAX) }),
  run: async ({ tx, actor, input: { text } }): Promise<TagSuggestion[]> => {
    const visible = visibleTo(actor, "tag:read", { workspaceId: "g.workspace_id", ownerId: "g.created_by" });
    const { rows } = await sql<TagSuggestion>`
      select g.name, g.exclusive, (select count(*)::int from tag_resource r where r.tag_id = g.id) as "carriedBy"
      from tag g where ${visible} and g.name ilike ${`%${likeText(text)}%`}
      order by g.name ilike ${`${likeText(text)}%`} desc, 3 desc, g.name limit ${SHOWN}`.execute(tx);
    return rows;
  },
});
