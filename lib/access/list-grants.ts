import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { visibleTo } from "@/lib/authz/visible";
import { keysetInput, type KeysetPage, keysetPage } from "@/lib/kernel/keyset-page";
import type { Fields } from "@/lib/kernel/list";
import { defineQuery } from "@/lib/kernel/query";
import type { GrantRow } from "./schema";
import { sharedThing, THROUGH } from "./through";

// Grants as rows: who holds which role where, through what, since when and until when; now or as of a moment. In a workspace also those on
// the whole organization, which reach it. E-mail addresses and last visits are for who administers grants or reads all accounts.

const FIELDS: Fields = {
  who: { kind: "text", sql: sql.ref("x.who"), required: true },
  kind: { kind: "enum", sql: sql.ref("x.kind"), required: true },
  role: { kind: "enum", sql: sql.ref("x.role"), required: true },
  effect: { kind: "enum", sql: sql.ref("x.effect"), required: true },
  scope: { kind: "enum", sql: sql.ref("x.scope"), required: true },
  workspace: { kind: "text", sql: sql.ref("x.workspace") },
  project: { kind: "text", sql: sql.ref("x.project") },
  thing: { kind: "text", sql: sql`(x.shared ->> 'name')` },
  source: { kind: "enum", sql: sql.ref("x.source"), required: true },
  through: { kind: "text", sql: sql.ref("x.through") },
  since: { kind: "time", sql: sql.ref("x.since"), required: true },
  until: { kind: "time", sql: sql.ref("x.until") },
  lastSeen: { kind: "time", sql: sql.ref("x.last_seen_at") },
  state: { kind: "enum", sql: sql.ref("x.state"), required: true },
};

type Found = {
  id: string;
  principal_id: string;
  who: string;
  email: string | null;
  kind: string;
  role: string;
  effect: string;
  scope: GrantRow["scope"];
  workspace: string | null;
  project: string | null;
  shared: GrantRow["shared"];
  source: string;
  through: string | null;
  granted_by: string | null;
  since: string;
  until: string | null;
  last_seen_at: string | null;
  state: string;
  reason: string | null;
  may_end: boolean;
};

/** Lists grants that hold at `at` (now when left out), or all there ever were with `withEnded`. Errors: as keysetPage. */
export const listGrants = defineQuery({
  name: "grant.list",
  permission: "session:read",
  input: keysetInput.extend({
    at: z.iso.datetime({ offset: true }).nullable().default(null),
    principalId: z.uuid().optional(),
    withEnded: z.boolean().default(false),
  }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, workspace, input: { at, principalId, withEnded, ...input } }): Promise<KeysetPage<GrantRow>> => {
    const moment = at ? sql`${at}::timestamptz` : sql`now()`;
    const here = { workspaceId: workspace?.id };
    const seesAccounts = can(actor, "grant:create", here).allowed || can(actor, "user:read").allowed;
    const private_ = (column: ReturnType<typeof sql.ref>) => (seesAccounts ? column : sql`case when p.id = ${actor.id} then ${column} end`);
    const source = sql`(
      select g.id, g.principal_id, coalesce(nullif(p.full_name, ''), p.name) as who, ${private_(sql.ref("p.email"))} as email, p.kind, g.role, g.effect,
        g.scope_kind as scope, g.workspace_ref, g.project_ref, ${sharedThing("g")} as shared, w.slug as workspace, j.name as project, g.source, ${THROUGH} as through,
        coalesce(nullif(c.full_name, ''), c.name) as granted_by, g.valid_from as since, g.valid_to as until,
        ${private_(sql.ref("p.last_seen_at"))} as last_seen_at, g.reason,
        case when not p.active then 'deactivated' when g.valid_to <= now() then 'ended' when g.valid_to < now() + interval '7 days' then 'expiring' else 'active' end as state
      from role_grant g join principal p on p.id = g.principal_id
        left join workspace w on w.id = g.workspace_ref left join project j on j.id = g.project_ref left join principal c on c.id = g.created_by
      where g.organization_id = ${actor.organizationId} and p.kind <> 'canary' and (w.id is null or w.state <> 'deleted')
        ${principalId ? sql`and g.principal_id = ${principalId}` : sql``}
        ${withEnded ? sql`` : sql`and g.valid_from <= ${moment} and (g.valid_to is null or g.valid_to > ${moment}) and p.deleted_at is null`}
        ${workspace ? sql`and (g.workspace_ref = ${workspace.id} or g.workspace_ref is null)` : sql``}
    ) x`;
    const mine = sql<SqlBool>`x.principal_id = ${actor.id}`;
    const readable = visibleTo(actor, "grant:read", { workspaceId: "x.workspace_ref", projectId: "x.project_ref", ownerId: "x.principal_id" });
    // Grants on the whole organization reach every workspace: its readers see them (rule 6).
    const above = workspace && can(actor, "grant:read", here).allowed ? sql<SqlBool>`x.workspace_ref is null` : sql<SqlBool>`false`;
    const mayEnd = sql<SqlBool>`(x.state in ('active', 'expiring') and x.source not in ('group_rule', 'scim', 'team') and x.workspace_ref is not distinct from ${workspace ? sql`${workspace.id}::uuid` : sql`x.workspace_ref`}
      and ${visibleTo(actor, "grant:delete", { workspaceId: "x.workspace_ref", projectId: "x.project_ref", ownerId: "x.principal_id" })})`;
    const page = await keysetPage<Found>(tx, {
      source: sql`(select x.*, ${mayEnd} as may_end from ${source}) x`,
      fields: FIELDS,
      input,
      visible: sql<SqlBool>`(${mine} or ${above} or ${readable})`,
      list: `grants ${workspace?.id ?? ""} ${principalId ?? ""} ${at ?? ""} ${withEnded}`,
      readerId: actor.id,
    });
    return {
      ...page,
      rows: page.rows.map((row) => ({
        id: row.id,
        principalId: row.principal_id,
        who: row.who,
        email: row.email,
        kind: row.kind,
        role: row.role,
        effect: row.effect,
        scope: row.scope,
        workspace: row.workspace,
        project: row.project,
        shared: row.shared,
        source: row.source,
        through: row.through,
        grantedBy: row.granted_by,
        since: row.since,
        until: row.until,
        lastSeenAt: row.last_seen_at,
        state: row.state,
        reason: row.reason,
        canEnd: row.may_end,
      })),
    };
  },
});
