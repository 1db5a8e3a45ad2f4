import "server-only";
import { sql } from "kysely";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";

// Rule 1, last part: nobody removes the last System Admin. Every act that could (a grant's end, a date on it, a deny, deactivation,
// deletion) calls this after its change and before its audit entry, under one lock, so that two at once can't each leave the other.

/**
 * Refuses when no System Admin stays. One counts when it is an active person whose grant has no end and whom no deny grant stops on the
 * organization. Error: forbidden.
 */
export async function keepASystemAdmin(tx: Tx, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`system admins ${organizationId}`}))`.execute(tx);
  const { rows } = await sql<{ stays: boolean }>`
    select exists (
      select 1 from role_grant g join principal p on p.id = g.principal_id
      where g.organization_id = ${organizationId} and g.role = 'system-admin' and g.scope_kind = 'organization' and g.effect = 'allow'
        and g.valid_from <= clock_timestamp() and g.valid_to is null and p.active and p.kind = 'user' and p.deleted_at is null
        and not exists (select 1 from role_grant d where d.principal_id = p.id and d.effect = 'deny' and d.scope_kind = 'organization'
          and (d.valid_to is null or d.valid_to > clock_timestamp()))
    ) as stays`.execute(tx);
  if (rows[0]?.stays) return;
  throw new AppError("forbidden", "This would leave the organization without a System Admin, so nothing was changed.", {
    fix: "Make somebody else System Admin first, without an end date.",
    reason: "last_system_admin",
  });
}
