import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { PERMISSIONS } from "@/lib/authz/permissions";
import { visibleTo } from "@/lib/authz/visible";
import { loadActor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { defineQuery } from "@/lib/kernel/query";
import type { PersonPage } from "./person-schema";

// One account as others may see it: oneself and those who read all sessions see what it holds, who administers grants its address,
// everybody else its name and what it may do here.

/** Error: not_found for an account that has nothing to do with the place. */
export const getPerson = defineQuery({
  name: "access.person",
  permission: "session:read",
  input: z.strictObject({ principalId: z.uuid() }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, workspace, input: { principalId } }): Promise<PersonPage> => {
    const here = { workspaceId: workspace?.id };
    const known = visibleTo(actor, "grant:read", { workspaceId: "g.workspace_ref", projectId: "g.project_ref", ownerId: "g.principal_id" });
    const row = await tx
      .selectFrom("principal as p")
      .leftJoin("local_password as l", "l.principal_id", "p.id")
      .select(["p.id", "p.name", "p.full_name", "p.email", "p.kind", "p.active", "p.created_at", "p.ended_at", "p.last_seen_at"])
      .select(sql<boolean>`l.principal_id is not null`.as("has_password"))
      .where("p.id", "=", principalId)
      .where("p.organization_id", "=", actor.organizationId)
      .where(
        sql<SqlBool>`(p.id = ${actor.id} or ${can(actor, "user:read").allowed} or exists (
          select 1 from role_grant g where g.principal_id = p.id
            and ((g.workspace_ref is null and ${can(actor, "grant:read", here).allowed}) or ${known}) ${workspace ? sql`and (g.workspace_ref is null or g.workspace_ref = ${workspace.id})` : sql``}))`,
      )
      .executeTakeFirst();
    if (!row) throw new AppError("not_found", "There is no such person here.");
    const isMe = row.id === actor.id;
    const seesAll = isMe || can(actor, "session:read", { ownerId: row.id }).reach === "any";
    const seesAddress = seesAll || can(actor, "grant:create", here).allowed;
    const subject = await loadActor(tx, row.id, { kind: "session", id: row.id, label: "" });
    const rights = PERMISSIONS.flatMap((permission) => {
      if (!subject) return [];
      const decision = can(subject, permission, { workspaceId: workspace?.id, ownerId: subject.id });
      return decision.allowed && decision.reach ? [{ permission, reach: decision.reach }] : [];
    });
    return {
      id: row.id,
      name: row.full_name || row.name,
      email: seesAddress ? row.email : null,
      kind: row.kind,
      active: row.active,
      createdAt: row.created_at,
      endedAt: row.ended_at,
      lastSeenAt: seesAddress ? row.last_seen_at : null,
      isMe,
      identities: seesAll ? (row.has_password ? ["Local password"] : []) : null,
      holds: seesAll ? await holdsOf(tx, row.id) : null,
      rights,
      acts: await actsOf(tx, row.id, isMe, actor, workspace?.id),
    };
  },
});

type Tx = Parameters<typeof loadActor>[0];

async function holdsOf(tx: Tx, id: string): Promise<NonNullable<PersonPage["holds"]>> {
  const { rows } = await sql<NonNullable<PersonPage["holds"]>>`select
    (select count(*)::int from session where principal_id = ${id} and expires_at > now()) as sessions,
    (select count(*)::int from device where principal_id = ${id} and status = 'active' and (expires_at is null or expires_at > now())) as devices,
    (select count(*)::int from personal_token where principal_id = ${id} and revoked_at is null and expires_at > now()) as tokens,
    (select count(*)::int from api_key where active and ${id} in (created_by, issued_to) and (expires_at is null or expires_at > now())) as keys,
    (select count(*)::int from access_request where principal_id = ${id} and state = 'open' and expires_at > now()) as requests`.execute(tx);
  return rows[0] ?? { sessions: 0, devices: 0, tokens: 0, keys: 0, requests: 0 };
}

/** The newest acts that the reader may see; null for readers of the trail's own part only. */
async function actsOf(tx: Tx, id: string, isMe: boolean, actor: Parameters<typeof can>[0], workspaceId: string | undefined): Promise<PersonPage["acts"]> {
  if (!isMe && can(actor, "audit-entry:read", { workspaceId }).reach !== "any") return null;
  const { rows } = await sql<NonNullable<PersonPage["acts"]>[number]>`
    select seq, at, action, target_name as target, outcome from audit_entry
    where actor_id = ${id} and ${visibleTo(actor, "audit-entry:read", { workspaceId: "workspace_id", ownerId: "actor_id" })}
      ${workspaceId ? sql`and workspace_id = ${workspaceId}` : sql``}
    order by seq desc limit 10`.execute(tx);
  return rows;
}
