import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { CallContext } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { ask, defineQuery } from "@/lib/kernel/query";
import { targetOf } from "./configuration";
import { type OpenConnector, openForUse } from "./open-connector";
import { callOf } from "./outgoing-call";
import { providerText } from "./provider-error";
import { reachOf } from "./reach";
import type { ReachAnswer, Reachable } from "./schema";

// What the connectors of a workspace reach, asked of all at the same time: few at once, each for a while.

const MOST_CONNECTORS = 200;
const AT_ONCE = 6;
const TIME_MS = 15_000;

export type ConnectorReach = { id: string; name: string; type: string; answer: ReachAnswer };
type Asked = { type?: string; resourceType?: string; resourceId?: string };

/** The connectors that the actor may use. */
export const listUsable = defineQuery({
  name: "connector.usable",
  permission: "connector:use",
  input: z.strictObject({ type: z.string().optional(), resourceType: z.string().optional() }),
  run: async ({ tx, actor, input: { type, resourceType }, workspace }) => {
    const { rows } = await sql<{ id: string; name: string; type: string; method: string; resourceId: string | null }>`
      select c.id, c.name, c.type, c.method, c.resource_id as "resourceId" from connector c
      where ${visibleTo(actor, "connector:use", { workspaceId: "c.workspace_id", ownerId: "c.created_by", thingId: "c.id" })} and c.workspace_id = ${workspace?.id ?? null}
        and (${type ?? null}::text is null or c.type = ${type ?? null}) and (${resourceType ?? null}::text is null or ${resourceType ?? null} = any (c.resource_types))
      order by c.created_at, c.id limit ${MOST_CONNECTORS}`.execute(tx);
    return rows;
  },
});

/** For those that the actor may use; what goes wrong with one is part of its answer. Error: forbidden. */
export async function listResources(context: CallContext, asked: Asked): Promise<ConnectorReach[]> {
  const items = await ask(listUsable, context, { type: asked.type, resourceType: asked.resourceType });
  const found: ConnectorReach[] = [];
  const waiting = [...items.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, { id, name, type }] = next;
      const answer = await answerOf(context, id, asked);
      if (answer) found[index] = { id, name, type, answer };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found.filter(Boolean);
}

/** For one of them. Errors: not_found for one that the actor may not use, or that is not for this type. */
export async function reachOfConnector(context: CallContext, id: string, resourceType: string): Promise<ReachAnswer> {
  const answer = await answerOf(context, id, { resourceType });
  if (answer) return answer;
  throw new AppError("not_found", "There is no connector here that you may use for this.");
}

/** Null for a connector that the actor may not use, or that is not for the resource. */
async function answerOf(context: CallContext, id: string, asked: Asked): Promise<ReachAnswer | null> {
  let open: OpenConnector;
  try {
    open = await ask(openForUse, context, { id });
  } catch (error) {
    if (error instanceof AppError && ["forbidden", "not_found"].includes(error.code)) return null;
    throw error;
  }
  const types = asked.resourceType ? [asked.resourceType] : open.resourceTypes;
  let wanted = { ...open, resourceTypes: types };
  if (asked.resourceId && asked.resourceType) {
    try {
      wanted = { ...wanted, resourceId: targetOf(open, asked, { isNamed: false }).resourceId };
    } catch {
      return null;
    }
  }
  const failed = (error: string): ReachAnswer => ({ error, resources: types.map((resourceType): Reachable => ({ resourceType, resourceIds: null, error })) });
  return Promise.race([
    reachOf(wanted, callOf(open.networks), { lists: true }).catch((error) => failed(providerText(error))),
    new Promise<ReachAnswer>((resolve) => setTimeout(() => resolve(failed("The connector did not answer in time.")), TIME_MS).unref()),
  ]);
}
