import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { limitsOf } from "@/lib/authz/limits";
import { loadActor } from "@/lib/identity/actor";
import { keyLabel } from "@/lib/identity/api-key";
import { deviceCodeHash } from "@/lib/identity/device-codes";
import { type Login, loginAs } from "@/lib/identity/wire-credential";
import { defineCommand, execute, type Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { RequestContext } from "@/lib/kernel/request";
import { inScope, type Tx } from "@/lib/kernel/transaction";
import { settleRequest } from "./request-device";
import { TRUSTED_DAYS, UNTRUSTED_HOURS } from "./schema";

// The client's polls: what it is told while nobody has decided, and the one token when somebody has. The codes are gone with it, so a
// second redemption finds nothing.

export type PollError = "authorization_pending" | "slow_down" | "access_denied" | "expired_token" | "invalid_client" | "invalid_grant";
export type Poll = { status: "refused"; error: PollError; description: string } | { status: "signed_in"; login: Login };

/** Turns a verified device into an active one. The device itself acts, for its person. */
export const activateDevice = defineCommand({
  name: "device.signed-in",
  permission: "device:update",
  input: z.strictObject({ deviceId: z.uuid() }),
  scope: async ({ tx, input, workspace }) => {
    const device = await deviceRow(tx, workspace.id, { id: input.deviceId });
    if (!device?.principal_id) throw new AppError("not_found", "There is no such device here.");
    return { workspaceId: workspace.id, ownerId: device.principal_id, thing: { type: "device", id: device.id, name: device.host_name } };
  },
  run: async ({ tx, input, target }) => {
    const now = sql<string>`clock_timestamp()`;
    const row = await tx
      .updateTable("device")
      .set((eb) => ({
        status: "active",
        user_code_hmac: null,
        device_code_hmac: null,
        codes_expire_at: null,
        generation: eb("generation", "+", 1),
        expires_at: sql<string>`clock_timestamp() + case when is_trusted then make_interval(days => ${TRUSTED_DAYS}) else make_interval(hours => ${UNTRUSTED_HOURS}) end`,
        last_used_at: now,
        last_used_address: sql<string>`address`,
        updated_at: now,
      }))
      .where("id", "=", input.deviceId)
      .where("status", "=", "verified")
      .where("refused_at", "is", null)
      .returning(["generation", "is_trusted", "expires_at", "host_name"])
      .executeTakeFirst();
    if (!row) throw new AppError("conflict", "This code was used before.", { reason: "used_code" });
    return {
      result: { generation: row.generation, lifetimeS: row.is_trusted ? TRUSTED_DAYS * 86_400 : UNTRUSTED_HOURS * 3_600 },
      audit: { target: { type: "device", id: input.deviceId, name: target.thing?.name }, after: { trusted: row.is_trusted, until: row.expires_at } },
    };
  },
});

/** One poll of a client. Never throws for what a client may do wrong. */
export async function pollDevice(workspace: Workspace, clientId: string, deviceCode: string, request: RequestContext): Promise<Poll> {
  const refused = (error: PollError, description: string): Poll => ({ status: "refused", error, description });
  const offered = deviceCodeHash(deviceCode);
  const device = await inScope([], (tx) => notePoll(tx, workspace.id, clientId, offered));
  if (!device) return refused("invalid_client", `device with client ID ${clientId} was not found.`);
  if (device.status === "locked" || (device.is_known && device.refused_at))
    return refused("access_denied", `device with client ID ${clientId} is locked or was refused.`);
  if (!device.is_known) return refused("invalid_grant", "invalid device code.");
  if (device.is_expired) return refused("expired_token", `device with client ID ${clientId} has expired.`);
  if (device.is_fast) return refused("slow_down", `device with client ID ${clientId} polls too often; wait ${device.interval_s} seconds.`);
  if (device.status === "pending") return refused("authorization_pending", `device with client ID ${clientId} is pending.`);
  const { principal_id: personId } = device;
  if (!personId) return refused("access_denied", "nobody approved this device.");
  const credential = { kind: "device", id: device.id, label: keyLabel(device.host_name ?? "device", device.id) } as const;
  const actor = await inScope([], (tx) => loadActor(tx, personId, credential, { limits: limitsOf({ workspaceId: workspace.id }) }));
  if (!actor || !can(actor, "workspace:read", { workspaceId: workspace.id }).allowed)
    return refused("access_denied", "the person who approved this device has no access to this workspace.");
  try {
    const { generation, lifetimeS } = await execute(activateDevice, { actor, request, workspace }, { deviceId: device.id });
    await settleRequest(request.address);
    return { status: "signed_in", login: loginAs({ ...actor, credential: { ...credential, generation } }, lifetimeS) };
  } catch (error) {
    if (error instanceof AppError && error.code === "conflict") return refused("invalid_grant", "this device code was used before.");
    throw error;
  }
}

/** Notes a poll that knows the code, and whether it came too soon: then the client waits 5 s longer from now on (RFC 8628 §3.5). */
async function notePoll(tx: Tx, workspaceId: string, clientId: string, offered: Buffer | undefined) {
  const device = await deviceRow(tx, workspaceId, { clientId, offered });
  if (!device?.is_known) return device;
  await tx
    .updateTable("device")
    .set((eb) => ({ last_poll_at: sql<string>`clock_timestamp()`, ...(device.is_fast ? { interval_s: eb("interval_s", "+", 5) } : {}) }))
    .where("id", "=", device.id)
    .execute();
  return device.is_fast ? { ...device, interval_s: device.interval_s + 5 } : device;
}

/** Half a second of grace: what leaves the client in time may come a little early after a slow poll. */
async function deviceRow(tx: Tx, workspaceId: string, by: { id: string } | { clientId: string; offered: Buffer | undefined }) {
  const offered = "offered" in by ? by.offered : undefined;
  return tx
    .selectFrom("device")
    .select(["id", "status", "principal_id", "host_name", "interval_s", "refused_at"])
    .select(sql<boolean>`coalesce(device_code_hmac = ${offered ?? null}::bytea, false)`.as("is_known"))
    .select(sql<boolean>`codes_expire_at is null or codes_expire_at <= clock_timestamp()`.as("is_expired"))
    .select(sql<boolean>`coalesce(last_poll_at > clock_timestamp() - make_interval(secs => interval_s - 0.5), false)`.as("is_fast"))
    .where("workspace_ref", "=", workspaceId)
    .$if("id" in by, (query) => query.where("id", "=", (by as { id: string }).id))
    .$if("clientId" in by, (query) => query.where("client_id", "=", (by as { clientId: string }).clientId))
    .orderBy("is_known", "desc")
    .orderBy(sql`status = 'locked'`)
    .orderBy("created_at", "desc")
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
}
