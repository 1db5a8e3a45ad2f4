import "server-only";
import { sql } from "kysely";
import { recordAudit } from "@/lib/audit/record";
import { systemActor } from "@/lib/identity/actor";
import { environment } from "@/lib/kernel/env";
import { systemContext } from "@/lib/kernel/request";
import type { Tx } from "@/lib/kernel/transaction";
import { inEveryWorkspace } from "@/lib/jobs/every-workspace";
import { mailItem, sendsMail } from "@/lib/mail/mail";
import { expiringMail } from "@/lib/mail/texts";
import { type Expiring, expiringPath, SOON_DAYS } from "./schema";

// The alarm for keys that end: once for each end, two weeks ahead, in the trail and by mail where the operator set a mail server. The owner
// hears of it, and of what is not private the workspace's administrators; of the organization's secrets its System Admins.

type Found = Expiring & { workspace_id: string | null; organization_id: string; organization: string; owner: string | null; is_private: boolean };

const DUE = sql`expires_at < clock_timestamp() + make_interval(days => ${SOON_DAYS})
  and (expiry_told_at is null or expiry_told_at < expires_at - make_interval(days => ${SOON_DAYS}))`;

/** Notes new ends in the trail and tells who can do something about them; returns how many. */
export const alarmExpiring = (): Promise<number> =>
  inEveryWorkspace(async (tx) => {
    const { rows } = await sql<Found>`
      with due as (
        update connector set expiry_told_at = clock_timestamp() where ${DUE} returning 'connector' as kind, id, name, workspace_id, expires_at, created_by, false as is_private
      ), due_secret as (
        update secret set expiry_told_at = clock_timestamp() where ${DUE} and deleted_at is null and kind <> 'connector' and organization_secret_id is null
        returning 'secret' as kind, id, name, workspace_id, expires_at, created_by, private_to is not null as is_private
      ), due_integration as (
        update organization_secret set expiry_told_at = clock_timestamp() where ${DUE} and deleted_at is null returning 'integration' as kind, id, name, organization_id, expires_at
      )
      select d.kind, d.id, d.name, d.workspace_id, d.is_private, d.created_by as owner, d.expires_at as "expiresAt", w.slug as workspace, o.id as organization_id, o.name as organization
      from (select * from due union all select * from due_secret) d join workspace w on w.id = d.workspace_id and w.state = 'active'
        join organization o on o.id = w.organization_id
      union all select d.kind, d.id, d.name, null, false, null, d.expires_at, null, o.id, o.name from due_integration d join organization o on o.id = d.organization_id`.execute(
      tx,
    );
    for (const found of rows) await tell(tx, found);
    if (rows.length > 0) await sql`select pg_notify('reeve_outbox', '')`.execute(tx);
    return rows.length;
  });

async function tell(tx: Tx, { kind, id, name, expiresAt, workspace, workspace_id: workspaceId, ...found }: Found): Promise<void> {
  const place = `${environment().url}${expiringPath({ kind, id, workspace })}`;
  const facts = { organization: found.organization, kind, name, workspace, expiresAt, place };
  // Whoever hears of it after its end hears it once, too.
  const until = new Date(Math.max(Date.parse(expiresAt), Date.now() + 86_400_000)).toISOString();
  const items = sendsMail() ? (await addressesOf(tx, workspaceId, found)).map((to) => mailItem({ to, until, ...expiringMail(facts) })) : [];
  if (items.length > 0)
    await tx
      .insertInto("outbox")
      .values(items.map((item) => ({ workspace_id: workspaceId, topic: item.topic, payload: JSON.stringify(item.payload) })))
      .execute();
  const entry = { actor: systemActor(found.organization_id), request: systemContext(), workspaceId, action: `${kind}.expires-soon` };
  await recordAudit(tx, { ...entry, outcome: "allowed" }, [{ target: { type: kind, id, name }, after: { expiresAt } }]);
}

/** The owner and the workspace's administrators; of a secret of the organization System Admins. */
async function addressesOf(
  tx: Tx,
  workspaceId: string | null,
  { owner, is_private, organization_id }: Pick<Found, "owner" | "is_private" | "organization_id">,
): Promise<string[]> {
  const { rows } = await sql<{ email: string }>`
    select distinct p.email from principal p where p.kind = 'user' and p.active and p.deleted_at is null and p.email is not null
      and exists (select from role_grant g where g.principal_id = p.id and g.organization_id = ${organization_id} and g.workspace_ref is not distinct from ${workspaceId}::uuid and g.effect = 'allow'
        and g.valid_from <= clock_timestamp() and (g.valid_to is null or g.valid_to > clock_timestamp())
        and (p.id = ${owner}::uuid or (not ${is_private}::boolean
          and (g.role, g.scope_kind) = (${workspaceId ? "workspace-admin" : "system-admin"}, ${workspaceId ? "workspace" : "organization"}))))`.execute(tx);
  return rows.map((row) => row.email);
}
