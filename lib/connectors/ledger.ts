import "server-only";
import type { Actor } from "@/lib/identity/actor";
import type { CallContext } from "@/lib/kernel/command";
import { sql } from "kysely";
import { newId } from "@/lib/kernel/id";
import { inScope, type Tx } from "@/lib/kernel/transaction";
import type { Issued, Target } from "@/lib/providers/connectors/contract";
import { createMainKeys } from "./main-keys";

// The ledger: a row for each credential that was issued, refused or could not be had. No row has a place for a value: a token that has to be
// shown to be ended rests as a secret beside it, for as long as it lives.

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
  const { token } = issued?.ending ?? {};
  const at = { organizationId: actor.organizationId, workspaceId: facts.connector.workspaceId, createdBy: actor.id, requestId: facts.requestId };
  const secretId = token ? await createMainKeys(tx, { ...at, name: `credential ${id}`, now: new Date().toISOString(), isBrief: true }, { token }) : null;
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
      renews: issued ? await renewedBy(tx, actor, facts) : null,
      peer_limit_seconds: issued?.peerLimit ?? null,
      ending: issued?.ending ? JSON.stringify(issued.ending.names) : null,
      ending_secret_id: secretId,
    })
    .execute();
  return id;
}

/** Which credential this one takes the place of: the asker's last one for the same thing, once half of its life is over. */
async function renewedBy(tx: Tx, actor: Actor, { connector, target, purpose }: LedgerFacts): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select i.id from connector_issue i where i.connector_id = ${connector.id} and i.outcome = 'issued' and i.purpose = ${purpose}
      and i.principal_id = ${actor.id} and i.credential_id is not distinct from ${actor.credential.id} and i.run_id is not distinct from ${actor.workload?.runId ?? null}
      and i.resource_type is not distinct from ${target.resourceType ?? null} and i.resource_id is not distinct from ${target.resourceId ?? null}
      and i.issued_at + (i.expires_at - i.issued_at) / 2 <= clock_timestamp() and (i.run_id is not null or i.expires_at > clock_timestamp() - interval '1 hour')
    order by i.issued_at desc limit 1`.execute(tx);
  return rows[0]?.id ?? null;
}

/** In a transaction of its own: what was not issued is kept whatever the caller does with the refusal. */
export const writeUnissued = ({ actor }: CallContext, facts: LedgerFacts): Promise<string> =>
  inScope([facts.connector.workspaceId], (tx) => writeLedger(tx, actor, facts));
