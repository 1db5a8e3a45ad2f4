import "server-only";
import { type SqlBool, sql } from "kysely";
import type { z } from "zod";
import { can } from "@/lib/authz/can";
import { roleTitle } from "@/lib/authz/role-rule";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import type { Workspace } from "@/lib/kernel/command";
import type { Fields } from "@/lib/kernel/list";
import { keysetInput, type KeysetPage, keysetPage } from "@/lib/kernel/keyset-page";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { homeOf } from "./find-service-account";
import type { AccountRow } from "./schema";

// The service accounts of a workspace, or on the organization's page all that the reader may see. What their keys did is counted only
// for those who may read keys.

const FIELDS: Fields = {
  name: { kind: "text", sql: sql.ref("x.name"), required: true },
  description: { kind: "text", sql: sql.ref("x.description") },
  state: { kind: "enum", sql: sql`case when x.active then 'active' else 'deactivated' end`, required: true },
  workspace: { kind: "text", sql: sql.ref("x.workspace") },
  role: {
    kind: "enum",
    sortable: false,
    where: (op, value) => {
      const has = sql<SqlBool>`x.roles && ${sql.val(typeof value === "string" ? [value] : [...value])}::text[]`;
      if (op === "isnull") return sql<SqlBool>`cardinality(x.roles) = 0`;
      if (op === "isnotnull") return sql<SqlBool>`cardinality(x.roles) > 0`;
      return op.startsWith("not") ? sql<SqlBool>`not ${has}` : has;
    },
  },
  keys: { kind: "number", sql: sql.ref("x.keys"), required: true },
  used: { kind: "time", sql: sql.ref("x.last_used_at") },
  expires: { kind: "time", sql: sql.ref("x.next_expiry") },
  owner: { kind: "text", sql: sql.ref("x.owner") },
  created: { kind: "time", sql: sql.ref("x.created_at"), required: true },
};

/** One page of a workspace's accounts. Errors: bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const listServiceAccounts = defineQuery({
  name: "service-account.list",
  permission: "service-account:read",
  input: keysetInput,
  scope: ({ actor, workspace }) => ({ workspaceId: workspace?.id, ownerId: actor.id }),
  run: readPage,
});

/** The same of the whole organization, its own and those of every workspace whose accounts the reader may see. */
export const listAllServiceAccounts = defineQuery({
  name: "service-account.list-all",
  permission: "session:read",
  input: keysetInput,
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: readPage,
});

async function readPage({
  tx,
  actor,
  workspace,
  input,
}: {
  tx: Tx;
  actor: Actor;
  workspace: Workspace | null;
  input: z.output<typeof keysetInput>;
}): Promise<KeysetPage<AccountRow>> {
  const home = homeOf(workspace);
  const readsKeys = sql<SqlBool>`${visibleTo(actor, "api-key:read", { workspaceId: "p.home_workspace_id", ownerId: "p.id" })}`;
  const source = sql`(
    select p.id, p.name, p.description, p.active, p.created_at, p.home_workspace_id, p.organization_id, w.slug as workspace,
      coalesce(nullif(o.full_name, ''), o.name) as owner, o.active as owner_active,
      (select coalesce(array_agg(distinct g.role), '{}') from role_grant g
        where g.principal_id = p.id and g.effect = 'allow' and g.thing_id is null and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now())) as roles,
      (select count(*)::int from api_key k where k.principal_id = p.id and ${readsKeys}) as keys,
      (select max(greatest(k.last_used_at, k.last_login_at)) from api_key k where k.principal_id = p.id and ${readsKeys}) as last_used_at,
      (select min(k.expires_at) from api_key k where k.principal_id = p.id and k.active and k.expires_at > now() and ${readsKeys}) as next_expiry
    from principal p left join workspace w on w.id = p.home_workspace_id left join principal o on o.id = p.created_by
    where p.kind = 'service_account' and p.deleted_at is null and p.organization_id = ${actor.organizationId} and coalesce(w.state, 'active') <> 'deleted'
      ${home ? sql`and p.home_workspace_id = ${home}` : sql``}
  ) x`;
  const page = await keysetPage<Found>(tx, {
    source,
    fields: FIELDS,
    input,
    visible: visibleTo(actor, "service-account:read", { workspaceId: "x.home_workspace_id", ownerId: "x.id" }),
    list: `service-accounts ${home ?? "organization"}`,
    readerId: actor.id,
  });
  return { ...page, rows: page.rows.map((row) => toRow(row, can(actor, "api-key:read", { workspaceId: row.home_workspace_id }).allowed)) };
}

export type Found = {
  id: string;
  name: string;
  description: string;
  active: boolean;
  home_workspace_id: string | null;
  workspace: string | null;
  owner: string | null;
  owner_active: boolean | null;
  roles: string[];
  keys: number;
  last_used_at: string | null;
  next_expiry: string | null;
  created_at: string;
};

const toRow = (row: Found, readsKeys: boolean): AccountRow => ({
  id: row.id,
  name: row.name,
  description: row.description,
  active: row.active,
  workspace: row.workspace,
  roles: row.roles.map(roleTitle),
  keys: readsKeys ? row.keys : 0,
  lastUsedAt: row.last_used_at,
  nextExpiry: row.next_expiry,
  owner: row.owner,
  ownerActive: row.owner_active,
  createdAt: row.created_at,
});
