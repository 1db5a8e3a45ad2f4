import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { booleanField } from "@/lib/kernel/form-fields";
import type { Tx } from "@/lib/kernel/transaction";

// What a device's person does with it, from any page or client: lock, unlock, delete. A locked or deleted device is refused on its next
// request. System Admins lock those of others, and then only they unlock them.

/** The device of an id, wherever it acts, locked for a change. Error: not_found. */
async function findDevice(tx: Tx, id: string) {
  const device = await tx
    .selectFrom("device")
    .select(["id", "principal_id", "workspace_ref", "status", "host_name", "is_trusted", "client_id", "locked_by"])
    .select(sql<boolean>`expires_at is null or expires_at <= clock_timestamp()`.as("is_over"))
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (!device?.principal_id) throw new AppError("not_found", `Unable to get authorized device with ID '${id}': No authorized device with this ID found`);
  return device;
}

async function scopeOf(tx: Tx, id: string) {
  const device = await findDevice(tx, id);
  return { workspaceId: device.workspace_ref, ownerId: device.principal_id, thing: { type: "device", id, name: device.host_name } };
}

/**
 * Locks or unlocks. A device that its person locked and unlocked is active again for what is left of its days; one that somebody else
 * locked logs in anew. Errors: not_found, conflict, forbidden for what somebody else locked.
 */
export const lockDevice = defineCommand({
  name: "device.locked",
  permission: "device:lock",
  input: z.strictObject({ deviceId: z.uuid(), locked: booleanField.default(false) }),
  scope: ({ tx, input }) => scopeOf(tx, input.deviceId),
  run: async ({ tx, actor, input }) => {
    const device = await findDevice(tx, input.deviceId);
    const isOwn = device.principal_id === actor.id;
    const isHeldDown = isOwn && device.status === "locked" && device.locked_by !== null && device.locked_by !== actor.id;
    if (input.locked && isHeldDown) throw new AppError("conflict", "This device is locked already.");
    if (!input.locked) await requireUnlockable(tx, device, isHeldDown);
    const status = input.locked ? "locked" : "active";
    await tx
      .updateTable("device")
      .set((eb) => ({
        status,
        locked_by: input.locked ? actor.id : null,
        failed_attempts: 0,
        updated_at: sql<string>`clock_timestamp()`,
        ...(input.locked && !isOwn ? { generation: eb("generation", "+", 1) } : {}),
      }))
      .where("id", "=", device.id)
      .execute();
    return {
      result: { locked: input.locked },
      audit: {
        ...(input.locked ? {} : { action: "device.unlocked" }),
        target: { type: "device", id: device.id, name: device.host_name },
        before: { status: device.status },
        after: { status },
      },
    };
  },
});

/** Errors: conflict when it is not locked or its client signs in anew, forbidden when its owner asks and somebody else locked it. */
async function requireUnlockable(tx: Tx, device: Awaited<ReturnType<typeof findDevice>>, isHeldDown: boolean): Promise<void> {
  if (device.status !== "locked") throw new AppError("conflict", "This device is not locked.");
  if (isHeldDown)
    throw new AppError("forbidden", "An administrator locked this device, so it stays locked for its owner.", {
      reason: "locked_by_other",
      fix: "Log in again on the command line, or ask a System Admin.",
    });
  const successor = await tx
    .selectFrom("device")
    .select("id")
    .where("workspace_ref", "=", device.workspace_ref)
    .where("client_id", "=", device.client_id)
    .where("status", "<>", "locked")
    .executeTakeFirst();
  if (successor) throw new AppError("conflict", "This command line has asked for a new login since; this device stays locked.", { fix: "Delete it." });
}

/** Deletes: its tokens are refused from the next request on. Error: not_found. */
export const deleteDevice = defineCommand({
  name: "device.deleted",
  permission: "device:revoke",
  input: z.strictObject({ deviceId: z.uuid() }),
  scope: ({ tx, input }) => scopeOf(tx, input.deviceId),
  run: async ({ tx, input }) => {
    const device = await findDevice(tx, input.deviceId);
    await tx.deleteFrom("device").where("id", "=", device.id).execute();
    return {
      result: null,
      audit: { target: { type: "device", id: device.id, name: device.host_name }, before: { status: device.status, trusted: device.is_trusted } },
    };
  },
});
