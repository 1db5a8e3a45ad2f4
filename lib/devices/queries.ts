import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import { userCodeHash } from "@/lib/identity/device-codes";
import { AppError } from "@/lib/kernel/errors";
import type { Fields } from "@/lib/kernel/list";
import { listInput } from "@/lib/kernel/list-input";
import { inOrder, pageOfIds } from "@/lib/kernel/page-of-ids";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import type { Device, DeviceStatus } from "./schema";

// Reading devices. A person sees their own, whoever they are; a device that waits for its first person is seen by who holds its code.

export const DEVICE_FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("d.id"), required: true },
  status: { kind: "enum", sql: sql.ref("d.status"), required: true },
  client_id: { kind: "uuid", sql: sql.ref("d.client_id"), required: true },
  trusted_device: { kind: "bool", sql: sql.ref("d.is_trusted"), required: true },
  hostname: { kind: "text", sql: sql.ref("d.host_name") },
  ip_address: { kind: "text", sql: sql.ref("d.address") },
  os: { kind: "text", sql: sql.ref("d.os") },
  python_version: { kind: "text", sql: sql.ref("d.python_version") },
  zenml_version: { kind: "text", sql: sql.ref("d.client_version") },
  expires: { kind: "time", sql: sql.ref("d.expires_at") },
  last_login: { kind: "time", sql: sql.ref("d.last_used_at") },
  failed_auth_attempts: { kind: "number", sql: sql.ref("d.failed_attempts"), required: true },
  created: { kind: "time", sql: sql.ref("d.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("d.updated_at"), required: true },
};

/** My devices in the workspace of the call, a page at a time. */
export const listDevices = defineQuery({
  name: "device.list",
  permission: "device:read",
  input: listInput,
  run: async ({ tx, actor, workspace, input }): Promise<{ total: number; items: Device[] }> => {
    const visible = sql<SqlBool>`d.principal_id = ${actor.id} and d.workspace_ref = ${workspace?.id ?? null}`;
    const { total, ids } = await pageOfIds(tx, { from: sql`device d`, id: "d.id", fields: DEVICE_FIELDS, ...input, visible });
    return { total, items: inOrder(ids, await devicesWhere(tx, sql<SqlBool>`d.id = any(${ids}::uuid[])`)) };
  },
});

/** All my devices, the newest first. */
export const myDevices = defineQuery({
  name: "device.mine",
  permission: "device:read",
  input: z.strictObject({}),
  run: async ({ tx, actor }): Promise<Device[]> => devicesWhere(tx, sql<SqlBool>`d.principal_id = ${actor.id} and d.status <> 'pending'`),
});

/** One of mine, or with its code one that waits. Error: not_found. */
export const getDevice = defineQuery({
  name: "device.get",
  permission: "workspace:read",
  input: z.strictObject({ id: z.uuid(), userCode: z.string().max(200).nullish() }),
  run: async ({ tx, actor, workspace, input }): Promise<Device> => {
    const code = input.userCode ? (userCodeHash(input.userCode) ?? null) : null;
    const waits = code ? sql<SqlBool>`(d.status = 'pending' and d.user_code_hmac = ${code})` : sql<SqlBool>`false`;
    const mine = sql<SqlBool>`(d.principal_id = ${actor.id} and d.status <> 'pending')`;
    const [device] = await devicesWhere(tx, sql<SqlBool>`d.id = ${input.id} and d.workspace_ref = ${workspace?.id ?? null} and (${mine} or ${waits})`);
    if (!device) throw new AppError("not_found", `Unable to get authorized device with ID '${input.id}': No authorized device with this ID found`);
    return device;
  },
});

/** What the approval page may say of a device whose code one lacks: nothing but its state. Error: not_found. */
export const deviceState = defineQuery({
  name: "device.state",
  permission: "workspace:read",
  input: z.strictObject({ id: z.uuid() }),
  run: async ({ tx, actor, workspace, input }) => {
    const device = await tx
      .selectFrom("device")
      .select(["status", "failed_attempts as failedAttempts", "principal_id"])
      .select(sql<boolean>`refused_at is not null`.as("isRefused"))
      .select(sql<boolean>`codes_expire_at <= clock_timestamp()`.as("isExpired"))
      .where("id", "=", input.id)
      .where("workspace_ref", "=", workspace?.id ?? "")
      .executeTakeFirst();
    if (!device) throw new AppError("not_found", "There is no such device here.");
    const { principal_id: ownerId, ...state } = device;
    return { ...state, status: state.status as DeviceStatus, isMine: ownerId === actor.id && state.status !== "pending" };
  },
});

/** Devices of a condition, the newest first: one query. */
async function devicesWhere(tx: Tx, where: RawBuilder<SqlBool>): Promise<Device[]> {
  const rows = await tx
    .selectFrom("device as d")
    .innerJoin("workspace as w", "w.id", "d.workspace_ref")
    .select(["d.id", "d.client_id as clientId", "d.principal_id as ownerId", "d.status", "d.is_trusted as isTrusted", "d.host_name as hostName"])
    .select(["d.address", "d.os", "d.python_version as pythonVersion", "d.client_version as clientVersion", "d.failed_attempts as failedAttempts"])
    .select(["d.codes_expire_at", "d.expires_at", "d.last_used_at as lastUsedAt", "d.last_used_address as lastUsedAddress", "d.approved_at as approvedAt"])
    .select(["d.created_at as createdAt", "d.updated_at as updatedAt", "w.id as workspaceId", "w.slug", "w.display_name as displayName"])
    .select(sql<boolean>`d.status = 'locked' and coalesce(d.locked_by <> d.principal_id, false)`.as("isLockedByOther"))
    .where(where)
    .orderBy("d.created_at", "desc")
    .orderBy("d.id", "desc")
    .execute();
  return rows.map(({ codes_expire_at, expires_at, workspaceId, slug, displayName, status, ...row }) => ({
    ...row,
    status: status as DeviceStatus,
    endsAt: expires_at ?? codes_expire_at,
    workspace: { id: workspaceId, slug, displayName },
  }));
}
