import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { canonicalOf, connectionOf, typeNamed } from "@/lib/connectors/configuration";
import { findConnector } from "@/lib/connectors/find-connector";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { jsonField } from "@/lib/kernel/form-fields";
import type { Tx } from "@/lib/kernel/transaction";
import { providerOf } from "@/lib/providers/connectors/registry";

// The connector that a component gets its credentials through, and the resource it uses of it.

/** Left out: stays. Null: none. */
export const connectionWish = { connection: jsonField(z.strictObject({ id: z.uuid(), resourceId: z.string().max(500).nullish() }).nullish()) };
export type ConnectionWish = { id: string; resourceId?: string | null } | null;

export type Connected = { connector_id: string | null; connector_resource_id: string | null };
/** As entries of the trail say it. */
export type ConnectionFacts = { connector: string | null; resource: string | null };

const NONE = {
  columns: { connector_id: null, connector_resource_id: null } satisfies Connected,
  facts: { connector: null, resource: null } satisfies ConnectionFacts,
};

/** The component that is to be connected: its flavor may say which of its fields names the resource. */
type Component = { flavorId: string; configuration: Record<string, unknown> };

/**
 * What a wish comes to. A resource that is not named is the one that the component's configuration names, else the connector's own. Errors:
 * not_found; forbidden without connector:use; bad_request where connector and flavor don't fit, or where the resource is none of the
 * connector's or another one than the configuration's.
 */
export async function connectionFor(
  tx: Tx,
  actor: Actor,
  { flavorId, configuration }: Component,
  wish: ConnectionWish,
): Promise<{ columns: Connected; facts: ConnectionFacts }> {
  if (!wish) return NONE;
  const target = await findConnector(tx, wish.id);
  const { connector } = target;
  if (!can(actor, "connector:use", target).allowed)
    throw new AppError("forbidden", `This needs the permission connector:use on ${connector.name}: what is connected gets its credentials.`, {
      reason: "no_grant",
    });
  const flavor = await tx
    .selectFrom("flavor")
    .select(["name", "connector_type", "connector_resource_type", "connector_resource_id_attr"])
    .where("id", "=", flavorId)
    .executeTakeFirstOrThrow();
  const needs = flavor.connector_resource_type;
  if (!needs) throw unfit(`Components of the flavor ${flavor.name} use no connector.`);
  const fits = connector.resource_types.includes(needs) && (!flavor.connector_type || flavor.connector_type === connector.type);
  if (!fits)
    throw unfit(
      `The flavor ${flavor.name} needs a connector for ${needs}${flavor.connector_type ? ` of the type ${flavor.connector_type}` : ""}; ${connector.name} is none.`,
    );
  const configured = flavor.connector_resource_id_attr ? configuration[flavor.connector_resource_id_attr] : undefined;
  const resourceId = resourceOf(connector, needs, wish.resourceId ?? null, typeof configured === "string" ? configured : null);
  return { columns: { connector_id: connector.id, connector_resource_id: resourceId }, facts: { connector: connector.name, resource: resourceId } };
}

type Row = Awaited<ReturnType<typeof findConnector>>["connector"];

/** The resource in its one spelling. Keys are not needed to read a name. */
function resourceOf(connector: Row, resourceType: string, asked: string | null, configured: string | null): string | null {
  const type = typeNamed(connector.type);
  const connection = connectionOf(connector.method, connector.configuration, {});
  const own = configured && (providerOf(connector.type)?.canonicalId(connection, resourceType, configured) ?? null);
  const canonical = asked ? canonicalOf({ type, connection }, resourceType, asked) : own || connector.resource_id;
  if (!canonical) return null;
  if (connector.resource_id && !isWithin(canonical, connector.resource_id))
    throw unfit(`${connector.name} is for ${connector.resource_id} and not for ${canonical}.`);
  if (own && !isWithin(own, canonical) && !isWithin(canonical, own)) throw unfit(`The component’s configuration names ${own}, and not ${canonical}.`);
  return canonical;
}

const isWithin = (inner: string, outer: string) => inner === outer || inner.startsWith(`${outer}/`);

const unfit = (message: string) => new AppError("bad_request", message, { fields: { connection: message }, reason: "connector_does_not_fit" });

/** As it stands, for the trail. */
export async function connectionFacts(tx: Tx, { connector_id: id, connector_resource_id: resource }: Connected): Promise<ConnectionFacts> {
  if (!id) return NONE.facts;
  const { rows } = await sql<{ name: string }>`select name from connector where id = ${id}`.execute(tx);
  return { connector: rows[0]?.name ?? id, resource };
}

/** Whether a change of the configuration changes which resource it names: then what is connected is looked at again. */
export async function namesAnotherResource(tx: Tx, flavorId: string, before: Record<string, unknown>, after: Record<string, unknown>): Promise<boolean> {
  const flavor = await tx.selectFrom("flavor").select("connector_resource_id_attr").where("id", "=", flavorId).executeTakeFirst();
  const field = flavor?.connector_resource_id_attr;
  return Boolean(field) && before[field as string] !== after[field as string];
}
