import "server-only";
import { z } from "zod";
import { sql } from "kysely";
import { explain } from "@/lib/authz/explain";
import { PERMISSIONS } from "@/lib/authz/permissions";
import { inScope } from "@/lib/kernel/transaction";
import { defineQuery } from "@/lib/kernel/query";
import type { PageRefusal } from "./schema";

// What a 403 page says. The page was drawn before anything was decided, so it asks afterwards: the refusal is the person's own newest
// `denied` entry of the place.

const RECENT = "30 seconds";

/** The newest refusal of this person here; null when there is none. */
export const lastRefusal = defineQuery({
  name: "access.last-refusal",
  permission: "session:read",
  input: z.strictObject({ projectId: z.uuid().nullable() }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, workspace, input: { projectId } }): Promise<PageRefusal | null> => {
    const { rows } = await sql<{ seq: number; action: string }>`
      select seq, action from audit_entry
      where organization_id = ${actor.organizationId} and actor_id = ${actor.id} and outcome = 'denied' and workspace_id is not distinct from ${workspace?.id ?? null}
        and at > now() - ${RECENT}::interval
        and action = any (${PERMISSIONS.map((one) => one.replace(":", "."))})
      order by seq desc limit 1`.execute(tx);
    const [entry] = rows;
    const permission = PERMISSIONS.find((one) => one.replace(":", ".") === entry?.action);
    if (!entry || !permission) return null;
    const { held, needed, sentence } = explain(actor, permission, { workspaceId: workspace?.id, projectId });
    const grant = held.find((one) => one.role !== "member");
    return {
      seq: entry.seq,
      permission,
      sentence,
      yourRole: [...new Set(held.map((one) => one.title))].join(", ") || null,
      source: grant?.source ?? null,
      since: grant?.since ?? null,
      needed: needed ? { role: needed.role, title: needed.title, scope: needed.scope } : null,
    };
  },
});

/** Since when a workspace is suspended, and by whom; for those who may read it. */
export async function suspensionOf(workspaceId: string): Promise<{ since: string | null; by: string | null }> {
  return inScope([], async (tx) => {
    const row = await tx
      .selectFrom("workspace as w")
      .leftJoin("principal as p", "p.id", "w.state_changed_by")
      .select(["w.state_changed_at", sql<string | null>`coalesce(nullif(p.full_name, ''), p.name)`.as("by")])
      .where("w.id", "=", workspaceId)
      .executeTakeFirst();
    return { since: row?.state_changed_at ?? null, by: row?.by ?? null };
  });
}
