import "server-only";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import type { Actor } from "@/lib/identity/actor";
import { thingName } from "@/lib/components/object-text";
import { sameAgain } from "@/lib/kernel/ask-outside";
import { type CallContext, defineCommand, execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { ask, defineQuery } from "@/lib/kernel/query";
import { networksOf } from "@/lib/workspaces/networks-of";
import { canonicalOf, checkConnector, connectionOf, methodNamed, resourceNamed, typeNamed } from "./configuration";
import { requireFreeName } from "./find-connector";
import { limitsOf } from "./lifetime";
import { createMainKeys, mainKeysName } from "./main-keys";
import { callOf } from "./outgoing-call";
import { reachOf } from "./reach";
import type { ReachAnswer } from "./schema";
import { descriptionField } from "@/lib/kernel/form-fields";

// Registering: checked, tried outside unless that is skipped, then written. What was skipped or failed is marked on the connector.

export const connectorWish = z.strictObject({
  name: thingName,
  description: descriptionField.default(""),
  type: z.string().max(255),
  method: z.string().max(255),
  resourceTypes: z.array(z.string().max(255)).max(20).default([]),
  resourceId: z.string().max(500).nullish(),
  configuration: z.record(z.string(), z.unknown()),
  expiresAt: z.iso.datetime({ offset: true }).nullish(),
  expiresSkewSeconds: z.number().int().min(0).max(86_400).nullish(),
  expirationSeconds: z.number().int().min(1).nullish(),
  labels: z.record(z.string().max(255), z.string().max(255)).default({}),
});
export type ConnectorWish = z.input<typeof connectorWish>;

/** What a wish comes to: checked, split, its resource in its one spelling, its life within what the cloud allows (SEC-10). */
export function checkedWish(input: z.output<typeof connectorWish>, isLax: boolean) {
  const type = typeNamed(input.type);
  const method = methodNamed(type, input.method);
  const { plain, secret } = checkConnector(method, input.configuration, { isLax });
  const resourceTypes = input.resourceTypes.length > 0 ? [...new Set(input.resourceTypes)] : type.resource_types.map((one) => one.resource_type);
  for (const name of resourceTypes) resourceNamed(type, name);
  const connection = connectionOf(input.method, plain, secret);
  return {
    type,
    method,
    plain,
    secret,
    connection,
    resourceTypes,
    resourceId: ownResource({ type, connection, resourceTypes }, input.resourceId),
    seconds: cappedLife(method, input.expirationSeconds),
  };
}

/** Error: bad_request for a resource of a connector for several types. */
export function ownResource(
  reach: { type: ReturnType<typeof typeNamed>; connection: ReturnType<typeof connectionOf>; resourceTypes: readonly string[] },
  id: string | null | undefined,
) {
  if (!id) return null;
  const [only] = reach.resourceTypes;
  if (reach.resourceTypes.length !== 1 || !only)
    throw new AppError("bad_request", "A connector for one resource is for one type of resources too.", {
      fields: { resourceId: "Choose one type of resources first." },
    });
  return canonicalOf(reach, only, id);
}

export function cappedLife(method: ReturnType<typeof methodNamed>, seconds: number | null | undefined): number | null {
  const limits = limitsOf(method);
  return seconds == null || !limits ? null : Math.max(limits.min, Math.min(seconds, limits.max));
}

/** An implicit connector acts as the machine that Reeve runs on: for those who may change every connector of the workspace. Error: forbidden. */
export function requireImplicitRight(method: string, actor: Actor, workspaceId: string, what: "register" | "change"): void {
  if (method === "implicit" && !can(actor, "connector:update", { workspaceId }).allowed)
    throw new AppError("forbidden", `An implicit connector acts as the server itself, so only those who may change all connectors can ${what} one.`, {
      reason: "implicit_method",
    });
}

/** Says whether the wish can be registered, before anything is called: right, name, configuration. Errors: as `registerConnector`. */
export const checkNewConnector = defineQuery({
  name: "connector.check",
  permission: "connector:create",
  input: z.strictObject({ wish: connectorWish, isLax: z.boolean(), isNew: z.boolean() }),
  scope: ({ actor, workspace }) => ({ workspaceId: workspace?.id, ownerId: actor.id }),
  run: async ({ tx, actor, input: { wish, isLax, isNew }, workspace }) => {
    const workspaceId = workspace?.id ?? "";
    if (isNew) await requireFreeName(tx, workspaceId, wish.name);
    requireImplicitRight(wish.method, actor, workspaceId, "register");
    return { ...checkedWish(wish, isLax), networks: await networksOf(tx, workspaceId) };
  },
});

/** Writes a connector that was tried, or not. Errors: conflict for a taken name, bad_request, forbidden, sealed. */
export const createConnector = defineCommand({
  name: "connector.created",
  permission: "connector:create",
  input: z.strictObject({ wish: connectorWish, isLax: z.boolean(), error: z.string().nullable(), isTried: z.boolean() }),
  scope: ({ actor, workspace }) => ({ workspaceId: workspace.id, ownerId: actor.id }),
  run: async ({ tx, actor, input: { wish, isLax, error, isTried }, workspace, request, now }) => {
    await requireFreeName(tx, workspace.id, wish.name);
    requireImplicitRight(wish.method, actor, workspace.id, "register");
    const { plain, secret, resourceTypes, resourceId, seconds } = checkedWish(wish, isLax);
    const id = sameAgain(tx, `connector ${wish.name}`, newId);
    const at = {
      organizationId: actor.organizationId,
      workspaceId: workspace.id,
      name: mainKeysName(id),
      createdBy: actor.id,
      requestId: request.requestId,
      now,
    };
    await tx
      .insertInto("connector")
      .values({
        id,
        workspace_id: workspace.id,
        name: wish.name,
        type: wish.type,
        method: wish.method,
        description: wish.description,
        resource_types: resourceTypes,
        resource_id: resourceId,
        configuration: JSON.stringify(plain),
        secret_id: await createMainKeys(tx, at, secret),
        secret_keys: Object.keys(secret),
        expires_at: wish.expiresAt ?? null,
        expires_skew_seconds: wish.expiresSkewSeconds ?? null,
        expiration_seconds: seconds,
        labels: JSON.stringify(wish.labels),
        verified_at: isTried && !error ? now : null,
        last_error: isTried ? error : null,
        last_error_at: isTried && error ? now : null,
        created_by: actor.id,
        created_at: now,
        updated_at: now,
      })
      .execute();
    return {
      result: id,
      audit: {
        target: { type: "connector", id, name: wish.name },
        after: {
          name: wish.name,
          type: wish.type,
          method: wish.method,
          resourceTypes,
          resourceId,
          configuration: plain,
          mainKeys: Object.keys(secret),
          expirationSeconds: seconds,
          verified: isTried && !error,
        },
      },
    };
  },
});

export type Registered = { id: string; reach: ReachAnswer | null };

/**
 * Registers a connector. `tries`: "must" refuses what can't be verified, "may" marks it, "skip" tries nothing. Errors: bad_request with what
 * the other side refused or by field; conflict; forbidden; sealed.
 */
export async function registerConnector(
  context: CallContext,
  wish: ConnectorWish,
  { isLax, tries }: { isLax: boolean; tries: "must" | "may" | "skip" },
): Promise<Registered> {
  const checked = await ask(checkNewConnector, context, { wish, isLax, isNew: true });
  const reach = tries === "skip" ? null : await reachOf(checked, callOf(checked.networks), { lists: tries === "must" });
  if (reach?.error && tries === "must") throw new AppError("bad_request", `The connector was not registered: ${reach.error}`, { reason: "not_verified" });
  const id = await execute(createConnector, context, { wish, isLax, error: reach?.error ?? null, isTried: reach !== null });
  return { id, reach };
}

/** Tries what is not registered. Errors: as above, but for what goes wrong outside. */
export async function tryConnector(context: CallContext, wish: ConnectorWish, { isLax, lists }: { isLax: boolean; lists: boolean }): Promise<ReachAnswer> {
  const checked = await ask(checkNewConnector, context, { wish, isLax, isNew: false });
  return reachOf(checked, callOf(checked.networks), { lists });
}
