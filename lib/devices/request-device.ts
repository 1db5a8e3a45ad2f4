import "server-only";
import { sql } from "kysely";
import { mintDeviceCodes, deviceCodeHash, userCodeHash } from "@/lib/identity/device-codes";
import { absolve, charge, sourceOf, type ThrottleKey } from "@/lib/identity/throttle";
import type { Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { RequestContext } from "@/lib/kernel/request";
import { inScope } from "@/lib/kernel/transaction";
import { PENDING_MINUTES } from "./schema";

// The first step of a device login: a client that nobody knows yet asks for codes. No entry in the trail, as nobody has acted: the
// approval names the device. One row per client of a workspace, locked ones apart, and few open requests per source (DEV-12).

export const POLL_INTERVAL_S = 5;

export type DeviceFacts = { hostName: string | null; os: string | null; pythonVersion: string | null; clientVersion: string | null };

/** What the client says of itself, as it writes it: `Host/mbp ZenML/0.98.0 Python/3.11.7 OS/Darwin`. Never used for a decision. */
export function deviceFacts(userAgent: string | null): DeviceFacts {
  const part = (name: string) => {
    const value = new RegExp(`(?:^|\\s)${name}/([^\\s\\p{C}]{1,100})`, "u").exec(userAgent ?? "")?.[1];
    return value ?? null;
  };
  return { hostName: part("Host"), os: part("OS"), pythonVersion: part("Python"), clientVersion: part("ZenML") };
}

/** The key of a source's open requests: each one is charged, a sign-in takes it back. */
export const requestKey = (address: string | null): ThrottleKey => ({ kind: "device_request", name: sourceOf(address) });

export type DeviceCodes = { deviceId: string; userCode: string; deviceCode: string; expiresInS: number; intervalS: number };

/**
 * Gives a client its codes; a device it had before in this workspace waits anew, and its tokens end. A locked device stays as it is, as
 * nobody has proved anything here: the client gets a new one beside it. Error: too_many_requests.
 */
export async function requestDevice(workspace: Workspace, clientId: string, request: RequestContext): Promise<DeviceCodes> {
  const waitS = await charge(requestKey(request.address));
  if (waitS > 0)
    throw new AppError("too_many_requests", `Too many logins wait for an approval from here. Try again in ${waitS} seconds.`, { reason: "throttled" });
  const { userCode, deviceCode } = mintDeviceCodes();
  const facts = deviceFacts(request.userAgent);
  const row = await inScope([], (tx) =>
    tx
      .insertInto("device")
      .values({ id: newId(), organization_id: workspace.organizationId, workspace_ref: workspace.id, client_id: clientId, ...fresh() })
      .onConflict((conflict) =>
        conflict
          .columns(["workspace_ref", "client_id"])
          .where(sql<boolean>`status <> 'locked'`)
          .doUpdateSet((eb) => ({ ...fresh(), generation: eb("device.generation", "+", 1), updated_at: sql<string>`clock_timestamp()` })),
      )
      .returning("id")
      .executeTakeFirstOrThrow(),
  );
  return { deviceId: row.id, userCode, deviceCode, expiresInS: PENDING_MINUTES * 60, intervalS: POLL_INTERVAL_S };

  function fresh() {
    return {
      status: "pending",
      user_code_hmac: userCodeHash(userCode) ?? null,
      device_code_hmac: deviceCodeHash(deviceCode) ?? null,
      codes_expire_at: sql<string>`clock_timestamp() + make_interval(mins => ${PENDING_MINUTES})`,
      failed_attempts: 0,
      interval_s: POLL_INTERVAL_S,
      last_poll_at: null,
      refused_at: null,
      is_trusted: false,
      expires_at: null,
      approved_at: null,
      approved_address: null,
      address: request.address,
      host_name: facts.hostName,
      os: facts.os,
      python_version: facts.pythonVersion,
      client_version: facts.clientVersion,
    };
  }
}

/** Takes back the charge of a request that ended in a sign-in. */
export const settleRequest = (address: string | null): Promise<void> => absolve(requestKey(address));
