import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { type Permission, PERMISSIONS, ROLE_IDS, systemRole } from "@/lib/authz/permissions";
import { isThingType } from "@/lib/authz/thing-rule";
import { visibleTo } from "@/lib/authz/visible";
import { defineQuery } from "@/lib/kernel/query";
import { customRoles } from "./role-named";
import type { ReachPath, SharedThing } from "./schema";
import { thingNamed } from "./shared-thing";
import { sharedThing, THROUGH } from "./through";

// Who can reach a place, and by which paths: every grant that gives a permission there, now or at a moment, less what deny grants take away
// (PERMISSIONS §3 rule 6). The subjects that the reader may not see are counted.

const MOST = 2_000;

export type Reach = {
  /** The one thing that was asked about. */ thing: SharedThing | null;
  paths: ReachPath[];
  hidden: number;
  isCut: boolean;
  tookMs: number;
};

/** Paths to a permission on the workspace, one of its projects, or the organization. */
export const listReach = defineQuery({
  name: "access.reach",
  permission: "session:read",
  input: z.strictObject({
    permission: z.enum(PERMISSIONS as [Permission, ...Permission[]]),
    projectId: z.uuid().nullable().default(null),
    /** One thing of the place; direct shares of it are paths too. */
    thingId: z.uuid().nullable().default(null),
    at: z.iso.datetime({ offset: true }).nullable().default(null),
  }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, workspace, input: { permission, projectId, thingId, at } }): Promise<Reach> => {
    const startedAt = performance.now();
    const moment = at ? sql`${at}::timestamptz` : sql`now()`;
    const roles = [...ROLE_IDS.filter((id) => id !== "member").map(systemRole), ...(await customRoles(tx, actor.organizationId, at))];
    const reaching = roles.filter((role) => role.rights[permission]);
    const giving = reaching.map((role) => role.id);
    const ownOnly = reaching.filter((role) => role.rights[permission] === "own").map((role) => role.id);
    const reads = permission.endsWith(":read") && !permission.startsWith("audit-entry:");
    // A direct share gives its own thing, and the way there.
    const shares = sql`(g.workspace_ref = ${workspace?.id ?? null}::uuid and (g.thing_id = ${thingId}::uuid or ${permission} = 'workspace:read'
      or (${permission} = 'project:read' and g.project_ref is not distinct from coalesce(${projectId}::uuid, g.project_ref) and g.project_ref is not null))
      and (${permission} in ('workspace:read', 'project:read') or ${permission} like g.thing_type || ':%'))`;
    // Grants on the place itself, on what is around it, and for reading what is shared also on its projects.
    const covers = sql`(case when g.thing_id is not null then ${shares} else g.scope_kind = 'organization'
      or (g.workspace_ref = ${workspace?.id ?? null}::uuid and (g.scope_kind = 'workspace'
        or (g.scope_kind = 'project' and (g.project_ref = ${projectId}::uuid or (${projectId}::uuid is null and ${reads} and g.effect = 'allow'))))) end)`;
    const holds = sql`g.valid_from <= ${moment} and (g.valid_to is null or g.valid_to > ${moment})`;
    const lives = at ? sql`p.created_at <= ${moment} and (p.active or p.ended_at > ${moment})` : sql`p.active and p.deleted_at is null`;
    const none = sql`array[]::text[]`;
    const list = (roles: readonly string[]) => (roles.length > 0 ? sql`array[${sql.join(roles)}]::text[]` : none);
    const { rows } = await sql<ReachPath & { is_visible: boolean }>`
      select g.id as "grantId", g.principal_id as "principalId", coalesce(nullif(p.full_name, ''), p.name) as who, p.kind, g.role, g.scope_kind as scope,
        w.slug as workspace, j.name as project, ${sharedThing("g")} as shared, g.source, ${THROUGH} as through, coalesce(nullif(c.full_name, ''), c.name) as "grantedBy", g.valid_from as since, g.valid_to as until,
        g.role = any (${list(ownOnly)}) as "isOwnOnly", g.opened_request_id as "openedBy",
        (g.principal_id = ${actor.id} or ${can(actor, "grant:read", { workspaceId: workspace?.id }).allowed} or
          ${visibleTo(actor, "grant:read", { workspaceId: "g.workspace_ref", projectId: "g.project_ref", ownerId: "g.principal_id" })}) as is_visible
      from role_grant g join principal p on p.id = g.principal_id
        left join workspace w on w.id = g.workspace_ref left join project j on j.id = g.project_ref left join principal c on c.id = g.created_by
      where g.organization_id = ${actor.organizationId} and p.kind <> 'canary' and g.effect = 'allow' and g.role = any (${list(giving)}) and ${covers} and ${holds} and ${lives}
        and not exists (select 1 from role_grant d where d.principal_id = g.principal_id and d.effect = 'deny' and d.role = any (${list(giving)})
          and d.valid_from <= ${moment} and (d.valid_to is null or d.valid_to > ${moment})
          and (d.scope_kind = 'organization' or (d.workspace_ref = ${workspace?.id ?? null}::uuid
            and (d.scope_kind = 'workspace' or d.project_ref = ${projectId}::uuid))))
      order by who, g.valid_from limit ${MOST + 1}`.execute(tx);
    const shown = rows.slice(0, MOST).filter((row) => row.is_visible);
    const [noun = ""] = permission.split(":");
    const readsGrants = can(actor, "grant:read", { workspaceId: workspace?.id, projectId }).allowed;
    return {
      thing: thingId && workspace && isThingType(noun) && readsGrants ? await thingNamed(tx, workspace.id, { type: noun, id: thingId }) : null,
      paths: shown.map(({ is_visible: _, ...path }) => path),
      hidden: new Set(rows.filter((row) => !row.is_visible).map((row) => row.principalId)).size,
      isCut: rows.length > MOST,
      tookMs: Math.round(performance.now() - startedAt),
    };
  },
});
