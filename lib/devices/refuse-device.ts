import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { sameHash } from "@/lib/identity/api-key";
import { userCodeHash } from "@/lib/identity/device-codes";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { booleanField } from "@/lib/kernel/form-fields";
import { pendingDevice } from "./approve-device";

/**
 * Refuses a pending device whose code one holds; its client is told "access denied". `suspicious`: nobody asked for it, so it locks, and
 * the entry's reason tells the administrators. Error: not_found, also for a wrong code.
 */
export const refuseDevice = defineCommand({
  name: "device.refused",
  permission: "workspace:read",
  input: z.strictObject({ deviceId: z.uuid(), userCode: z.string().max(200), suspicious: booleanField.default(false) }),
  scope: async ({ tx, actor, input, workspace }) => {
    const device = await pendingDevice(tx, workspace.id, input.deviceId);
    return { workspaceId: workspace.id, ownerId: actor.id, thing: { type: "device", id: device.id, name: device.host_name } };
  },
  run: async ({ tx, input, workspace }) => {
    const device = await pendingDevice(tx, workspace.id, input.deviceId);
    const offered = userCodeHash(input.userCode);
    if (device.status !== "pending" || !offered || !device.user_code_hmac || !sameHash(device.user_code_hmac, offered))
      throw new AppError("not_found", "This request is no longer open.", { reason: "not_pending" });
    const now = sql<string>`clock_timestamp()`;
    await tx
      .updateTable("device")
      .set({ refused_at: now, user_code_hmac: null, updated_at: now, ...(input.suspicious ? { status: "locked" } : {}) })
      .where("id", "=", device.id)
      .execute();
    return {
      result: { suspicious: input.suspicious },
      audit: {
        target: { type: "device", id: device.id, name: device.host_name },
        reason: input.suspicious ? "not_asked_for" : "refused",
        after: { hostName: device.host_name, address: device.address, os: device.os, clientVersion: device.client_version },
      },
    };
  },
});
