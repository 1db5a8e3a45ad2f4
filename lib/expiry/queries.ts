import "server-only";
import { sql } from "kysely";
import { can } from "@/lib/authz/can";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import type { Tx } from "@/lib/kernel/transaction";
import { type Expiring, SOON_DAYS } from "./schema";

const MOST = 20;

/** What ends within two weeks, or has ended, of what the actor may change: the first to end first. */
export async function expiringFor(tx: Tx, actor: Actor): Promise<Expiring[]> {
  const of = (noun: "connector" | "secret") => visibleTo(actor, `${noun}:update`, { workspaceId: "x.workspace_id", ownerId: "x.created_by", thingId: "x.id" });
  const ofAll = can(actor, "integration:update").allowed ? sql`x.organization_id = ${actor.organizationId}` : sql`false`;
  const soon = sql`clock_timestamp() + make_interval(days => ${SOON_DAYS})`;
  const { rows } = await sql<Expiring>`
    select e.kind, e.id, e.name, w.slug as workspace, e.expires_at as "expiresAt" from (
      select 'integration' as kind, x.id, x.name, null::uuid as workspace_id, x.expires_at from organization_secret x where x.expires_at < ${soon} and x.deleted_at is null and ${ofAll}
      union all
      select 'connector' as kind, x.id, x.name, x.workspace_id, x.expires_at from connector x where x.expires_at < ${soon} and ${of("connector")}
      union all
      select 'secret', x.id, x.name, x.workspace_id, x.expires_at from secret x
        where x.expires_at < ${soon} and x.deleted_at is null and x.kind <> 'connector' and x.organization_secret_id is null and (x.private_to is null or x.private_to = ${actor.id}) and ${of("secret")}
    ) e left join workspace w on w.id = e.workspace_id where e.workspace_id is null or w.state = 'active'
    order by e.expires_at, e.id limit ${MOST}`.execute(tx);
  return rows;
}
