import "server-only";
import { z } from "zod";
import { type CallContext, defineCommand, execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { notingRefusals } from "@/lib/kernel/refused-reads";
import { targetOf } from "./configuration";
import { connectorTarget, findConnector } from "./find-connector";
import { type OpenConnector, openToVerify } from "./open-connector";
import { callOf } from "./outgoing-call";
import { reachOf } from "./reach";
import type { ReachAnswer } from "./schema";

/** Keeps what came of trying a connector. Error: not_found. */
export const recordVerification = defineCommand({
  name: "connector.verified",
  permission: "connector:verify",
  input: z.strictObject({ id: z.uuid(), error: z.string().max(1_000).nullable() }),
  scope: ({ tx, input }) => findConnector(tx, input.id),
  run: async ({ tx, input: { error }, target: { connector }, now }) => {
    const trial = error ? { last_error: error, last_error_at: now } : { verified_at: now, last_error: null, last_error_at: null };
    await tx.updateTable("connector").set(trial).where("id", "=", connector.id).execute();
    return {
      result: null,
      audit: { target: { type: "connector", id: connector.id, name: connector.name }, after: error ? { accepted: false, error } : { accepted: true } },
    };
  },
});

type Asked = { id: string; resourceType?: string | null; resourceId?: string | null; lists: boolean };

/**
 * Tries a connector, for one resource when one is named, and lists what it reaches. What goes wrong outside is part of the answer. Errors:
 * not_found, forbidden (also for what is wider than the connector), bad_request, sealed.
 */
export async function verifyConnector(context: CallContext, asked: Asked): Promise<{ open: OpenConnector; reach: ReachAnswer }> {
  const open = await ask(openToVerify, context, { id: asked.id });
  const isNarrowed = Boolean(asked.resourceType || asked.resourceId);
  // A wider resource than the connector is for is a denial in the trail.
  const narrowed = () => targetOf(open, asked, { isNamed: false });
  const target = isNarrowed ? await notingRefusals(context, recordVerification.name, connectorTarget(open.connector), narrowed) : null;
  const wanted = target ? { ...open, resourceTypes: [target.resourceType], resourceId: target.resourceId } : open;
  const reach = await reachOf(wanted, callOf(open.networks), { lists: asked.lists });
  // That one resource can't be reached says nothing of the connector.
  if (!isNarrowed || !reach.error) await execute(recordVerification, context, { id: asked.id, error: reach.error?.slice(0, 1_000) ?? null });
  return { open, reach };
}
