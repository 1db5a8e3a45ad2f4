import "server-only";
import { z } from "zod";
import { heldMark, typeNamed } from "@/lib/connectors/configuration";
import type { IssuedCredential } from "@/lib/connectors/issue-credential";
import type { ConnectorView } from "@/lib/connectors/queries";
import type { ReachAnswer } from "@/lib/connectors/schema";
import type { ConnectorWish } from "@/lib/connectors/register-connector";
import { connectorType } from "@/lib/providers/connectors/catalogue";
import { wireTime } from "./bodies";
import { typeModel } from "./connector-types";
import { type Envelope, entity, naive, times, utc } from "./respond";
import { nestedUser } from "./users";

// Connectors as clients send and read them. Main keys are in no answer: who may change a connector gets marks in their place, which keep them
// when they come back.

const typeName = z.union([z.string(), z.object({ connector_type: z.string() }).transform((type) => type.connector_type)]);
const texts = z.record(z.string(), z.string());

export const newConnector = z.object({
  name: z.string(),
  connector_type: typeName,
  description: z.string().nullish(),
  auth_method: z.string(),
  resource_types: z.array(z.string()).nullish(),
  resource_id: z.string().nullish(),
  expires_at: wireTime.nullish(),
  expires_skew_tolerance: z.number().int().nullish(),
  expiration_seconds: z.number().int().nullish(),
  configuration: z.record(z.string(), z.unknown()).nullish(),
  labels: texts.nullish(),
});
export const changedConnector = newConnector.partial();

const momentOf = (time: string | null | undefined): string | null => (time ? utc(time.replace(" ", "T")) : null);

export const wishOf = (body: z.output<typeof newConnector>): ConnectorWish => ({
  name: body.name,
  description: body.description ?? "",
  type: body.connector_type,
  method: body.auth_method,
  resourceTypes: body.resource_types ?? [],
  resourceId: body.resource_id ?? null,
  configuration: body.configuration ?? {},
  expiresAt: momentOf(body.expires_at),
  expiresSkewSeconds: body.expires_skew_tolerance ?? null,
  expirationSeconds: body.expiration_seconds ?? null,
  labels: body.labels ?? {},
});

/** As recorded: resource id and life that are left out are taken away. */
export const changeOf = (id: string, body: z.output<typeof changedConnector>) => ({
  id,
  name: body.name ?? undefined,
  description: body.description ?? undefined,
  method: body.auth_method ?? undefined,
  resourceTypes: body.resource_types && body.resource_types.length > 0 ? body.resource_types : undefined,
  resourceId: body.resource_id ?? null,
  configuration: body.configuration ?? undefined,
  expiresAt: body.expires_at === undefined ? undefined : momentOf(body.expires_at),
  expiresSkewSeconds: body.expires_skew_tolerance === undefined ? undefined : body.expires_skew_tolerance,
  expirationSeconds: body.expiration_seconds ?? null,
  labels: body.labels ?? undefined,
});

/** Whether one connector reaches many resources of its type. */
const isForMany = (type: string, resourceTypes: readonly string[]): boolean =>
  resourceTypes.length === 1 && (connectorType(type)?.resource_types.find((one) => one.resource_type === resourceTypes[0])?.supports_instances ?? false);

const body = (view: ConnectorView) => ({
  ...times(view),
  user_id: view.created_by,
  description: view.description,
  auth_method: view.method,
  resource_types: view.resource_types,
  resource_id: view.resource_id,
  supports_instances: isForMany(view.type, view.resource_types),
  expires_at: view.expires_at,
  expires_skew_tolerance: view.expires_skew_seconds,
});

/** Inside a component. */
export const nestedConnector = (view: ConnectorView): Envelope => entity({ id: view.id, name: view.name, body: { ...body(view), connector_type: view.type } });

export function connectorEntity(view: ConnectorView, { hydrate, isChanger = false }: { hydrate: boolean; isChanger?: boolean }): Envelope {
  const held = isChanger ? Object.fromEntries(view.secret_keys.map((name) => [name, heldMark(view.id)])) : {};
  return entity({
    id: view.id,
    name: view.name,
    body: { ...body(view), connector_type: typeModel(typeNamed(view.type)) },
    metadata: hydrate ? { configuration: { ...view.configuration, ...held }, expiration_seconds: view.expiration_seconds, labels: view.labels } : null,
    resources: { user: nestedUser(view.owner) },
  });
}

/** A connector that holds what was issued: what a client uses in the place of the one on the server. */
export function clientEntity(view: ConnectorView, { issued, target }: IssuedCredential, now: string): Envelope {
  const of = [target.resourceType, target.resourceId].filter(Boolean).join(" | ");
  const resourceTypes = [target.resourceType];
  const isMany = issued.type === view.type && isForMany(view.type, resourceTypes);
  return entity({
    id: view.id,
    name: `${view.name} (${of} client)`,
    body: {
      ...body(view),
      created: naive(now),
      updated: naive(now),
      connector_type: typeModel(typeNamed(issued.type)),
      auth_method: issued.method,
      resource_types: resourceTypes,
      resource_id: issued.type === view.type ? target.resourceId : null,
      supports_instances: isMany,
      expires_at: issued.expiresAt?.toISOString() ?? view.expires_at,
      expires_skew_tolerance: view.expires_skew_seconds,
    },
    metadata: { configuration: issued.values, expiration_seconds: null, labels: {} },
    resources: { user: nestedUser(view.owner) },
  });
}

export const resourcesModel = (of: { id: string | null; name: string | null; type: string }, answer: ReachAnswer) => ({
  id: of.id,
  name: of.name,
  connector_type: typeModel(typeNamed(of.type)),
  resources: answer.resources.map(({ resourceType, resourceIds, error }) => ({ resource_type: resourceType, resource_ids: resourceIds, error })),
  error: answer.error,
});
