import "server-only";
import { z } from "zod";
import { type CallContext, defineCommand, execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { ask, defineQuery } from "@/lib/kernel/query";
import type { Ending } from "@/lib/providers/connectors/contract";
import { findConnector } from "./find-connector";
import { openToChange } from "./open-connector";
import { callOf } from "./outgoing-call";
import { asAppError, providerText } from "./provider-error";
import { requireProvider } from "./reach";
import { beginRevocation, endingOf, endRevocation, findLiving, noLongerRevoking, settledEntry } from "./revocation";

// Ends a credential before its time, where the other side can. That it is asked stands in the trail before the other side hears of it, and what came of it
// after: whatever is killed between leaves a credential that is "being revoked", which the worker goes on with (finish-revocation.ts).

const byIssue = z.strictObject({ id: z.uuid(), issueId: z.uuid() });

/** What it takes to end a credential. Errors: not_found, forbidden, conflict, sealed. */
export const openEnding = defineQuery({
  name: "connector-issue.ending",
  permission: "connector:update",
  input: byIssue,
  scope: ({ tx, input }) => findConnector(tx, input.id),
  run: async ({ tx, actor, input }): Promise<Ending> => endingOf(tx, actor.organizationId, await findLiving(tx, input.id, input.issueId)),
});

/** Puts on record that a credential is to be ended, and gives the moment before which those that end together began. Errors: as above. */
export const askRevocation = defineCommand({
  name: "connector.revocation-asked",
  permission: "connector:update",
  input: byIssue,
  scope: ({ tx, input }) => findConnector(tx, input.id),
  run: async ({ tx, actor, input: { id, issueId }, target: { connector }, request, now }) => {
    const found = await findLiving(tx, id, issueId, { lock: true });
    await beginRevocation(tx, { connectorId: id, issueId, workspaceId: connector.workspace_id }, { by: actor.id, requestId: request.requestId, at: now });
    return {
      result: now,
      live: [{ connectorId: id }],
      audit: {
        target: { type: "connector", id, name: connector.name },
        after: { asked: issueId, to: found.principal_id, run: found.run_id, resourceType: found.resource_type, resourceId: found.resource_id },
      },
    };
  },
});

/** Keeps that it was ended, and with it those that end together; gives how many. Errors: not_found, forbidden. */
export const recordRevocation = defineCommand({
  name: "connector.credential-revoked",
  permission: "connector:update",
  input: byIssue,
  scope: ({ tx, input }) => findConnector(tx, input.id),
  run: async ({ tx, actor, input, target: { connector }, request, now }) => {
    const revoked = await endRevocation(tx, { connectorId: input.id, issueId: input.issueId }, { by: actor.id, requestId: request.requestId, at: now });
    return { result: revoked.length, live: [{ connectorId: input.id }], audit: settledEntry(connector, input.issueId, revoked) };
  },
});

/** Keeps that the other side did not end it: it lives on. Errors: not_found, forbidden. */
export const recordUnrevoked = defineCommand({
  name: "connector.revocation-failed",
  permission: "connector:update",
  input: byIssue.extend({ error: z.string().max(1_000) }),
  scope: ({ tx, input }) => findConnector(tx, input.id),
  run: async ({ tx, input: { id, issueId, error }, target: { connector } }) => {
    await noLongerRevoking(tx, id, [issueId]);
    return { result: null, live: [{ connectorId: id }], audit: { target: { type: "connector", id, name: connector.name }, after: { asked: issueId, error } } };
  },
});

type Wish = { id: string; issueId: string; typedName?: string };

/**
 * Ends a credential at the other side, and gives how many ended. Errors: not_found, forbidden, conflict, bad_request with what the other side
 * refused, invalid_input for a wrong typed name, sealed.
 */
export async function revokeCredential(context: CallContext, { id, issueId, typedName }: Wish): Promise<number> {
  const ending = await ask(openEnding, context, { id, issueId });
  const open = await ask(openToChange, context, { id });
  requireTypedName(typedName, open.connector.name);
  const provider = requireProvider(open.connector.type);
  if (!provider.revoke) throw new AppError("conflict", "The other side can’t end this credential before its time.", { reason: "cannot_be_revoked" });
  const before = new Date(await execute(askRevocation, context, { id, issueId }));
  try {
    await provider.revoke(open.connection, ending, before, callOf(open.networks));
  } catch (error) {
    await execute(recordUnrevoked, context, { id, issueId, error: providerText(error).slice(0, 1_000) });
    throw asAppError(error);
  }
  return execute(recordRevocation, context, { id, issueId });
}
