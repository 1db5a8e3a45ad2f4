import "server-only";
import { sql } from "kysely";
import type { Thing } from "@/lib/authz/thing-rule";
import type { Actor } from "@/lib/identity/actor";
import type { Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import type { GrantScope } from "./grant-power";
import type { SharedThing } from "./schema";

// Where a thing is that is shared: a direct share is a grant on the workspace or project of its thing, for the thing alone.

/** Things of a project; the others are the workspace's. */
const IN_PROJECT: ReadonlySet<string> = new Set<Thing["type"]>(["pipeline", "model", "artifact"]);

type Found = { name: string; projectId: string | null; ownerId: string | null; isHidden: boolean };

/** The scope of a share, its thing locked against being deleted meanwhile. Errors: not_found, invalid_input for a private secret. */
export async function scopeOfThing(tx: Tx, actor: Actor, workspace: Pick<Workspace, "id">, { type, id }: Thing): Promise<GrantScope> {
  const isSecret = type === "secret";
  const { rows } = await sql<Found>`
    select t.name, ${IN_PROJECT.has(type) ? sql`t.project_id` : sql`null::uuid`} as "projectId", t.created_by as "ownerId", ${isSecret ? sql`t.private_to is not null` : sql`false`} as "isHidden"
    from ${sql.table(type)} t where t.id = ${id} and t.workspace_id = ${workspace.id || null}
      ${isSecret ? sql`and t.deleted_at is null and t.kind <> 'connector' and (t.private_to is null or t.private_to = ${actor.id})` : sql``} for share of t`.execute(
    tx,
  );
  const [found] = rows;
  if (!found) throw new AppError("not_found", `There is no such ${type} here.`);
  if (found.isHidden) throw new AppError("invalid_input", "A private secret is its owner's alone.", { fix: "Make it shared in the workspace first." });
  const { name, projectId, ownerId } = found;
  return { kind: projectId ? "project" : "workspace", workspaceId: workspace.id, projectId, thing: { type, id, name, ownerId } };
}

/** Who owns a thing; null for nobody's, and for what is gone. */
export async function ownerOfThing(tx: Tx, { type, id }: Thing): Promise<string | null> {
  const { rows } = await sql<{ ownerId: string | null }>`select created_by as "ownerId" from ${sql.table(type)} where id = ${id}`.execute(tx);
  return rows[0]?.ownerId ?? null;
}

/** What a thing is called; null when there is none of this id that others may know of. Shown to who may ask about it: `access.reach`. */
export async function thingNamed(tx: Tx, workspaceId: string, { type, id }: Thing): Promise<SharedThing | null> {
  const { rows } = await sql<{ name: string }>`
    select t.name from ${sql.table(type)} t where t.id = ${id} and t.workspace_id = ${workspaceId}
      ${type === "secret" ? sql`and t.deleted_at is null and t.kind <> 'connector' and t.private_to is null` : sql``}`.execute(tx);
  return rows[0] ? { type, id, name: rows[0].name } : null;
}
