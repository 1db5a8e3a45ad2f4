import "server-only";
import { type RawBuilder, sql } from "kysely";
import { emailDomain } from "@/lib/identity/enforced-domain";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";

// Rule 1, last part: nobody removes the last System Admin, nor the last one who can sign in where single sign-on is enforced. Every act that
// could (a grant's end, a date on it, a deny, deactivation, deletion) calls this after its change and before its audit entry, under one lock, so
// that two at once can't each leave the other.

/** The lock of whatever takes a System Admin, or their way in. */
export const lockSystemAdmins = (tx: Tx, organizationId: string) =>
  sql`select pg_advisory_xact_lock(hashtext(${`system admins ${organizationId}`}))`.execute(tx);

/** System Admins `p` by their grants `g`: active people whose grant has no end and whom no deny grant stops on the organization. */
const systemAdmins = (organizationId: string): RawBuilder<unknown> => sql`role_grant g join principal p on p.id = g.principal_id
  and g.organization_id = ${organizationId} and g.role = 'system-admin' and g.scope_kind = 'organization' and g.effect = 'allow'
  and g.valid_from <= clock_timestamp() and g.valid_to is null and p.active and p.kind = 'user' and p.deleted_at is null
  and not exists (select 1 from role_grant d where d.principal_id = p.id and d.effect = 'deny' and d.scope_kind = 'organization'
    and (d.valid_to is null or d.valid_to > clock_timestamp()))`;

/**
 * Whether a person `p` can sign in by a way of their own: through a connection that is on and to which they are linked, or by a password where
 * no domain of theirs is enforced. `enforcing`: a domain that counts as enforced already.
 */
const hasWayIn = (enforcing: string | null): RawBuilder<boolean> => sql<boolean>`exists (
  select 1 from (select 1) one left join sso_domain e on e.organization_id = p.organization_id and e.domain = ${emailDomain(sql`p.email`)}
      and (e.enforced_at is not null or e.id = ${enforcing}::uuid)
  where exists (select 1 from sso_identity i join sso_connection c on c.id = i.connection_id and c.state = 'on' and c.deleted_at is null
      where i.principal_id = p.id and (e.id is null or c.id = e.connection_id))
    or (e.id is null and exists (select 1 from local_password l where l.principal_id = p.id)))`;

/** System Admins who can sign in, were a domain enforced too. */
export async function adminsWhoGetIn(tx: Tx, organizationId: string, enforcing: string | null = null): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select distinct p.id from ${systemAdmins(organizationId)} where ${hasWayIn(enforcing)}`.execute(tx);
  return rows.map((row) => row.id);
}

/** Refuses when no System Admin stays, or none who can sign in where one could before. Error: forbidden. */
export async function keepASystemAdmin(tx: Tx, organizationId: string): Promise<void> {
  await lockSystemAdmins(tx, organizationId);
  const { rows } = await sql<{ stays: boolean; isEnforced: boolean }>`
    select exists (select 1 from ${systemAdmins(organizationId)}) as stays,
      exists (select 1 from sso_domain where organization_id = ${organizationId} and enforced_at is not null) as "isEnforced"`.execute(tx);
  if (!rows[0]?.stays)
    throw new AppError("forbidden", "This would leave the organization without a System Admin, so nothing was changed.", {
      fix: "Make somebody else System Admin first, without an end date.",
      reason: "last_system_admin",
    });
  if (!rows[0].isEnforced || (await adminsWhoGetIn(tx, organizationId)).length > 0) return;
  if (await hasLostOne(tx, organizationId)) throw lastWhoGetsIn();
}

/** What takes a way in from System Admins without changing who they are: refuses when the last who can sign in loses it. Error: forbidden. */
export async function keepAWayIn(tx: Tx, organizationId: string, change: () => Promise<unknown>): Promise<void> {
  await lockSystemAdmins(tx, organizationId);
  const before = await adminsWhoGetIn(tx, organizationId);
  await change();
  if (before.length > 0 && (await adminsWhoGetIn(tx, organizationId)).length === 0) throw lastWhoGetsIn();
}

const lastWhoGetsIn = () =>
  new AppError("forbidden", "This would leave no System Admin who can sign in while single sign-on is enforced, so nothing was changed.", {
    fix: "Let another System Admin sign in through the connection first, or stop enforcing its domain.",
    reason: "last_system_admin_who_gets_in",
  });

/** Whether this transaction took a System Admin who can sign in: others' removals, of leavers say, are no matter of this rule. */
async function hasLostOne(tx: Tx, organizationId: string): Promise<boolean> {
  const { rows } = await sql<{ lost: boolean }>`
    select exists (
      select 1 from role_grant g join principal p on p.id = g.principal_id
      where g.organization_id = ${organizationId} and g.role = 'system-admin' and g.scope_kind = 'organization' and g.effect = 'allow' and p.kind = 'user'
        and (g.valid_to is null or g.valid_to >= now())
        and (g.valid_to between now() and clock_timestamp() or p.ended_at >= now() or p.deleted_at >= now()
          or exists (select 1 from role_grant d where d.principal_id = p.id and d.effect = 'deny' and d.scope_kind = 'organization' and d.valid_from >= now()))
        and ${hasWayIn(null)}
    ) as lost`.execute(tx);
  return rows[0]?.lost ?? false;
}
