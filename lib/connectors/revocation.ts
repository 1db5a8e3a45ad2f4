import "server-only";
import { sql } from "kysely";
import type { AuditDraft } from "@/lib/audit/record";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import type { Ending } from "@/lib/providers/connectors/contract";
import { readVersion } from "@/lib/secrets/versions";

// The state of a credential that is to be ended: asked, then ended or not. Credentials of the same names end together.

export const REVOCATION_TOPIC = "connector.revocation";
/** When the worker goes on with what nobody settled. Longer than the outside calls take. */
const SETTLED_AFTER_S = 60;

type At = { connectorId: string; issueId: string };
type By = { by: string; requestId: string; at: string };
export type LivingIssue = {
  id: string;
  workspace_id: string;
  principal_id: string;
  run_id: string | null;
  resource_type: string | null;
  resource_id: string | null;
  ending: Record<string, string> | null;
  ending_secret_id: string | null;
  revoking_at: string | null;
};

/** Errors: not_found; conflict for what has ended or is being ended, and for what the other side can't end. */
export async function findLiving(tx: Tx, connectorId: string, issueId: string, { lock = false } = {}): Promise<LivingIssue> {
  const { rows } = await sql<LivingIssue & { is_over: boolean }>`
    select id, workspace_id, principal_id, run_id, resource_type, resource_id, ending, ending_secret_id, revoking_at,
      (revoked_at is not null or coalesce(expires_at < clock_timestamp(), false)) as is_over
    from connector_issue where id = ${issueId} and connector_id = ${connectorId} and outcome = 'issued' ${lock ? sql`for update` : sql``}`.execute(tx);
  const [found] = rows;
  if (!found) throw new AppError("not_found", `The connector issued no credential ${issueId}.`);
  if (found.is_over) throw new AppError("conflict", "This credential has ended already.", { reason: "has_ended" });
  if (found.revoking_at)
    throw new AppError("conflict", "This credential is being revoked already.", { fix: "Reload the page in a minute.", reason: "under_way" });
  if (!found.ending) throw new AppError("conflict", "The other side can’t end this credential before its time.", { reason: "cannot_be_revoked" });
  return found;
}

/** What the other side is shown to end it. Error: sealed. */
export async function endingOf(tx: Tx, organizationId: string, found: LivingIssue): Promise<Ending> {
  const { ending, ending_secret_id: secretId, workspace_id: workspaceId } = found;
  const values = secretId ? await readVersion(tx, organizationId, { workspaceId, secretId, version: 1 }) : {};
  return { names: ending ?? {}, ...(values.token ? { token: values.token } : {}) };
}

/** From now on it is being ended: by who asked, and by the worker when they don't say what came of it. */
export async function beginRevocation(tx: Tx, { connectorId, issueId, workspaceId }: At & { workspaceId: string }, { by, requestId, at }: By): Promise<void> {
  await tx
    .updateTable("connector_issue")
    .set({ revoking_at: at, revoking_by: by, revoking_request_id: requestId })
    .where("id", "=", issueId)
    .where("connector_id", "=", connectorId)
    .execute();
  await tx
    .insertInto("outbox")
    .values({
      workspace_id: workspaceId,
      topic: REVOCATION_TOPIC,
      payload: JSON.stringify({ workspaceId, connectorId, issueId }),
      available_at: sql<string>`clock_timestamp() + make_interval(secs => ${SETTLED_AFTER_S})`,
    })
    .execute();
}

export type Revoked = { id: string; resource_type: string | null; resource_id: string | null; principal_id: string; run_id: string | null };

/** It has ended, and with it those of the same names that were issued before it was asked. None when it had ended before. */
export async function endRevocation(tx: Tx, { connectorId, issueId }: At, { by, requestId, at }: By): Promise<Revoked[]> {
  const { rows } = await sql<Revoked>`
    update connector_issue i set revoked_at = ${at}, revoked_by = ${by}, revoked_request_id = ${requestId}
    from connector_issue one
    where one.id = ${issueId} and one.connector_id = ${connectorId} and i.connector_id = ${connectorId} and i.outcome = 'issued' and i.revoked_at is null
      and coalesce(i.expires_at > ${at}, true)
      and (i.id = one.id or (one.ending_secret_id is null and i.ending_secret_id is null and i.ending = one.ending and i.issued_at <= coalesce(one.revoking_at, ${at})))
    returning i.id, i.resource_type, i.resource_id, i.principal_id, i.run_id`.execute(tx);
  await noLongerRevoking(tx, connectorId, [issueId, ...rows.map((row) => row.id)]);
  return rows;
}

/** What was asked is settled. */
export async function noLongerRevoking(tx: Tx, connectorId: string, issueIds: readonly string[]): Promise<void> {
  await tx
    .updateTable("connector_issue")
    .set({ revoking_at: null, revoking_by: null, revoking_request_id: null })
    .where("id", "in", [...issueIds])
    .where("connector_id", "=", connectorId)
    .execute();
}

/** Of one that ended meanwhile, by itself or by somebody else: the other side was asked all the same, and no act outside goes without its entry. */
export function settledEntry(connector: { id: string; name: string }, issueId: string, rows: readonly Revoked[]): AuditDraft {
  const target = { type: "connector", id: connector.id, name: connector.name };
  const one = rows.find((row) => row.id === issueId);
  if (!one) return { target, after: { asked: issueId, revoked: rows.map((row) => row.id) } };
  return {
    target,
    before: { credential: issueId, to: one.principal_id, run: one.run_id, resourceType: one.resource_type, resourceId: one.resource_id },
    after: { revoked: rows.map((row) => row.id) },
  };
}
