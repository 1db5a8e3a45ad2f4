import "server-only";
import { sql } from "kysely";
import { recordAudit } from "@/lib/audit/record";
import { systemActor } from "@/lib/identity/actor";
import { environment } from "@/lib/kernel/env";
import { systemContext } from "@/lib/kernel/request";
import { inScope } from "@/lib/kernel/transaction";
import { alarmAdmins } from "./alarm";

// The alarm for directories that have fallen silent: once for each silence, however often and by how many workers it is looked for.

type Silent = { id: string; name: string; organizationId: string; lastEventAt: string; hours: number };

/** Notes new silences in the trail and tells the System Admins; returns how many. */
export function alarmSilentDirectories(): Promise<number> {
  return inScope([], async (tx) => {
    const { rows } = await sql<Silent>`
      update directory d set silent_alarmed_at = clock_timestamp()
      where d.active and d.provider in ('okta', 'entra', 'other') and d.last_event_at < clock_timestamp() - make_interval(hours => d.silent_after_hours)
        and (d.silent_alarmed_at is null or d.silent_alarmed_at < d.last_event_at)
      returning d.id, d.name, d.organization_id as "organizationId", d.last_event_at as "lastEventAt", d.silent_after_hours as hours`.execute(tx);
    for (const { id, name, organizationId, lastEventAt, hours } of rows) {
      const place = `${environment().url}/settings/directory/${id}/requests`;
      const items = await alarmAdmins(tx, organizationId, { kind: "silent", directory: name, place, lastEventAt, hours });
      if (items.length > 0) {
        await tx
          .insertInto("outbox")
          .values(items.map((item) => ({ workspace_id: null, topic: item.topic, payload: JSON.stringify(item.payload) })))
          .execute();
        await sql`select pg_notify('reeve_outbox', '')`.execute(tx);
      }
      const facts = { actor: systemActor(organizationId), request: systemContext(), workspaceId: null, action: "directory.fell-silent" };
      await recordAudit(tx, { ...facts, outcome: "allowed" }, [{ target: { type: "directory", id, name }, after: { lastEventAt, silentAfterHours: hours } }]);
    }
    return rows.length;
  });
}
