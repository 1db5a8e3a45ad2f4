import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import type { Actor } from "@/lib/identity/actor";
import { type KeysetPage, keysetInput, keysetPage } from "@/lib/kernel/keyset-page";
import type { Fields } from "@/lib/kernel/list";
import { defineQuery } from "@/lib/kernel/query";
import { holdsAnywhere } from "@/lib/organizations/sections";
import { knownSecrets, visibleSecrets } from "@/lib/secrets/find-secret";
import type { DeletedIntegration, IntegrationTableRow, WorkspaceChoice } from "./schema";

// The organization's secrets for those who may read them somewhere: System Admin, Auditor, Workspace Admins. No version's values are read. What is
// counted in workspaces is counted in those that the reader reaches.

const FIELDS: Fields = {
  name: { kind: "text", sql: sql.ref("x.name"), required: true },
  kind: { kind: "enum", sql: sql.ref("x.kind"), required: true },
  reach: { kind: "enum", sql: sql`case when x.everywhere then 'all' else 'named' end`, required: true },
  keys: { kind: "number", sql: sql.ref("x.keys"), required: true },
  version: { kind: "number", sql: sql.ref("x.version"), required: true },
  workspaces: { kind: "number", sql: sql.ref("x.workspaces"), required: true },
  bound: { kind: "number", sql: sql.ref("x.bound"), required: true },
  used: { kind: "time", sql: sql.ref("x.last_used_at") },
  rotated: { kind: "time", sql: sql.ref("x.rotated_at"), required: true },
  expires: { kind: "time", sql: sql.ref("x.expires_at") },
  created: { kind: "time", sql: sql.ref("x.created_at"), required: true },
};

type Found = {
  id: string;
  name: string;
  kind: string;
  everywhere: boolean;
  keys: number;
  version: number;
  workspaces: number;
  bound: number;
  last_used_at: string | null;
  rotated_at: string;
  expires_at: string | null;
  created_at: string;
};

/** SQL: what the reader may read of the organization's secrets, where `alias` names their table. */
const readable = (actor: Actor, alias: string): RawBuilder<SqlBool> =>
  holdsAnywhere(actor, "integration:read") ? sql<SqlBool>`${sql.ref(`${alias}.organization_id`)} = ${actor.organizationId}` : sql<SqlBool>`false`;

/** Lists them. Errors: bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const listIntegrations = defineQuery({
  name: "integration.table",
  permission: "session:read",
  input: keysetInput,
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, input }): Promise<KeysetPage<IntegrationTableRow>> => {
    const placed = sql`secret s where s.organization_secret_id = i.id and ${visibleSecrets(actor)}`;
    const source = sql`(
      select i.id, i.organization_id, i.name, i.kind, i.everywhere, i.version, cardinality(i.key_names) as keys, i.rotated_at, i.expires_at, i.created_at,
        (select count(*)::int from ${placed}) as workspaces,
        (select count(*)::int from secret_binding b where b.valid_to is null and b.secret_id in (select s.id from ${placed})) as bound,
        (select max(s.last_used_at) from secret s where s.organization_secret_id = i.id and ${knownSecrets(actor)}) as last_used_at
      from organization_secret i where i.deleted_at is null
    ) x`;
    const page = await keysetPage<Found>(tx, { source, fields: FIELDS, input, visible: readable(actor, "x"), list: "integrations", readerId: actor.id });
    return {
      ...page,
      rows: page.rows.map((row) => ({
        id: row.id,
        name: row.name,
        kind: row.kind,
        everywhere: row.everywhere,
        keys: row.keys,
        version: row.version,
        workspaces: row.workspaces,
        bound: row.bound,
        lastUsedAt: row.last_used_at,
        rotatedAt: row.rotated_at,
        expiresAt: row.expires_at,
        createdAt: row.created_at,
      })),
    };
  },
});

type Deleted = Omit<DeletedIntegration, "by"> & { by: string | null; by_kind: string | null };

/** The deleted ones, the last deleted first: the newest hundred. */
export const listDeletedIntegrations = defineQuery({
  name: "integration.deleted-list",
  permission: "session:read",
  input: z.strictObject({}),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor }): Promise<DeletedIntegration[]> => {
    const { rows } = await sql<Deleted>`
      select i.id, i.name, i.kind, i.version as versions, i.deleted_at as at, coalesce(nullif(u.full_name, ''), u.name) as by, u.kind as by_kind,
        (select count(*)::int from organization_secret_version v where v.secret_id = i.id and v.destroyed_at is null) as open
      from organization_secret i left join principal u on u.id = i.deleted_by
      where i.deleted_at is not null and ${readable(actor, "i")} order by i.deleted_at desc, i.id limit 100`.execute(tx);
    return rows.map(({ by, by_kind, ...row }) => ({ ...row, by: by ? { name: by, kind: by_kind ?? "user" } : null }));
  },
});

/** The workspaces that may be given one. */
export const listWorkspaceChoices = defineQuery({
  name: "integration.workspace-choices",
  permission: "integration:read",
  input: z.strictObject({}),
  scope: () => ({}),
  run: async ({ tx, actor }): Promise<WorkspaceChoice[]> => {
    const { rows } = await sql<WorkspaceChoice>`select id, slug, display_name as name from workspace
      where organization_id = ${actor.organizationId} and state <> 'deleted' order by slug`.execute(tx);
    return rows;
  },
});
