import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { systemActor } from "@/lib/identity/actor";
import type { Handler } from "@/lib/jobs/handler";
import { systemContext } from "@/lib/kernel/request";
import { inScope, type Tx } from "@/lib/kernel/transaction";
import { ProviderError } from "@/lib/providers/connectors/contract";
import { connectorColumns, type ConnectorRow } from "./find-connector";
import { openedOf } from "./open-connector";
import { callOf } from "./outgoing-call";
import { providerText } from "./provider-error";
import { requireProvider } from "./reach";
import { endingOf, endRevocation, type LivingIssue, noLongerRevoking, settledEntry } from "./revocation";

/*
 * Goes on with a revocation that nobody settled, because what asked for it was killed. Whether the other side has heard of it can't be known, so it
 * is asked again, of the same moment: revoking twice is harmless. It was decided and is on record, so it is finished whoever who asked is by now.
 */

const payloadSchema = z.object({ workspaceId: z.uuid(), connectorId: z.uuid(), issueId: z.uuid() });

type Left = LivingIssue & {
  revoking_at: string;
  revoking_by: string;
  revoking_request_id: string;
  organization_id: string;
  asker: string | null;
  is_over: boolean;
};

/** Handles the outbox's item. It throws while the other side can't be reached, to be tried again. */
export const finishRevocation: Handler = async (payload) => {
  const { workspaceId, connectorId, issueId } = payloadSchema.parse(payload);
  const work = await inScope([workspaceId], async (tx) => {
    const left = await findLeft(tx, issueId);
    if (!left) return null;
    const { rows } = await sql<ConnectorRow>`select ${connectorColumns} from connector where id = ${connectorId}`.execute(tx);
    const [connector] = rows;
    if (!connector) return { left, connector: { id: connectorId, name: connectorId }, open: null, ending: null };
    return { left, connector, open: await openedOf(tx, left.organization_id, connector), ending: await endingOf(tx, left.organization_id, left) };
  });
  if (!work) return;
  const { left, connector, open, ending } = work;
  let error: string | null = open ? null : "The connector was deleted meanwhile, and its keys with it.";
  if (open)
    try {
      await requireProvider(open.connector.type).revoke?.(open.connection, ending, new Date(left.revoking_at), callOf(open.networks));
    } catch (failure) {
      // Waiting helps while it lives, and where it is not the other side that says no.
      if (!left.is_over && !(failure instanceof ProviderError && failure.reason !== "unreachable")) throw failure;
      error = providerText(failure);
    }
  await inScope([workspaceId], (tx) => settle(tx, { left, connector, workspaceId, connectorId, error }));
};

async function findLeft(tx: Tx, issueId: string): Promise<Left | undefined> {
  const { rows } = await sql<Left>`
    select i.id, i.workspace_id, i.principal_id, i.run_id, i.resource_type, i.resource_id, i.ending, i.ending_secret_id, i.revoking_at, i.revoking_by, i.revoking_request_id,
      w.organization_id, coalesce(nullif(u.full_name, ''), u.name) as asker, coalesce(i.expires_at < clock_timestamp(), false) as is_over
    from connector_issue i join workspace w on w.id = i.workspace_id left join principal u on u.id = i.revoking_by
    where i.id = ${issueId} and i.revoking_at is not null`.execute(tx);
  return rows[0];
}

type Settled = { left: Left; connector: { id: string; name: string }; workspaceId: string; connectorId: string; error: string | null };

/** What came of it, unless who asked has written it meanwhile. */
async function settle(tx: Tx, { left, connector, workspaceId, connectorId, error }: Settled): Promise<void> {
  const held = await tx.selectFrom("connector_issue").select("revoking_at").where("id", "=", left.id).forUpdate().executeTakeFirst();
  if (!held?.revoking_at) return;
  const facts = { actor: systemActor(left.organization_id), request: systemContext(), workspaceId };
  const onBehalfOf = { id: left.revoking_by, name: left.asker ?? "" };
  const at = { by: left.revoking_by, requestId: left.revoking_request_id };
  await sql`select pg_notify('reeve_event', ${JSON.stringify({ connectorId })})`.execute(tx);
  if (error === null) {
    const { rows } = await sql<{ now: string }>`select clock_timestamp() as now`.execute(tx);
    const revoked = await endRevocation(tx, { connectorId, issueId: left.id }, { ...at, at: rows[0]?.now as string });
    const action = "connector.credential-revoked";
    await recordAudit(tx, { ...facts, action, outcome: "allowed" }, [{ ...settledEntry(connector, left.id, revoked), onBehalfOf }]);
    return;
  }
  await noLongerRevoking(tx, connectorId, [left.id]);
  const entry = { target: { type: "connector", id: connector.id, name: connector.name }, after: { asked: left.id, error }, onBehalfOf };
  await recordAudit(tx, { ...facts, action: "connector.revocation-failed", outcome: "allowed" }, [entry]);
}
