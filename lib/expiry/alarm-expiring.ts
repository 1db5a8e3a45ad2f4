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
import { type Expiring, SOON_DAYS } from "./schema";

// The alarm for keys that end: once for each end, two weeks ahead, in the trail and by mail where the operator set a mail server. The owner
// hears of it, and of what is not private the workspace's administrators.

type Found = Expiring & { workspace_id: string; organization_id: string; organization: string; owner: string | null; is_private: boolean };

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
      )
      select d.kind, d.id, d.name, d.workspace_id, d.is_private, d.created_by as owner, d.expires_at as "expiresAt", w.slug as workspace, w.organization_id, o.name as organization
      from (select * from due union all select * from due_secret) d join workspace w on w.id = d.workspace_id and w.state = 'active'
        join organization o on o.id = w.organization_id`.execute(tx);
    for (const found of rows) await tell(tx, found);
    if (rows.length > 0) await sql`select pg_notify('reeve_outbox', '')`.execute(tx);
    return rows.length;
  });

async function tell(tx: Tx, { kind, id, name, expiresAt, workspace, workspace_id: workspaceId, ...found }: Found): Promise<void> {
  const place = `${environment().url}/${workspace}/${kind}s/${id}`;
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

async function addressesOf(tx: Tx, workspaceId: string, { owner, is_private }: Pick<Found, "owner" | "is_private">): Promise<string[]> {
  const { rows } = await sql<{ email: string }>`
    select distinct p.email from principal p where p.kind = 'user' and p.active and p.deleted_at is null and p.email is not null
      and exists (select from role_grant g where g.principal_id = p.id and g.workspace_ref = ${workspaceId} and g.effect = 'allow'
        and g.valid_from <= clock_timestamp() and (g.valid_to is null or g.valid_to > clock_timestamp())
        and (p.id = ${owner} or (not ${is_private}::boolean and g.role = 'workspace-admin' and g.scope_kind = 'workspace')))`.execute(tx);
  return rows.map((row) => row.email);
}
