import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { type CallContext, defineCommand, execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { ask, defineQuery } from "@/lib/kernel/query";
import { settleLater } from "@/lib/secret-stores/copies";
import type { SecretValues } from "@/lib/secrets/schema";
import { readVersion, writeVersion } from "@/lib/secrets/versions";
import { networksOf } from "@/lib/workspaces/networks-of";
import { checkConnector, connectionOf, methodNamed, typeNamed } from "./configuration";
import { type ConnectorRow, findConnector } from "./find-connector";
import { nextVersionOf } from "./main-keys";
import { mainKeysOf } from "./open-connector";
import { callOf } from "./outgoing-call";
import { reachOf } from "./reach";
import { requireImplicitRight } from "./register-connector";
import { emptyVersions } from "@/lib/secrets/empty-versions";

// Rotation with overlap: the new main keys rest beside the old ones, which hold until the other side has accepted the new; then the new hold
// and the values of the old are destroyed here. What is not accepted waits, and is tried again or dropped.

const target = (connector: ConnectorRow) => ({ type: "connector", id: connector.id, name: connector.name });
const NOTHING_NEXT = { next_version: null, next_error: null, next_since: null, next_by: null };

/** Error: conflict when no new keys wait. */
function requireNext(connector: ConnectorRow): { secretId: string; version: number } {
  if (connector.secret_id && connector.next_version !== null) return { secretId: connector.secret_id, version: connector.next_version };
  throw new AppError("conflict", "No new keys of this connector wait.", { reason: "no_rotation" });
}

/** Error: conflict while new keys wait. */
export function requireNoNext(connector: Pick<ConnectorRow, "next_version">): void {
  if (connector.next_version === null) return;
  throw new AppError("conflict", "New keys of this connector wait to be accepted.", { fix: "Try them again, or drop them first.", reason: "rotation_waits" });
}

/** Writes the new keys beside those that hold. Errors: not_found; conflict while others wait; bad_request by field; sealed. */
export const beginRotation = defineCommand({
  name: "connector.rotation-begun",
  permission: "connector:update",
  input: z.strictObject({ id: z.uuid(), keys: z.record(z.string(), z.string()), expiresAt: z.iso.datetime({ offset: true }).nullish() }),
  scope: ({ tx, input }) => findConnector(tx, input.id, { lock: true }),
  run: async ({ tx, actor, input: { keys, expiresAt }, target: { connector }, request, now }) => {
    requireNoNext(connector);
    requireImplicitRight(connector.method, actor, connector.workspace_id, "change");
    const method = methodNamed(typeNamed(connector.type), connector.method);
    const values: SecretValues = (await mainKeysOf(tx, actor.organizationId, connector)).values;
    const { plain, secret, kept } = checkConnector(method, { ...connector.configuration, ...keys }, { isLax: false, stored: connector });
    const changed = Object.keys(secret).filter((name) => secret[name] !== values[name]);
    const isMoved = Object.keys(keys).some((name) => Object.hasOwn(plain, name));
    if (!connector.secret_id || changed.length === 0 || isMoved)
      throw new AppError("bad_request", isMoved ? "A rotation changes keys alone." : "None of the keys is new.", {
        fields: Object.fromEntries(connector.secret_keys.slice(0, 1).map((name) => [name, "Enter a new value."])),
        reason: "nothing_new",
      });
    const version = await nextVersionOf(tx, connector.secret_id);
    const all = { ...Object.fromEntries(kept.map((name) => [name, values[name] ?? ""])), ...secret };
    const at = { organizationId: actor.organizationId, createdBy: actor.id, requestId: request.requestId, values: all };
    await writeVersion(tx, { workspaceId: connector.workspace_id, secretId: connector.secret_id, version }, at);
    await tx
      .updateTable("connector")
      .set({ next_version: version, next_error: null, next_since: now, next_by: actor.id, next_expires_at: expiresAt ?? null, updated_at: now })
      .where("id", "=", connector.id)
      .execute();
    return { result: version, audit: { target: target(connector), after: { mainKeys: changed, version, expiresAt: expiresAt ?? null } } };
  },
});

/** The connector as it will be with the keys that wait. Errors: not_found; conflict when none wait; sealed. */
export const openNext = defineQuery({
  name: "connector.next",
  permission: "connector:update",
  input: z.strictObject({ id: z.uuid() }),
  scope: ({ tx, input }) => findConnector(tx, input.id),
  run: async ({ tx, actor, target: { connector } }) => {
    const { secretId, version } = requireNext(connector);
    const values = await readVersion(tx, actor.organizationId, { workspaceId: connector.workspace_id, secretId, version });
    return {
      version,
      networks: await networksOf(tx, connector.workspace_id),
      type: typeNamed(connector.type),
      connection: connectionOf(connector.method, connector.configuration, values),
      resourceTypes: connector.resource_types,
      resourceId: connector.resource_id,
    };
  },
});

/** Keeps what came of trying the keys that wait: accepted, they hold, and the old ones end here. Errors: not_found; conflict when others wait. */
export const endRotation = defineCommand({
  name: "connector.keys-tried",
  permission: "connector:update",
  input: z.strictObject({ id: z.uuid(), version: z.number().int(), error: z.string().max(1_000).nullable() }),
  scope: ({ tx, input }) => findConnector(tx, input.id, { lock: true }),
  run: async ({ tx, input: { version, error }, target: { connector }, now }) => {
    const next = requireNext(connector);
    if (next.version !== version) throw new AppError("conflict", "Other new keys wait by now.", { reason: "rotation_waits" });
    if (error) {
      await tx.updateTable("connector").set({ next_error: error }).where("id", "=", connector.id).execute();
      return { result: false, audit: { target: target(connector), after: { version, accepted: false, error } } };
    }
    const { rows } = await sql<{ version: number; key_names: string[] }>`
      select s.version, v.key_names from secret s join secret_version v on v.secret_id = s.id and v.version = ${version} where s.id = ${next.secretId}`.execute(
      tx,
    );
    const [was] = rows;
    if (!was) throw new AppError("conflict", "The new keys are gone.", { reason: "no_rotation" });
    await tx.updateTable("secret").set({ version, key_names: was.key_names, rotated_at: now, updated_at: now }).where("id", "=", next.secretId).execute();
    await emptyVersions(tx, "secret_version", next.secretId, now, was.version);
    await tx
      .updateTable("connector")
      .set({
        ...NOTHING_NEXT,
        secret_keys: was.key_names,
        expires_at: connector.next_expires_at,
        next_expires_at: null,
        verified_at: now,
        last_error: null,
        last_error_at: null,
        updated_at: now,
      })
      .where("id", "=", connector.id)
      .execute();
    return {
      result: true,
      queue: await settleLater(tx, { id: next.secretId, workspace_id: connector.workspace_id }),
      audit: {
        target: target(connector),
        before: { version: was.version, expiresAt: connector.expires_at },
        after: { version, accepted: true, destroyed: was.version, expiresAt: connector.next_expires_at },
      },
    };
  },
});

/** Drops the keys that wait: those that hold go on. Errors: not_found; conflict when none wait. */
export const dropRotation = defineCommand({
  name: "connector.rotation-dropped",
  permission: "connector:update",
  input: z.strictObject({ id: z.uuid() }),
  scope: ({ tx, input }) => findConnector(tx, input.id, { lock: true }),
  run: async ({ tx, target: { connector }, now }) => {
    const { secretId, version } = requireNext(connector);
    await emptyVersions(tx, "secret_version", secretId, now, version);
    await tx
      .updateTable("connector")
      .set({ ...NOTHING_NEXT, next_expires_at: null, updated_at: now })
      .where("id", "=", connector.id)
      .execute();
    const queue = await settleLater(tx, { id: secretId, workspace_id: connector.workspace_id });
    return { result: null, queue, audit: { target: target(connector), before: { version } } };
  },
});

export type Rotated = { isAccepted: boolean; error: string | null };

/** Tries the keys that wait, and lets them hold when they are accepted. Errors: not_found, forbidden, conflict, sealed. */
export async function tryNext(context: CallContext, id: string): Promise<Rotated> {
  const { version, networks, ...open } = await ask(openNext, context, { id });
  const { error } = await reachOf(open, callOf(networks), { lists: false });
  const isAccepted = await execute(endRotation, context, { id, version, error: error?.slice(0, 1_000) ?? null });
  return { isAccepted, error };
}

/** Gives a connector new main keys. Errors: as `beginRotation`; what the other side refuses is part of the answer, and the new keys wait then. */
export async function rotateKeys(context: CallContext, wish: z.input<typeof beginRotation.input>): Promise<Rotated> {
  await execute(beginRotation, context, wish);
  return tryNext(context, wish.id);
}
