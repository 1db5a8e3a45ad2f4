import "server-only";
import { sql } from "kysely";
import { limitsOf } from "@/lib/authz/limits";
import type { Tx } from "@/lib/kernel/transaction";
import { actorJson } from "./actor";
import { keyLabel } from "./api-key";
import type { HeldCredential } from "./held-credential";
import { refuseCredential } from "./refused-credential";

// Devices as credentials: a command line that acts as its person in one workspace, until it is locked, deleted, asks anew, or its
// trust ends.

/** The device of an id, good for use now. `isForRun`: for a run's own token, which outlives the device's days but no lock. Errors: unauthenticated. */
export async function holdDevice(tx: Tx, id: string, { isForRun = false } = {}): Promise<HeldCredential> {
  const row = await tx
    .selectFrom("device as d")
    .select(["d.id", "d.principal_id", "d.workspace_ref", "d.status", "d.generation", "d.host_name"])
    .select(sql<boolean>`d.expires_at is null or d.expires_at <= clock_timestamp()`.as("expired"))
    .select(sql<boolean>`coalesce(d.last_used_at < clock_timestamp() - interval '1 minute', true)`.as("is_stale"))
    .select(actorJson(sql.ref("d.principal_id")).as("actor"))
    .where("d.id", "=", id)
    .executeTakeFirst();
  if (!row?.principal_id) throw refuseCredential("error retrieving token device", "unknown_device");
  if (row.status !== "active" && !(isForRun && row.status !== "locked")) throw refuseCredential(`device ${row.id} is not active`, `${row.status}_device`);
  if (row.expired && !isForRun) throw refuseCredential(`device ${row.id} is not active`, "expired_device");
  return {
    principalId: row.principal_id,
    actor: row.actor,
    credential: { kind: "device", id: row.id, label: keyLabel(row.host_name ?? "device", row.id) },
    limits: limitsOf({ workspaceId: row.workspace_ref }),
    generation: row.generation,
    outdated: () => refuseCredential(`device ${row.id} is not active`, "outdated_device"),
    inactiveAccount: () => refuseCredential("the account of this device is not active", "inactive_account"),
    noteUse: async (tx, request) => {
      if (!row.is_stale) return;
      await sql`with stale as (select id from device where id = ${row.id} for update skip locked)
        update device d set last_used_at = clock_timestamp(), last_used_address = ${request.address} from stale where d.id = stale.id`.execute(tx);
    },
  };
}
