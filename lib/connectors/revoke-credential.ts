import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { type CallContext, defineCommand, execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { ask, defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import type { Ending } from "@/lib/providers/connectors/contract";
import { readVersion } from "@/lib/secrets/versions";
import { findConnector } from "./find-connector";
import { openToChange } from "./open-connector";
import { callOf } from "./outgoing-call";
import { asAppError } from "./provider-error";
import { requireProvider } from "./reach";

// Ends a credential before its time, where the other side can: asked there first, then written. Credentials of the same names end together.

type Found = { id: string; ending: Record<string, string> | null; ending_secret_id: string | null; workspace_id: string; is_over: boolean };

/** Errors: not_found; conflict for what has ended, and for what the other side can't end. */
async function findLiving(tx: Tx, connectorId: string, issueId: string): Promise<Found> {
  const { rows } = await sql<Found>`
    select id, ending, ending_secret_id, workspace_id, (revoked_at is not null or coalesce(expires_at < clock_timestamp(), false)) as is_over
    from connector_issue where id = ${issueId} and connector_id = ${connectorId} and outcome = 'issued'`.execute(tx);
  const [found] = rows;
  if (!found) throw new AppError("not_found", `The connector issued no credential ${issueId}.`);
  if (found.is_over) throw new AppError("conflict", "This credential has ended already.", { reason: "has_ended" });
  if (!found.ending) throw new AppError("conflict", "The other side can’t end this credential before its time.", { reason: "cannot_be_revoked" });
  return found;
}

/** What it takes to end a credential. Errors: as above; sealed. */
export const openEnding = defineQuery({
  name: "connector-issue.ending",
  permission: "connector:update",
  input: z.strictObject({ id: z.uuid(), issueId: z.uuid() }),
  scope: ({ tx, input }) => findConnector(tx, input.id),
  run: async ({ tx, actor, input }): Promise<Ending> => {
    const { ending, ending_secret_id: secretId, workspace_id: workspaceId } = await findLiving(tx, input.id, input.issueId);
    const values = secretId ? await readVersion(tx, actor.organizationId, { workspaceId, secretId, version: 1 }) : {};
    return { names: ending ?? {}, ...(values.token ? { token: values.token } : {}) };
  },
});

/** Keeps that it was ended, and with it those that end together. Errors: not_found, forbidden. */
export const recordRevocation = defineCommand({
  name: "connector.credential-revoked",
  permission: "connector:update",
  input: z.strictObject({ id: z.uuid(), issueId: z.uuid(), before: z.iso.datetime({ offset: true }) }),
  scope: ({ tx, input }) => findConnector(tx, input.id),
  run: async ({ tx, actor, input: { id, issueId, before }, target: { connector }, request, now }) => {
    const { rows } = await sql<{ id: string; resource_type: string | null; resource_id: string | null; principal_id: string; run_id: string | null }>`
      update connector_issue i set revoked_at = ${now}, revoked_by = ${actor.id}, revoked_request_id = ${request.requestId}
      from connector_issue one
      where one.id = ${issueId} and one.connector_id = ${id} and i.connector_id = ${id} and i.outcome = 'issued' and i.revoked_at is null
        and coalesce(i.expires_at > ${now}, true)
        and (i.id = one.id or (one.ending_secret_id is null and i.ending_secret_id is null and i.ending = one.ending and i.issued_at <= ${before}))
      returning i.id, i.resource_type, i.resource_id, i.principal_id, i.run_id`.execute(tx);
    const revoked = rows.find((row) => row.id === issueId);
    // It ended meanwhile, by itself or by somebody else; the other side was asked all the same, and no act outside goes without its entry.
    if (!revoked) return { result: 0, audit: { target: { type: "connector", id, name: connector.name }, after: { asked: issueId, revoked: [] } } };
    return {
      result: rows.length,
      live: [{ connectorId: id }],
      audit: {
        target: { type: "connector", id, name: connector.name },
        before: { credential: issueId, to: revoked.principal_id, run: revoked.run_id, resourceType: revoked.resource_type, resourceId: revoked.resource_id },
        after: { revoked: rows.map((row) => row.id) },
      },
    };
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
  const call = callOf(open.networks);
  const before = call.now();
  if (!provider.revoke) throw new AppError("conflict", "The other side can’t end this credential before its time.", { reason: "cannot_be_revoked" });
  try {
    await provider.revoke(open.connection, ending, before, call);
  } catch (error) {
    throw asAppError(error);
  }
  return execute(recordRevocation, context, { id, issueId, before: before.toISOString() });
}
