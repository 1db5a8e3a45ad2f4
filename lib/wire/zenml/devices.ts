import "server-only";
import { z } from "zod";
import { approveDevice } from "@/lib/devices/approve-device";
import { deleteDevice, lockDevice } from "@/lib/devices/change-devices";
import { DEVICE_FIELDS, getDevice, listDevices } from "@/lib/devices/queries";
import type { ApprovalResult, Device } from "@/lib/devices/schema";
import { execute, parseInput } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { readInScope } from "@/lib/kernel/transaction";
import type { Endpoint, WireCall } from "./endpoint";
import { type Envelope, entity, naiveOrNull, times } from "./respond";
import { answerList } from "./scoped-list";
import { loadUsers, nestedUser } from "./users";

// Authorized devices on the wire: one's own, and the approval of a pending one whose code one holds (WIRE §3).

const deviceId = (call: WireCall) => call.path.device_id as string;

async function present(call: WireCall, devices: readonly Device[], hydrate = call.hydrate): Promise<Envelope[]> {
  const users = await readInScope([call.context.workspace.id], (tx) =>
    loadUsers(
      tx,
      devices.map((device) => device.ownerId),
    ),
  );
  return devices.map((device) => {
    const isPending = device.status === "pending";
    const owner = isPending ? null : device.ownerId;
    return entity({
      id: device.id,
      body: {
        ...times({ created_at: device.createdAt, updated_at: device.updatedAt }),
        user_id: owner,
        client_id: device.clientId,
        expires: naiveOrNull(device.endsAt),
        trusted_device: device.isTrusted,
        status: device.status,
        os: device.os,
        ip_address: device.address,
        hostname: device.hostName,
      },
      metadata: hydrate
        ? {
            python_version: device.pythonVersion,
            zenml_version: device.clientVersion,
            city: "",
            region: "",
            country: "",
            failed_auth_attempts: device.failedAttempts,
            last_login: naiveOrNull(device.lastUsedAt),
          }
        : null,
      resources: hydrate ? { user: owner ? nestedUser(users.get(owner)) : null } : null,
    });
  });
}

/** One's own device, as the answer to a change. */
async function own(call: WireCall): Promise<Envelope | undefined> {
  return (await present(call, [await ask(getDevice, call.context, { id: deviceId(call) })]))[0];
}

const invalid = (text: string, reason: string) => new AppError("bad_request", `Invalid request: ${text}`, { reason });

const REFUSALS: Record<Exclude<ApprovalResult["status"], "approved">, () => AppError> = {
  wrong_code: () => invalid("invalid user code.", "wrong_code"),
  locked: () => invalid("device locked.", "locked_device"),
  expired: () => invalid("device verification expired.", "expired_code"),
  used: () => invalid("device not pending verification.", "used_code"),
  throttled: () => invalid("too many wrong codes; wait before you try again.", "throttled"),
};

export const DEVICE_ENDPOINTS: Endpoint[] = [
  {
    method: "GET",
    path: "/devices",
    permission: "device:read",
    audit: "none: a read",
    list: true,
    handle: (call) =>
      answerList(
        call,
        DEVICE_FIELDS,
        (input) => ask(listDevices, call.context, input),
        (items) => present(call, items),
      ),
  },
  {
    method: "GET",
    path: "/devices/{device_id}",
    permission: "workspace:read",
    audit: "none: a read",
    handle: async (call) => {
      const device = await ask(getDevice, call.context, { id: deviceId(call), userCode: call.query.get("user_code") });
      return (await present(call, [device]))[0];
    },
  },
  {
    method: "PUT",
    path: "/devices/{device_id}/verify",
    permission: "workspace:read",
    audit: "entry",
    handle: async (call) => {
      const body = parseInput(z.object({ user_code: z.string(), trusted_device: z.boolean().default(false) }), call.body);
      const input = { deviceId: deviceId(call), userCode: body.user_code, trusted: body.trusted_device };
      const result = await execute(approveDevice, call.context, input);
      if (result.status !== "approved") throw REFUSALS[result.status]();
      return own(call);
    },
  },
  {
    method: "PUT",
    path: "/devices/{device_id}",
    permission: "device:lock",
    audit: "entry",
    handle: async (call) => {
      const { locked } = parseInput(z.object({ locked: z.boolean().nullish() }), call.body);
      const device = await ask(getDevice, call.context, { id: deviceId(call) });
      const isLocked = device.status === "locked";
      if (locked != null && locked !== isLocked) await execute(lockDevice, call.context, { deviceId: device.id, locked });
      return own(call);
    },
  },
  {
    method: "DELETE",
    path: "/devices/{device_id}",
    permission: "device:revoke",
    audit: "entry",
    handle: async (call) => {
      const device = await ask(getDevice, call.context, { id: deviceId(call) });
      return execute(deleteDevice, call.context, { deviceId: device.id });
    },
  },
];
