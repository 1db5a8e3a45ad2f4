import "server-only";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { requireUnchanged } from "@/lib/components/find-component";
import { thingName } from "@/lib/components/object-text";
import type { Actor } from "@/lib/identity/actor";
import { type CallContext, defineCommand, execute, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { notingRefusals } from "@/lib/kernel/refused-reads";
import type { Tx } from "@/lib/kernel/transaction";
import type { SecretValues } from "@/lib/secrets/schema";
import { writeVersion } from "@/lib/secrets/versions";
import { checkConnector, connectionOf, methodNamed, resourceNamed, typeNamed } from "./configuration";
import { connectorTarget, findConnector, requireFreeName, type ConnectorRow } from "./find-connector";
import { createMainKeys, mainKeysName, nextVersionOf } from "./main-keys";
import { mainKeysOf, type OpenConnector, openToChange } from "./open-connector";
import { callOf } from "./outgoing-call";
import { reachOf } from "./reach";
import type { ReachAnswer } from "./schema";
import { requireNoNext } from "./rotate-keys";
import { cappedLife, ownResource, requireImplicitRight } from "./register-connector";
import { descriptionField } from "@/lib/kernel/form-fields";

// Changes a connector. New main keys are a new version of its secret; what was issued under the old ones lives until it ends, and the ledger
// says under which version that was.

export const connectorChange = z.strictObject({
  id: z.uuid(),
  name: thingName.optional(),
  description: descriptionField.optional(),
  method: z.string().max(255).optional(),
  resourceTypes: z.array(z.string().max(255)).min(1).max(20).optional(),
  /** Null takes it away; left out it stays. */
  resourceId: z.string().max(500).nullish(),
  /** The whole: main keys that are left out, or come as they were shown, stay. */
  configuration: z.record(z.string(), z.unknown()).optional(),
  expiresAt: z.iso.datetime({ offset: true }).nullish(),
  expiresSkewSeconds: z.number().int().min(0).max(86_400).nullish(),
  expirationSeconds: z.number().int().min(1).nullish(),
  labels: z.record(z.string().max(255), z.string().max(255)).optional(),
  /** The time of the last change that the form knows. */
  basedOn: z.string().optional(),
});
type Change = z.output<typeof connectorChange>;

/** What a connector is after the change, and the main keys as they will be. Errors: bad_request, forbidden to send kept keys elsewhere. */
function changed(connector: ConnectorRow, change: Change, keys: SecretValues, isLax: boolean) {
  const type = typeNamed(connector.type);
  const method = methodNamed(type, change.method ?? connector.method);
  const { plain, secret, kept } = checkConnector(method, change.configuration ?? connector.configuration, { isLax, stored: connector });
  const all: SecretValues = { ...Object.fromEntries(kept.map((name) => [name, keys[name] ?? ""])), ...secret };
  const connection = connectionOf(method.auth_method, plain, all);
  const resourceTypes = change.resourceTypes ?? connector.resource_types;
  for (const name of resourceTypes) resourceNamed(type, name);
  return {
    type,
    connection,
    resourceTypes,
    resourceId: ownResource({ type, connection, resourceTypes }, change.resourceId === undefined ? connector.resource_id : change.resourceId),
    plain,
    all,
    keysChanged: Object.keys({ ...keys, ...all }).filter((name) => keys[name] !== all[name]),
    method: method.auth_method,
    seconds: cappedLife(method, change.expirationSeconds === undefined ? connector.expiration_seconds : change.expirationSeconds),
  };
}

const facts = (
  of: Pick<
    ConnectorRow,
    "name" | "description" | "method" | "resource_types" | "resource_id" | "configuration" | "expires_at" | "expiration_seconds" | "labels"
  >,
) => ({
  name: of.name,
  description: of.description,
  method: of.method,
  resourceTypes: of.resource_types,
  resourceId: of.resource_id,
  configuration: of.configuration,
  expiresAt: of.expires_at,
  expirationSeconds: of.expiration_seconds,
  labels: of.labels,
});

/** Errors: not_found, conflict, bad_request, forbidden, sealed. */
export const updateConnectorRow = defineCommand({
  name: "connector.updated",
  permission: "connector:update",
  input: connectorChange.extend({ isLax: z.boolean(), error: z.string().nullable(), isTried: z.boolean() }),
  scope: ({ tx, input }) => findConnector(tx, input.id, { lock: true }),
  run: async ({ tx, actor, input: { isLax, error, isTried, ...change }, target: { connector }, request, now }) => {
    requireUnchanged(connector, change.basedOn);
    requireImplicitRight(change.method ?? connector.method, actor, connector.workspace_id, "change");
    const name = change.name ?? connector.name;
    if (name !== connector.name) await requireFreeName(tx, connector.workspace_id, name);
    const { version, values } = await mainKeysOf(tx, actor.organizationId, connector);
    const next = changed(connector, change, values, isLax);
    const after = {
      name,
      description: change.description ?? connector.description,
      method: next.method,
      resource_types: [...next.resourceTypes],
      resource_id: next.resourceId,
      configuration: next.plain,
      expires_at: change.expiresAt === undefined ? connector.expires_at : change.expiresAt,
      expiration_seconds: next.seconds,
      labels: change.labels ?? connector.labels,
    };
    const isSame = isDeepStrictEqual(facts(connector), facts(after)) && next.keysChanged.length === 0;
    if (isSame && !isTried) return { result: connector.id, audit: UNCHANGED };
    if (next.keysChanged.length > 0) requireNoNext(connector);
    const newVersion =
      next.keysChanged.length > 0 ? await writeKeys(tx, actor, connector, { version, values: next.all, requestId: request.requestId, now }) : version;
    const trial = isTried
      ? { verified_at: error ? connector.verified_at : now, last_error: error, last_error_at: error ? now : null }
      : isSame
        ? {}
        : { verified_at: null };
    await tx
      .updateTable("connector")
      .set({
        ...after,
        configuration: JSON.stringify(after.configuration),
        labels: JSON.stringify(after.labels),
        secret_keys: Object.keys(next.all),
        expires_skew_seconds: change.expiresSkewSeconds === undefined ? connector.expires_skew_seconds : change.expiresSkewSeconds,
        updated_at: now,
        ...trial,
      })
      .where("id", "=", connector.id)
      .execute();
    return {
      result: connector.id,
      audit: {
        target: { type: "connector", id: connector.id, name },
        before: facts(connector),
        after: { ...facts(after), ...(next.keysChanged.length > 0 ? { mainKeysChanged: next.keysChanged, version: newVersion } : {}) },
      },
    };
  },
});

type Keys = { version: number | null; values: SecretValues; requestId: string; now: string };

/** The new version of the main keys; a secret of their own where there was none. */
async function writeKeys(tx: Tx, actor: Actor, connector: ConnectorRow, { version, values, requestId, now }: Keys): Promise<number> {
  const at = { organizationId: actor.organizationId, workspaceId: connector.workspace_id, createdBy: actor.id, requestId };
  if (!connector.secret_id || version === null) {
    const id = await createMainKeys(tx, { ...at, name: mainKeysName(connector.id), now }, values);
    await tx.updateTable("connector").set({ secret_id: id }).where("id", "=", connector.id).execute();
    return 1;
  }
  const next = await nextVersionOf(tx, connector.secret_id);
  await writeVersion(tx, { workspaceId: connector.workspace_id, secretId: connector.secret_id, version: next }, { ...at, values });
  await tx
    .updateTable("secret")
    .set({ version: next, key_names: Object.keys(values), updated_at: now, rotated_at: now })
    .where("id", "=", connector.secret_id)
    .execute();
  return next;
}

/** How a connector would be after the change, for trying it. */
function opened(open: OpenConnector, change: Change, isLax: boolean) {
  const keys = Object.fromEntries(open.connector.secret_keys.map((name) => [name, String(open.connection.values[name] ?? "")]));
  return changed(open.connector, change, keys, isLax);
}

/** Tries a change that is not made: its keys may be those that the connector holds. Errors: as `updateConnector`. */
export async function tryChange(context: CallContext, change: Change, { isLax, lists }: { isLax: boolean; lists: boolean }): Promise<ReachAnswer> {
  const open = await ask(openToChange, context, { id: change.id });
  // That kept keys are sent nowhere else is a denial in the trail also where nothing is changed yet.
  const wanted = await notingRefusals(context, updateConnectorRow.name, connectorTarget(open.connector), () => opened(open, change, isLax));
  return reachOf(wanted, callOf(open.networks), { lists });
}

/**
 * Changes a connector. `tries`: "must" refuses a change that can't be verified, "skip" tries nothing. Errors: not_found; forbidden; conflict;
 * bad_request by field or with what the other side refused; sealed.
 */
export async function updateConnector(
  context: CallContext,
  change: z.input<typeof connectorChange>,
  { isLax, tries }: { isLax: boolean; tries: "must" | "skip" },
): Promise<string> {
  const reach = tries === "must" ? await tryChange(context, connectorChange.parse(change), { isLax, lists: false }) : null;
  if (reach?.error) throw new AppError("bad_request", `Nothing was changed: ${reach.error}`, { reason: "not_verified" });
  return execute(updateConnectorRow, context, { ...change, isLax, error: null, isTried: reach !== null });
}
