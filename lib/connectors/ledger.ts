import "server-only";
import type { Actor } from "@/lib/identity/actor";
import type { CallContext } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { inScope, type Tx } from "@/lib/kernel/transaction";
import type { Issued, Target } from "@/lib/providers/connectors/contract";

// The ledger: a row for each credential that was issued, refused or could not be had. No row has a place for a value.

export type Purpose = "client" | "test" | "server";

export type LedgerFacts = {
  connector: { id: string; name: string; workspaceId: string };
  secretVersion: number | null;
  purpose: Purpose;
  target: Partial<Target>;
  requestId: string;
} & ({ outcome: "issued"; issued: Omit<Issued, "values" | "secretFields">; isCapped: boolean } | { outcome: "refused" | "failed"; reason: string });

export async function writeLedger(tx: Tx, actor: Actor, facts: LedgerFacts): Promise<string> {
  const id = newId();
  const issued = facts.outcome === "issued" ? facts.issued : null;
  await tx
    .insertInto("connector_issue")
    .values({
      id,
      workspace_id: facts.connector.workspaceId,
      connector_id: facts.connector.id,
      connector_name: facts.connector.name,
      secret_version: facts.secretVersion,
      principal_id: actor.id,
      credential_kind: actor.credential.kind,
      credential_id: actor.credential.id,
      run_id: actor.workload?.runId ?? null,
      purpose: facts.purpose,
      outcome: facts.outcome,
      reason: facts.outcome === "issued" ? null : facts.reason,
      resource_type: facts.target.resourceType ?? null,
      resource_id: facts.target.resourceId ?? null,
      method: issued ? `${issued.type}/${issued.method}` : null,
      reach: issued?.reach ?? null,
      acts_as: issued?.actsAs ?? null,
      is_capped: facts.outcome === "issued" && facts.isCapped,
      expires_at: issued?.expiresAt?.toISOString() ?? null,
      peer_request_id: issued?.peerRequestId ?? null,
      request_id: facts.requestId,
    })
    .execute();
  return id;
}

/** In a transaction of its own: what was not issued is kept whatever the caller does with the refusal. */
export const writeUnissued = ({ actor }: CallContext, facts: LedgerFacts): Promise<string> =>
  inScope([facts.connector.workspaceId], (tx) => writeLedger(tx, actor, facts));
