import "server-only";
import { sql } from "kysely";
import type { QueueItem } from "@/lib/kernel/command";
import { mailItem, sendsMail } from "@/lib/mail/mail";
import { heldRemovalsMail, silentDirectoryMail } from "@/lib/mail/texts";
import type { Tx } from "@/lib/kernel/transaction";

// What System Admins are told of a directory by mail, where the operator set a mail server: once per event. The console shows it either way.

/** How long such a mail is worth sending. */
const WORTH_HOURS = 24;

export type Alarm = { directory: string; place: string } & (
  | { kind: "hold"; most: number; people: number }
  | { kind: "silent"; lastEventAt: string; hours: number }
);

/** A mail to each active System Admin with an address, for the outbox. */
export async function alarmAdmins(tx: Tx, organizationId: string, alarm: Alarm): Promise<QueueItem[]> {
  if (!sendsMail()) return [];
  const { rows } = await sql<{ email: string; organization: string }>`
    select distinct p.email, o.name as organization from role_grant g join principal p on p.id = g.principal_id join organization o on o.id = p.organization_id
    where g.organization_id = ${organizationId} and g.role = 'system-admin' and g.scope_kind = 'organization' and g.effect = 'allow'
      and g.valid_from <= clock_timestamp() and (g.valid_to is null or g.valid_to > clock_timestamp())
      and p.kind = 'user' and p.active and p.deleted_at is null and p.email is not null`.execute(tx);
  const until = new Date(Date.now() + WORTH_HOURS * 3_600_000).toISOString();
  return rows.map(({ email, organization }) => {
    const text = alarm.kind === "hold" ? heldRemovalsMail({ ...alarm, organization }) : silentDirectoryMail({ ...alarm, organization });
    return mailItem({ to: email, until, ...text });
  });
}
