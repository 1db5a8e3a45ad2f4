import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { sameHash } from "@/lib/identity/api-key";
import type { Actor } from "@/lib/identity/actor";
import { normalUserCode, userCodeHash } from "@/lib/identity/device-codes";
import { refuseEmergency } from "@/lib/identity/emergency-session";
import { absolve, charge, sourceOf, type ThrottleKey } from "@/lib/identity/throttle";
import { defineCommand, type Outcome, UNCHANGED, type Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { booleanField } from "@/lib/kernel/form-fields";
import type { RequestContext } from "@/lib/kernel/request";
import { inScope, type Tx } from "@/lib/kernel/transaction";
import { type ApprovalResult, type CodeCheck, WRONG_CODES } from "./schema";

// A person lets a command line act as them, knowing what it is: with the code that the command line shows, from a browser or with a
// password token, in a workspace that they can read. A wrong code counts; the third one locks the device.

const input = z.strictObject({ deviceId: z.uuid(), userCode: z.string().max(200), trusted: booleanField.default(false) });

type Pending = Awaited<ReturnType<typeof pendingDevice>>;

const scope = async ({ tx, actor, input, workspace }: { tx: Tx; actor: Actor; input: { deviceId: string }; workspace: Workspace }) => ({
  workspaceId: workspace.id,
  ownerId: actor.id,
  thing: { type: "device", id: input.deviceId, name: (await pendingDevice(tx, workspace.id, input.deviceId)).host_name },
});

const factsOf = (device: Pending) => ({ hostName: device.host_name, address: device.address, os: device.os, clientVersion: device.client_version });

/** Approves a pending device. Error: not_found; forbidden for keys, tokens and devices. What else can happen is in the result. */
export const approveDevice = defineCommand({
  name: "device.approved",
  permission: "workspace:read",
  input,
  scope,
  run: async ({ tx, actor, input, workspace, request }) => {
    await requirePerson(tx, actor);
    const device = await pendingDevice(tx, workspace.id, input.deviceId);
    const refused = await tryCode(tx, device, input.userCode, actor, request);
    if (refused) return refused;
    await tx
      .updateTable("device")
      .set({
        status: "verified",
        principal_id: actor.id,
        is_trusted: input.trusted,
        failed_attempts: 0,
        user_code_hmac: null,
        approved_at: sql<string>`clock_timestamp()`,
        approved_address: request.address,
        updated_at: sql<string>`clock_timestamp()`,
      })
      .where("id", "=", device.id)
      .execute();
    const result: ApprovalResult = { status: "approved", deviceId: device.id, hostName: device.host_name };
    const target = { type: "device", id: device.id, name: device.host_name };
    return { result, audit: { target, after: { ...factsOf(device), trusted: input.trusted, workspace: workspace.slug } } };
  },
});

/** Tries a typed code, before anything is said of the device. A wrong one counts as it does in an approval. Error: not_found. */
export const checkDeviceCode = defineCommand({
  name: "device.code-checked",
  permission: "workspace:read",
  input: input.omit({ trusted: true }),
  scope,
  run: async ({ tx, actor, input, workspace, request }): Promise<Outcome<CodeCheck>> => {
    const device = await pendingDevice(tx, workspace.id, input.deviceId);
    const refused = await tryCode(tx, device, input.userCode, actor, request);
    if (refused) return refused;
    return { result: { status: "right_code", userCode: normalUserCode(input.userCode) }, audit: UNCHANGED };
  },
});

/** Undefined for the right code; otherwise what became of the try, with its entry. Must be committed. */
async function tryCode(tx: Tx, device: Pending, userCode: string, actor: Actor, request: RequestContext) {
  const target = { type: "device", id: device.id, name: device.host_name };
  const refused = (result: ApprovalResult, reason: string) => ({ result, audit: { target, outcome: "denied" as const, reason, after: factsOf(device) } });
  for (const key of guessKeys(actor.id, request.address)) if ((await charge(key, tx)) > 0) return refused({ status: "throttled" }, "throttled");
  const offered = userCodeHash(userCode);
  if (device.status === "locked") return refused({ status: "locked" }, "locked_device");
  if (device.status !== "pending" || device.refused_at) return refused({ status: "used" }, "used_code");
  if (device.is_expired) return refused({ status: "expired" }, "expired_code");
  if (!offered || !device.user_code_hmac || !sameHash(device.user_code_hmac, offered)) {
    const failed = device.failed_attempts + 1;
    const isLast = failed >= WRONG_CODES;
    await tx
      .updateTable("device")
      .set({ failed_attempts: failed, ...(isLast ? { status: "locked" } : {}), updated_at: sql<string>`clock_timestamp()` })
      .where("id", "=", device.id)
      .execute();
    return isLast ? refused({ status: "locked" }, "wrong_code_locked") : refused({ status: "wrong_code", triesLeft: WRONG_CODES - failed }, "wrong_code");
  }
  for (const key of guessKeys(actor.id, request.address)) await absolve(key, tx);
  return undefined;
}

/** Devices are approved by people, in the browser or with a password token: a key or a device must not make itself a companion. */
async function requirePerson(tx: Tx, actor: Actor): Promise<void> {
  if (actor.kind !== "user" || (actor.credential.kind !== "session" && actor.credential.kind !== "password"))
    throw new AppError("forbidden", "A device is approved in the browser, by a person.", { reason: "not_by_this_credential" });
  await refuseEmergency(tx, actor);
}

const guessKeys = (personId: string, address: string | null): ThrottleKey[] => [
  { kind: "code", name: `person ${personId}` },
  { kind: "code", name: `source ${sourceOf(address)}` },
];

/** The device for this decision alone: a second approval waits and finds it used. Error: not_found. */
export async function pendingDevice(tx: Tx, workspaceId: string, id: string) {
  const device = await tx
    .selectFrom("device")
    .select(["id", "status", "host_name", "address", "os", "client_version", "user_code_hmac", "failed_attempts", "refused_at", "principal_id"])
    .select(sql<boolean>`codes_expire_at is null or codes_expire_at <= clock_timestamp()`.as("is_expired"))
    .where("id", "=", id)
    .where("workspace_ref", "=", workspaceId)
    .forUpdate()
    .executeTakeFirst();
  if (!device) throw new AppError("not_found", `Unable to get authorized device with ID '${id}': No authorized device with this ID found`);
  return device;
}

/**
 * Somebody without access to the workspace holds the right code: they are refused, and so is the device, whose client would otherwise
 * wait for the code's end (DEV-8). A wrong code changes nothing.
 */
export async function refuseForeignApproval(
  workspace: Workspace,
  actor: Actor,
  request: RequestContext,
  given: { deviceId: string; userCode: string },
): Promise<void> {
  const offered = userCodeHash(given.userCode);
  if (!offered) return;
  await inScope([], async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable("device")
      .set({ refused_at: sql<string>`clock_timestamp()`, user_code_hmac: null, updated_at: sql<string>`clock_timestamp()` })
      .where("id", "=", given.deviceId)
      .where("workspace_ref", "=", workspace.id)
      .where("status", "=", "pending")
      .where("user_code_hmac", "=", offered)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return;
    await recordAudit(tx, { actor, request, workspaceId: workspace.id, action: "device.approved", outcome: "denied" }, [
      { target: { type: "device", id: given.deviceId }, reason: "no_workspace_access" },
    ]);
  });
}
