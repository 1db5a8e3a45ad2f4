import "server-only";
import { AppError } from "@/lib/kernel/errors";
import type { Call, Connection, ConnectorProvider } from "@/lib/providers/connectors/contract";
import { providerOf } from "@/lib/providers/connectors/registry";
import type { ConnectorType } from "@/lib/providers/connectors/catalogue";
import { resourceNamed } from "./configuration";
import { providerText } from "./provider-error";
import type { Reachable, ReachAnswer } from "./schema";

// What a connection reaches: asked of its provider, resource type by resource type, at the same time.

type Asked = { type: ConnectorType; connection: Connection; resourceTypes: readonly string[]; resourceId: string | null };

/** Error: not_implemented. */
export function requireProvider(type: string): ConnectorProvider {
  const provider = providerOf(type);
  if (!provider) throw new AppError("not_implemented", `Reeve has no provider for connectors of the type ${type} yet.`);
  return provider;
}

/** Tries the connection, and lists what it reaches where that is wanted. What goes wrong outside is part of the answer. */
export async function reachOf(asked: Asked, call: Call, { lists }: { lists: boolean }): Promise<ReachAnswer> {
  const provider = requireProvider(asked.type.connector_type);
  const { connection } = asked;
  if (asked.resourceTypes.length === 1) {
    const one = await reachable(provider, asked, asked.resourceTypes[0] as string, call, lists);
    return { resources: [one], error: one.error };
  }
  const error = await failureOf(provider.verify(connection, null, call));
  const none = (resourceType: string): Reachable => ({ resourceType, resourceIds: null, error });
  if (error) return { resources: asked.resourceTypes.map(none), error };
  const resources = lists ? await Promise.all(asked.resourceTypes.map((type) => reachable(provider, asked, type, call, true))) : asked.resourceTypes.map(none);
  return { resources, error: null };
}

async function reachable(provider: ConnectorProvider, asked: Asked, resourceType: string, call: Call, lists: boolean): Promise<Reachable> {
  const { connection, resourceId } = asked;
  const failed = (error: string): Reachable => ({ resourceType, resourceIds: null, error });
  if (resourceId || !resourceNamed(asked.type, resourceType).supports_instances) {
    const error = await failureOf(provider.verify(connection, { resourceType, resourceId }, call));
    if (error) return failed(error);
    if (resourceId) return { resourceType, resourceIds: [resourceId], error: null };
  }
  if (!lists) {
    const error = await failureOf(provider.verify(connection, null, call));
    return error ? failed(error) : { resourceType, resourceIds: null, error: null };
  }
  try {
    const resourceIds = await provider.list(connection, resourceType, call);
    if (resourceIds.length > 0) return { resourceType, resourceIds, error: null };
    return failed(`The connector is accepted, and there is nothing of the type ${resourceType} that it may list.`);
  } catch (error) {
    return failed(providerText(error));
  }
}

const failureOf = (work: Promise<void>): Promise<string | null> => work.then(() => null, providerText);
