import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { keysetInput, type KeysetPage, keysetPage } from "@/lib/kernel/keyset-page";
import type { Fields } from "@/lib/kernel/list";
import { defineQuery } from "@/lib/kernel/query";
import { revealsWaitingFor } from "@/lib/secrets/list-reveals";
import type { RequestRow } from "./schema";

// Requests for access: what one may decide, what one asked for, what was decided. Rows are of the call's workspace, or of all that the
// reader administers when it has none.

const FIELDS: Fields = {
  who: { kind: "text", sql: sql.ref("x.who"), required: true },
  role: { kind: "enum", sql: sql.ref("x.role"), required: true },
  state: { kind: "enum", sql: sql.ref("x.state"), required: true },
  scope: { kind: "enum", sql: sql.ref("x.scope"), required: true },
  created: { kind: "time", sql: sql.ref("x.created_at"), required: true },
  expires: { kind: "time", sql: sql.ref("x.expires_at"), required: true },
};

const STATE = sql<string>`case when r.state = 'open' and r.expires_at <= now() then 'expired' else r.state end`;

/** The requests that this person may decide: their grant power reaches the place, and they did not ask. */
const toDecide = (actor: Actor): RawBuilder<SqlBool> =>
  actor.kind === "user"
    ? sql<SqlBool>`(x.principal_id <> ${actor.id} and ${visibleTo(actor, "grant:create", { workspaceId: "x.workspace_ref", projectId: "x.project_ref", ownerId: "x.principal_id" })})`
    : sql<SqlBool>`false`;

const source = (organizationId: string, workspaceId: string | undefined) => sql`(
  select r.id, r.principal_id, coalesce(nullif(p.full_name, ''), p.name) as who, r.role, r.scope_kind as scope, r.workspace_ref, r.project_ref,
    w.slug as workspace, j.name as project, r.permission, r.thing, r.reason, r.grant_until, ${STATE} as state,
    coalesce(nullif(d.full_name, ''), d.name) as decided_by, r.decided_at, r.comment, r.expires_at, r.created_at
  from access_request r join principal p on p.id = r.principal_id
    left join workspace w on w.id = r.workspace_ref left join project j on j.id = r.project_ref left join principal d on d.id = r.decided_by
  where r.organization_id = ${organizationId} ${workspaceId ? sql`and r.workspace_ref = ${workspaceId}` : sql``}
    and (w.id is null or w.state <> 'deleted')
) x`;

type Found = {
  id: string;
  principal_id: string;
  who: string;
  role: string;
  scope: RequestRow["scope"];
  workspace: string | null;
  project: string | null;
  permission: string | null;
  thing: string | null;
  reason: string;
  grant_until: string | null;
  state: string;
  decided_by: string | null;
  decided_at: string | null;
  comment: string | null;
  expires_at: string;
  created_at: string;
  may_decide: boolean;
};

/** Lists requests. `which`: for me to decide, mine, or all that I may decide or asked. */
export const listRequests = defineQuery({
  name: "access-request.list",
  permission: "session:read",
  input: keysetInput.extend({ which: z.enum(["deciding", "mine", "all"]) }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, workspace, input: { which, ...input } }): Promise<KeysetPage<RequestRow>> => {
    const mine = sql<SqlBool>`x.principal_id = ${actor.id}`;
    const visible =
      which === "deciding" ? sql<SqlBool>`(x.state = 'open' and ${toDecide(actor)})` : which === "mine" ? mine : sql<SqlBool>`(${mine} or ${toDecide(actor)})`;
    const page = await keysetPage<Found>(tx, {
      source: sql`(select x.*, (x.state = 'open' and ${toDecide(actor)}) as may_decide from ${source(actor.organizationId, workspace?.id)}) x`,
      fields: FIELDS,
      input,
      visible,
      list: `access requests ${which} ${workspace?.id ?? ""}`,
      readerId: actor.id,
    });
    return {
      ...page,
      rows: page.rows.map((row) => ({
        id: row.id,
        principalId: row.principal_id,
        who: row.who,
        role: row.role,
        scope: row.scope,
        workspace: row.workspace,
        project: row.project,
        permission: row.permission,
        thing: row.thing,
        reason: row.reason,
        until: row.grant_until,
        state: row.state,
        decidedBy: row.decided_by,
        decidedAt: row.decided_at,
        comment: row.comment,
        expiresAt: row.expires_at,
        createdAt: row.created_at,
        isMine: row.principal_id === actor.id,
        canDecide: row.may_decide,
      })),
    };
  },
});

/** How many requests wait for this person's decision, for access and to reveal; for the inbox of the top bar. */
export const countOpenRequests = defineQuery({
  name: "access-request.count",
  permission: "session:read",
  input: z.strictObject({}),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, workspace }): Promise<number> => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${source(actor.organizationId, workspace?.id)} where x.state = 'open' and ${toDecide(actor)}`.execute(tx);
    return (rows[0]?.count ?? 0) + (await revealsWaitingFor(tx, actor)).length;
  },
});
