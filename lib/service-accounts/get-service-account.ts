import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { roleTitle } from "@/lib/authz/role-rule";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { homeOf, findAccount } from "./find-service-account";
import type { AccountDetail, AccountGrant, KeyRow } from "./schema";

// One service account with what hangs on it: keys (for those who may read keys), grants, runs. Also the preview of its end.

/** Errors: not_found. */
export const getServiceAccount = defineQuery({
  name: "service-account.get",
  permission: "service-account:read",
  input: z.strictObject({ account: z.string() }),
  scope: ({ tx, workspace, input }) => findAccount(tx, workspace, input.account),
  run: async ({ tx, actor, workspace, input }): Promise<AccountDetail> => {
    const { account } = await findAccount(tx, workspace, input.account);
    const home = homeOf(workspace);
    const keyRows = can(actor, "api-key:read", { workspaceId: home }).allowed ? await readKeys(tx, account.id) : [];
    const grants = await readGrants(tx, account.id, actor);
    const counted = await sql<{ runs: number; running: number }>`
      select count(*)::int as runs, count(*) filter (where r.in_progress)::int as running from run r
      where r.created_by = ${account.id} and ${visibleTo(actor, "run:read", { workspaceId: "r.workspace_id", projectId: "r.project_id", ownerId: "r.created_by" })}`.execute(
      tx,
    );
    const owner = account.created_by
      ? await tx.selectFrom("principal").select(["name", "full_name", "active"]).where("id", "=", account.created_by).executeTakeFirst()
      : undefined;
    const uses = keyRows.flatMap((key) => key.lastUsedAt ?? []).sort();
    const ends = keyRows.flatMap((key) => (key.state === "active" && key.expiresAt ? [key.expiresAt] : [])).sort();
    return {
      id: account.id,
      name: account.name,
      description: account.description,
      active: account.active,
      workspace: home ? (workspace?.slug ?? null) : null,
      roles: [...new Set(grants.filter((grant) => !grant.until || Date.parse(grant.until) > Date.now()).map((grant) => grant.role))],
      keys: keyRows.length,
      lastUsedAt: uses.at(-1) ?? null,
      nextExpiry: ends[0] ?? null,
      owner: owner ? owner.full_name || owner.name : null,
      ownerActive: owner?.active ?? null,
      createdAt: account.created_at,
      keyRows,
      grants,
      runs: counted.rows[0]?.runs ?? 0,
      runningRuns: counted.rows[0]?.running ?? 0,
    };
  },
});

async function readGrants(tx: Tx, accountId: string, actor: Actor): Promise<AccountGrant[]> {
  const rows = await tx
    .selectFrom("role_grant as g")
    .leftJoin("workspace as w", "w.id", "g.workspace_ref")
    .select(["g.id", "g.role", "g.scope_kind", "g.workspace_ref", "g.valid_from", "g.valid_to", "w.slug", "g.thing_type", "g.thing_name"])
    .where("g.principal_id", "=", accountId)
    .where("g.effect", "=", "allow")
    .orderBy("g.valid_from", "desc")
    .limit(100)
    .execute();
  return rows
    .filter((row) => can(actor, "grant:read", { workspaceId: row.workspace_ref }).allowed)
    .map((row) => ({
      id: row.id,
      role: roleTitle(row.role),
      scope:
        row.scope_kind === "organization"
          ? "the organization"
          : `${row.slug}${row.thing_name ? `, the ${row.thing_type} ${row.thing_name}` : row.scope_kind === "project" ? ", one project" : ""}`,
      since: row.valid_from,
      until: row.valid_to,
    }));
}

async function readKeys(tx: Tx, accountId: string): Promise<KeyRow[]> {
  const rows = await tx
    .selectFrom("api_key as k")
    .innerJoin("principal as p", "p.id", "k.principal_id")
    .leftJoin("workspace as w", "w.id", "p.home_workspace_id")
    .leftJoin("principal as m", "m.id", "k.created_by")
    .leftJoin("principal as h", "h.id", "k.issued_to")
    .select(["k.id", "k.name", "k.description", "k.active", "k.scopes", "k.created_at", "k.expires_at", "k.last_rotated_at", "k.last_used_address"])
    .select(["k.previous_until", "k.previous_used_at", "k.previous_used_address", "k.previous_used_agent"])
    .select(["h.id as holder_id", "h.name as holder_name", "h.full_name as holder_full_name", "h.active as holder_active"])
    .select(sql<string | null>`coalesce(nullif(m.full_name, ''), m.name)`.as("maker"))
    .select(sql<string | null>`greatest(k.last_used_at, k.last_login_at)`.as("last_used_at"))
    .select(sql<boolean>`k.expires_at is not null and k.expires_at <= now()`.as("is_expired"))
    .select(sql<boolean>`k.previous_hmac is not null and k.previous_until > now()`.as("overlaps"))
    .select(
      sql<boolean>`h.id is not null and not h.active and coalesce(h.ended_at, '-infinity') + make_interval(days => coalesce(w.leaver_grace_days, 0)) <= now()`.as(
        "is_left",
      ),
    )
    .where("k.principal_id", "=", accountId)
    .orderBy("k.created_at", "desc")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    description: row.description,
    state: row.is_expired ? "expired" : !row.active ? "inactive" : row.is_left ? "stopped" : "active",
    scopes: row.scopes,
    createdAt: row.created_at,
    createdBy: row.maker,
    issuedTo: row.holder_id ? { id: row.holder_id, name: row.holder_full_name || (row.holder_name ?? ""), active: row.holder_active ?? false } : null,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    lastUsedAddress: row.last_used_address,
    lastRotatedAt: row.last_rotated_at,
    overlap:
      row.overlaps && row.previous_until
        ? { until: row.previous_until, usedAt: row.previous_used_at, usedAddress: row.previous_used_address, usedAgent: row.previous_used_agent }
        : null,
  }));
}
