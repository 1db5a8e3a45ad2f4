import "server-only";
import { checkConfiguration, isSecretField, type JsonSchema } from "@/lib/flavors/config-schema";
import { AppError } from "@/lib/kernel/errors";
import { type AuthMethod, type ConnectorType, connectorType, type ResourceType } from "@/lib/providers/connectors/catalogue";
import type { Connection, Target, Value } from "@/lib/providers/connectors/contract";
import { providerOf } from "@/lib/providers/connectors/registry";
import { type SecretValues, secretValues } from "@/lib/secrets/schema";
import type { ConnectorRow } from "./find-connector";

// A connector's configuration: checked by its method's schema, and split into what may be shown and what rests as a secret.

/** What stands for a main key that stays here: clients that change a connector send back what they were shown. */
const HELD = /^\(held by Reeve, connector ([0-9a-f-]{36})\)$/;
export const heldMark = (connectorId: string): string => `(held by Reeve, connector ${connectorId})`; // no brackets: terminals take those for colours
const heldBy = (value: unknown): string | undefined => (typeof value === "string" ? HELD.exec(value)?.[1] : undefined);

/** The connector whose keys a configuration stands for. */
export const heldConnector = (sent: Plain): string | undefined => Object.values(sent).flatMap((value) => heldBy(value) ?? [])[0];

export type Plain = Record<string, unknown>;

/** Error: not_found, in the recorded words. */
export function typeNamed(name: string): ConnectorType {
  const type = connectorType(name);
  if (!type)
    throw new AppError(
      "not_found",
      `Service connector type ${name} is not available. Please make sure the corresponding packages and/or ZenML integration are installed and try again.`,
    );
  return type;
}

/** Error: bad_request. */
export function methodNamed(type: ConnectorType, name: string): AuthMethod {
  const method = type.auth_methods.find((one) => one.auth_method === name);
  if (method) return method;
  const names = type.auth_methods.map((one) => one.auth_method).join(", ");
  throw invalid(`${type.name} has no method ${name}. It has: ${names}.`, { method: "Choose one of the methods." });
}

/** Error: bad_request. */
export function resourceNamed(type: ConnectorType, name: string): ResourceType {
  const resource = type.resource_types.find((one) => one.resource_type === name);
  if (!resource) throw invalid(`${type.name} has no resources of the type ${name}.`, { resourceTypes: "Choose one of the types." });
  return resource;
}

const invalid = (message: string, fields: Record<string, string>) => new AppError("bad_request", message, { fields, reason: "invalid_configuration" });

const schemaOf = (method: AuthMethod): JsonSchema => method.config_schema as JsonSchema;
const isSecret = (method: AuthMethod, name: string): boolean => isSecretField(schemaOf(method).properties?.[name]);

export type Checked = { plain: Plain; secret: SecretValues; kept: string[] };

/** Fields that say where the keys go: who may not see the keys may not send them elsewhere either. */
const ADDRESS = /url|registry|server|hostname|endpoint|insecure|certificate_authority|tenant|params|headers|account_json/;

/**
 * Checks a configuration against the method. A secret field that comes as it was shown, or not at all, keeps what `stored` has. Errors:
 * bad_request with a message by field; forbidden to send kept keys to another address than before.
 */
export function checkConnector(method: AuthMethod, sent: Plain, { isLax, stored }: { isLax: boolean; stored?: ConnectorRow }): Checked {
  const given = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== null && value !== "" && !heldBy(value)));
  const isSame = stored?.method === method.auth_method;
  const kept = isSame ? stored.secret_keys.filter((name) => !Object.hasOwn(given, name)) : [];
  const judged = { ...given, ...Object.fromEntries(kept.map((name) => [name, "kept"])) };
  const problems = checkConfiguration(schemaOf(method), judged, { isLax, needsReferences: false });
  const names = Object.keys(problems);
  if (names.length > 0) throw invalid(names.map((name) => `${name}: ${problems[name]}`).join(" "), problems);
  const split = Object.entries(given);
  const plain = Object.fromEntries(split.filter(([name]) => !isSecret(method, name)));
  if (kept.length > 0 && stored) requireSameAddress(stored.configuration, plain);
  const texts = split.filter(([name]) => isSecret(method, name)).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
  const secret = secretValues.safeParse(Object.fromEntries(texts));
  if (!secret.success) throw invalid(secret.error.issues[0]?.message ?? "The keys don’t fit.", {});
  return { plain, secret: secret.data, kept };
}

function requireSameAddress(before: Plain, after: Plain): void {
  const moved = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => ADDRESS.test(name) && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  if (moved.length === 0) return;
  throw new AppError(
    "forbidden",
    `${moved.join(", ")} says where the keys are sent. The keys that Reeve holds go nowhere else than where they were given for.`,
    {
      fix: "Give the keys again together with the new address.",
      fields: Object.fromEntries(moved.map((name) => [name, "Give the keys again with this."])),
      reason: "keys_elsewhere",
    },
  );
}

/** As providers see it. */
export const connectionOf = (method: string, plain: Plain, secret: SecretValues): Connection => ({
  method,
  values: { ...(plain as Record<string, Value>), ...secret },
});

type Reach = { type: ConnectorType; connection: Connection; resourceTypes: readonly string[]; resourceId: string | null };

/** The one spelling of a resource. Error: bad_request for what is no name of one. */
export function canonicalOf({ type, connection }: Pick<Reach, "type" | "connection">, resourceType: string, id: string): string {
  const canonical = providerOf(type.connector_type)?.canonicalId(connection, resourceType, id);
  if (canonical) return canonical;
  throw invalid(`${id.slice(0, 100)} is no name of a resource of the type ${resourceType}.`, { resourceId: "This is no name of such a resource." });
}

/**
 * The resource that is asked for, within what the connector is for. Errors: forbidden for what is wider than the connector (SEC-9),
 * bad_request where it has to be named.
 */
export function targetOf(reach: Reach, asked: { resourceType?: string | null; resourceId?: string | null }, { isNamed }: { isNamed: boolean }): Target {
  const { type, resourceTypes, resourceId: own } = reach;
  const resourceType = asked.resourceType || (resourceTypes.length === 1 ? resourceTypes[0] : undefined);
  if (!resourceType) throw invalid(`Say which type of resource is wanted: ${resourceTypes.join(", ")}.`, { resourceType: "Choose one." });
  if (!resourceTypes.includes(resourceType)) throw wider(`This connector is for ${resourceTypes.join(", ")} and not for ${resourceType}.`);
  const wanted = asked.resourceId ? canonicalOf(reach, resourceType, asked.resourceId) : null;
  if (own && wanted && wanted !== own && !wanted.startsWith(`${own}/`)) throw wider(`This connector is for ${own} and not for ${wanted}.`);
  const resourceId = wanted ?? own;
  if (isNamed && !resourceId && resourceNamed(type, resourceType).supports_instances)
    throw invalid(`Name the ${resourceType} that is wanted: this connector reaches many.`, { resourceId: "Name one." });
  return { resourceType, resourceId };
}

const wider = (message: string) =>
  new AppError("forbidden", message, { fix: "Ask for what it is for, or register another one.", reason: "wider_than_connector" });
