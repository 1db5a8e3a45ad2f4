import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { THING_TYPES } from "@/lib/authz/thing-rule";
import { defineQuery } from "@/lib/kernel/query";
import type { ShareRow } from "./schema";
import { ownerOfThing } from "./shared-thing";

// The direct shares of one thing that hold now: what a team has is one row. For who reads grants at its place; others see their own.

const MOST = 500;

/** The first 500 by name. `projectId`: of a thing of a project. */
export const listShares = defineQuery({
  name: "access.shares",
  permission: "session:read",
  input: z.strictObject({ type: z.enum(THING_TYPES), id: z.uuid(), projectId: z.uuid().nullable() }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, workspace, input: { type, id, projectId } }): Promise<ShareRow[]> => {
    const here = { workspaceId: workspace?.id, projectId };
    const seesAll = can(actor, "grant:read", here).allowed;
    const mayEnd = can(actor, "grant:delete", here).allowed;
    const isOwners = !mayEnd && can(actor, "grant:share", { ...here, ownerId: await ownerOfThing(tx, { type, id }) }).allowed;
    const of = sql`g.thing_type = ${type} and g.thing_id = ${id} and g.workspace_ref = ${workspace?.id ?? null}::uuid and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now())`;
    const giver = sql`coalesce(nullif(c.full_name, ''), c.name)`;
    const { rows } = await sql<ShareRow>`
      select x.*, case when ${mayEnd}::boolean then 'grants' when ${isOwners}::boolean and x.kind <> 'team' then 'owner' end as "endedAs" from (
        select g.id, p.id as "subjectId", p.kind, coalesce(nullif(p.full_name, ''), p.name) as who, g.role, g.valid_from as since, g.valid_to as until, ${giver} as "grantedBy"
        from role_grant g join principal p on p.id = g.principal_id left join principal c on c.id = g.created_by
        where ${of} and g.team_grant_id is null and p.active and (${seesAll} or p.id = ${actor.id})
        union all
        select g.id, t.id, 'team', t.name, g.role, g.valid_from, g.valid_to, ${giver}
        from team_grant g join team t on t.id = g.team_id left join principal c on c.id = g.created_by where ${of} and ${seesAll}
      ) x order by lower(x.who), x.since limit ${MOST}`.execute(tx);
    return rows;
  },
});
