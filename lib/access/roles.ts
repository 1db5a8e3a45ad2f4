import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { defineQuery } from "@/lib/kernel/query";
import { roleField } from "./access-input";
import type { SharedThing } from "./schema";
import { sharedThing } from "./through";

// The roles and who has them. What each may do is the permission table itself (lib/authz/permissions.ts); who has it is counted as far as
// the reader may see grants.

const HOLDS = sql<SqlBool>`g.effect = 'allow' and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now()) and p.active and p.deleted_at is null
  and p.kind <> 'canary' and (w.id is null or w.state <> 'deleted')`;

/** How many accounts have each role. */
export const listRoles = defineQuery({
  name: "role.list",
  permission: "session:read",
  input: z.strictObject({}),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor }): Promise<Record<string, number>> => {
    const { rows } = await sql<{ role: string; count: number }>`
      select g.role, count(distinct g.principal_id)::int as count from role_grant g join principal p on p.id = g.principal_id left join workspace w on w.id = g.workspace_ref
      where g.organization_id = ${actor.organizationId} and ${HOLDS}
        and ${visibleTo(actor, "grant:read", { workspaceId: "g.workspace_ref", projectId: "g.project_ref", ownerId: "g.principal_id" })}
      group by g.role`.execute(tx);
    return Object.fromEntries(rows.map((row) => [row.role, row.count]));
  },
});

export type Holder = {
  grantId: string;
  principalId: string;
  who: string;
  kind: string;
  scope: "organization" | "workspace" | "project";
  workspace: string | null;
  project: string | null;
  shared: SharedThing | null;
  since: string;
  until: string | null;
};

/** Who has a role, where, since when: the first 500 by name. */
export const listHolders = defineQuery({
  name: "role.holders",
  permission: "session:read",
  input: z.strictObject({ role: roleField }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, input }): Promise<Holder[]> => {
    const { rows } = await sql<Holder>`
      select g.id as "grantId", p.id as "principalId", coalesce(nullif(p.full_name, ''), p.name) as who, p.kind, g.scope_kind as scope, w.slug as workspace,
        j.name as project, ${sharedThing("g")} as shared, g.valid_from as since, g.valid_to as until
      from role_grant g join principal p on p.id = g.principal_id left join workspace w on w.id = g.workspace_ref left join project j on j.id = g.project_ref
      where g.organization_id = ${actor.organizationId} and g.role = ${input.role} and ${HOLDS}
        and ${visibleTo(actor, "grant:read", { workspaceId: "g.workspace_ref", projectId: "g.project_ref", ownerId: "g.principal_id" })}
      order by who, g.valid_from limit 500`.execute(tx);
    return rows;
  },
});
