import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { conditionsSql } from "@/lib/kernel/list";
import { keysetInput } from "@/lib/kernel/keyset-page";
import type { Tx } from "@/lib/kernel/transaction";
import { metadataFields } from "@/lib/metadata/metadata-filter";
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

/** What is chosen and readable in a project, as `(select …) x`. Error: invalid_input for a filter that the list has not. */
export async function chosenFrom(tx: Tx, list: BulkList, actor: Actor, projectId: string, selection: Selection): Promise<RawBuilder<unknown>> {
  const readable = visibleTo(actor, `${BULK_LISTS[list].noun}:read`, { workspaceId: "t.workspace_id", projectId: "t.project_id", ownerId: "t.created_by" });
  const selected = await isSelected(tx, list, actor, projectId, selection);
  return sql`(select * from (${BULK_DEFINITIONS[list].things} where t.project_id = ${projectId} and ${readable}) x where ${selected}) x`;
}

/** Whether a thing `x` is selected. */
async function isSelected(tx: Tx, list: BulkList, actor: Actor, projectId: string, selection: Selection): Promise<RawBuilder<SqlBool>> {
  if ("ids" in selection) return sql<SqlBool>`x.id = any (${selection.ids}::uuid[])`;
  const before = selection.asOf ? sql<SqlBool>`x.created_at <= ${selection.asOf}::timestamptz` : sql<SqlBool>`true`;
  return sql<SqlBool>`${before} and ${await matches(tx, list, actor, projectId, selection.matching)}`;
}

/** Whether a thing `x` matches the filters now. */
export async function matches(tx: Tx, list: BulkList, actor: Actor, projectId: string, { conditions, matchesAny }: Matching): Promise<RawBuilder<SqlBool>> {
  const { of, id, fields, metadata } = BULK_DEFINITIONS[list].filters;
  const logged = metadata ? (await metadataFields(tx, { ...metadata, projectId }, conditions, true)).count : {};
  const where = conditionsSql({ ...fields(actor, projectId), ...logged }, conditions, matchesAny ? "or" : "and");
  return sql<SqlBool>`x.id in (select ${sql.ref(id)} from ${sql.raw(of)} where ${where})`;
}
