import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { conditionsSql } from "@/lib/kernel/list";
import { keysetInput } from "@/lib/kernel/keyset-page";
import { BULK_DEFINITIONS } from "./bulk-lists";
import { BULK_LISTS, type BulkList, MAX_CHOSEN } from "./schema";

// What an act is about: rows that somebody chose, or all that a list's filters match. The filters are taken as they stood when they were
// asked for, spans of time worked out; what is made later is not among them.

const matchingInput = keysetInput.pick({ conditions: true, matchesAny: true });
/** A list's filters, as its query takes them. */
export type Matching = z.output<typeof matchingInput>;

export const selectionInput = z.union([
  z.strictObject({ ids: z.array(z.uuid()).min(1).max(MAX_CHOSEN) }),
  z.strictObject({ matching: matchingInput, asOf: z.iso.datetime({ offset: true }).optional() }),
]);
export type Selection = z.output<typeof selectionInput>;

/** What is chosen and readable in a project, as `(select …) x`. Error: invalid_input where a list can't be acted on by its filters. */
export function chosenFrom(list: BulkList, actor: Actor, projectId: string, selection: Selection): RawBuilder<unknown> {
  const readable = visibleTo(actor, `${BULK_LISTS[list].noun}:read`, { workspaceId: "t.workspace_id", projectId: "t.project_id", ownerId: "t.created_by" });
  return sql`(select * from (${BULK_DEFINITIONS[list].things} where t.project_id = ${projectId} and ${readable}) x where ${selected(list, actor, selection)}) x`;
}

/** Whether a thing `x` is selected. */
function selected(list: BulkList, actor: Actor, selection: Selection): RawBuilder<SqlBool> {
  if ("ids" in selection) return sql<SqlBool>`x.id = any (${selection.ids}::uuid[])`;
  const before = selection.asOf ? sql<SqlBool>`x.created_at <= ${selection.asOf}::timestamptz` : sql<SqlBool>`true`;
  return sql<SqlBool>`${before} and ${matches(list, actor, selection.matching)}`;
}

/** Whether a thing `x` matches the filters now. */
export function matches(
  list: BulkList,
  actor: Actor,
  { conditions, matchesAny }: { conditions: Parameters<typeof conditionsSql>[1]; matchesAny: boolean },
): RawBuilder<SqlBool> {
  const filters = BULK_DEFINITIONS[list].filters?.(actor);
  if (!filters) throw new AppError("invalid_input", `The ${BULK_LISTS[list].many} of this list are chosen one by one.`);
  return sql<SqlBool>`x.id in (select ${filters.id} from ${filters.source} where ${conditionsSql(filters.fields, conditions, matchesAny ? "or" : "and")})`;
}
