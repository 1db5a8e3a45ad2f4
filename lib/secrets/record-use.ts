import "server-only";
import { sql } from "kysely";
import type { Actor } from "@/lib/identity/actor";
import { newId } from "@/lib/kernel/id";
import type { RequestContext } from "@/lib/kernel/request";
import type { Tx } from "@/lib/kernel/transaction";

// The ledger of uses. One that a run's own token asked for names run and step: exact. One of a client process that also posted a run is
// tied to that run and says that this is inferred: the process is known by its credential and, of login tokens, by the token itself.

export type UseOf = {
  purpose: "client" | "reveal" | "run" | "test";
  reason?: string;
  runId?: string;
  stepRunId?: string | null;
  bindingId?: string;
  exactness?: "exact" | "inferred";
};

type Used = { id: string; workspace_id: string; version: number };

/** Writes one use of the secret's current version. */
export async function recordUse(tx: Tx, actor: Actor, secret: Used, request: RequestContext, now: string, use: UseOf): Promise<void> {
  const used = tx
    .insertInto("secret_use")
    .values({
      id: newId(),
      workspace_id: secret.workspace_id,
      secret_id: secret.id,
      version: secret.version,
      purpose: use.purpose,
      reason: use.reason ?? null,
      principal_id: actor.id,
      credential_kind: actor.credential.kind,
      credential_id: actor.credential.id,
      request_id: request.requestId,
      at: now,
      run_id: use.runId ?? null,
      step_run_id: use.stepRunId ?? null,
      binding_id: use.bindingId ?? null,
      exactness: use.exactness ?? null,
      process: request.claimed?.process ?? null,
    })
    .execute();
  await Promise.all([used, tx.updateTable("secret").set({ last_used_at: now }).where("id", "=", secret.id).execute()]);
}

/** The step that a run's token asks for: the one of the binding, or the only one that is running. Null when it can't be told. */
export async function stepOfRun(tx: Tx, runId: string, name: string | null): Promise<string | null> {
  const running = await tx
    .selectFrom("step_run")
    .select("id")
    .where("run_id", "=", runId)
    .where("status", "=", "running")
    .$if(name !== null, (query) => query.where("name", "=", name as string))
    .limit(2)
    .execute();
  return running.length === 1 ? (running[0]?.id ?? null) : null;
}

/** The run that this client process posted and that still goes on. */
export async function runOfClient(tx: Tx, actor: Actor, request: RequestContext): Promise<string | null> {
  const process = request.claimed?.process ?? null;
  const { rows } = await sql<{ id: string }>`
    select r.id from run r where r.in_progress and r.lost_at is null and r.created_by = ${actor.id} and r.credential_kind = ${actor.credential.kind}
      and r.credential_id is not distinct from ${actor.credential.id} and (${process}::text is null or coalesce(r.claimed->>'process', ${process}) = ${process})
    order by r.created_at desc limit 1`.execute(tx);
  return rows[0]?.id ?? null;
}

/** A client resolves references before it posts the run: what it read in these minutes is taken for the run's. */
export const BEFORE_RUN = "10 minutes";

/** Ties what this client process has just read to the run that it posts now. */
export async function tieUses(tx: Tx, actor: Actor, request: RequestContext, runId: string): Promise<void> {
  if (actor.workload) return;
  const process = request.claimed?.process ?? null;
  await sql`
    update secret_use u set run_id = ${runId}, exactness = 'inferred'
    where u.principal_id = ${actor.id} and u.run_id is null and u.purpose = 'client' and u.at > clock_timestamp() - ${BEFORE_RUN}::interval
      and u.credential_kind = ${actor.credential.kind} and u.credential_id is not distinct from ${actor.credential.id}
      and (${process}::text is null or coalesce(u.process, ${process}) = ${process})`.execute(tx);
}
