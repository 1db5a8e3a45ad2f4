import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import { can, type Target } from "@/lib/authz/can";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { defineQuery } from "@/lib/kernel/query";
import { TAG_NAME_MAX } from "@/lib/tags/schema";
import { BULK_DEFINITIONS } from "./bulk-lists";
import { BULK_ACTS, BULK_LISTS, type BulkAct, type BulkList, type BulkPreview, bulkPermission, type Counted } from "./schema";
import { chosenFrom, selectionInput } from "./selection";

// What an act would do, counted before it is asked for: how many things it would change, which it would not and why, what goes with them and
// what stays. Nothing is changed by looking.

const LISTS = Object.keys(BULK_LISTS) as [BulkList, ...BulkList[]];
export const actInput = {
  projectId: z.uuid(),
  list: z.enum(LISTS),
  act: z.enum(BULK_ACTS),
  tags: z.array(z.string().trim().min(1).max(TAG_NAME_MAX)).max(20).default([]),
};
const input = z.strictObject({ ...actInput, selection: selectionInput });
type Noun = (typeof BULK_LISTS)[BulkList]["noun"];

const previewOf = (noun: Noun) =>
  defineQuery({
    name: `${noun}.act-previewed`,
    permission: `${noun}:read`,
    input,
    scope: ({ actor, workspace, input: { projectId } }) => ({ workspaceId: workspace?.id, projectId, ownerId: actor.id }),
    run: async ({ tx, actor, input, workspace }): Promise<BulkPreview> => {
      const { list, act, projectId, selection, tags } = input;
      requireAct(noun, list, act);
      const definition = BULK_DEFINITIONS[list];
      const chosen = await chosenFrom(tx, list, actor, projectId, selection);
      const may = mayChange(actor, list, act);
      const isIdle = unchanged(list, act, tags);
      const isDeletion = act === "delete";
      const extras = isDeletion ? [...definition.falls, ...definition.stays, ...(definition.warns ?? [])] : [];
      const { rows } = await sql<{ chosen: number; may: number; changes: number; extras: number[]; now: string }>`
        with chosen as materialized (select x.id, ${may} as may, ${isIdle} as is_idle from ${chosen}),
          doomed as materialized (select id from chosen where may)
        select (select count(*)::int from chosen) as chosen, (select count(*)::int from chosen where may) as may,
          (select count(*)::int from chosen where may and not is_idle) as changes,
          ${extras.length > 0 ? sql`array[${sql.join(extras.map((extra) => extra.count))}]` : sql`'{}'::int[]`} as extras,
          to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now`.execute(tx);
      const [found] = rows;
      if (!found) throw new AppError("internal", "The preview gave no row.");
      const counted = (from: number, some: readonly Omit<Counted, "count">[]): Counted[] =>
        some.map(({ what, one, many }, at) => ({ what, one, many, count: found.extras[from + at] ?? 0 })).filter((one) => one.count > 0);
      const [falls, stays, warns] = isDeletion ? [definition.falls, definition.stays, definition.warns ?? []] : [[], [], []];
      return {
        chosen: found.chosen,
        changes: found.changes,
        refused: [
          { reason: refusalWords(actor, list, act, { workspaceId: workspace?.id, projectId }), count: found.chosen - found.may },
          { reason: IDLE_WORDS[act], count: found.may - found.changes },
        ].filter((one) => one.count > 0),
        falls: counted(0, falls),
        stays: counted(falls.length, stays),
        warnings: warns.flatMap(({ says }, at) => {
          const number = found.extras[falls.length + stays.length + at] ?? 0;
          return number > 0 ? [says(number.toLocaleString("en-US"))] : [];
        }),
        asOf: found.now,
      };
    },
  });

/** The preview of each noun's lists. Errors: not_found, invalid_input for an act that the list has not. */
export const PREVIEW_ACT: Record<Noun, ReturnType<typeof previewOf>> = {
  run: previewOf("run"),
  pipeline: previewOf("pipeline"),
  artifact: previewOf("artifact"),
  model: previewOf("model"),
};

/** Error: invalid_input when the act does not exist for the list, or the list is of another noun. */
export function requireAct(noun: Noun, list: BulkList, act: BulkAct): void {
  const { noun: own, acts, many } = BULK_LISTS[list];
  if (own !== noun || !(acts as readonly BulkAct[]).includes(act)) throw new AppError("invalid_input", `There is no such act on ${many}.`);
}

/** Whether the actor may do it to a thing `x`, as the command will decide again for each. */
const mayChange = (actor: Actor, list: BulkList, act: BulkAct): RawBuilder<SqlBool> =>
  visibleTo(actor, bulkPermission(list, act), { workspaceId: "x.workspace_id", projectId: "x.project_id", ownerId: "x.created_by" });

const IDLE_WORDS: Record<BulkAct, string> = {
  tag: "carry these tags already",
  untag: "carry none of these tags",
  stop: "have ended already",
  delete: "",
};

/** Whether the act would change nothing of a thing `x`. */
function unchanged(list: BulkList, act: BulkAct, tags: readonly string[]): RawBuilder<SqlBool> {
  const { hasEnded } = BULK_DEFINITIONS[list];
  if (act === "stop" && hasEnded) return hasEnded;
  if (act === "delete" || act === "stop" || tags.length === 0) return sql<SqlBool>`false`;
  const carried = sql`(select count(*) from tag_resource c join tag g on g.id = c.tag_id where c.resource_id = x.id and g.name = any (${[...tags]}))`;
  return act === "tag" ? sql<SqlBool>`${carried} = ${new Set(tags).size}` : sql<SqlBool>`${carried} = 0`;
}

/** Why the others are refused, in a few words after their count. */
function refusalWords(actor: Actor, list: BulkList, act: BulkAct, place: Pick<Target, "workspaceId" | "projectId">): string {
  const { reason } = can(actor, bulkPermission(list, act), place);
  return reason === "not_owner" ? "are not yours: your role allows it on your own only" : "are refused: your role does not allow it";
}
