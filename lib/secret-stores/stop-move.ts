import "server-only";
import { sql } from "kysely";
import { recordAudit } from "@/lib/audit/record";
import { displayName, loadActor, systemActor } from "@/lib/identity/actor";
import { systemContext } from "@/lib/kernel/request";
import type { Tx } from "@/lib/kernel/transaction";
import { mayDirectValues } from "./direct-values";
import type { Move } from "./work-move";

// A move acts for a person, with what they may do at that moment (PERMISSIONS, rule 4). Once they may not say where its values lie any more it
// stops where it is, between two versions, until somebody who may lets it go on or cancels it.

/** Why the move may not go on; undefined when it may. */
export async function whyStopped(tx: Tx, move: Move): Promise<string | undefined> {
  const actor = move.actsFor ? await loadActor(tx, move.actsFor, { kind: "system", id: "worker", label: "worker" }) : undefined;
  if (!actor) return "the account that it acts for is no longer active.";
  return mayDirectValues(actor, move.workspaceId)
    ? undefined
    : `${displayName(actor)}, for whom it acts, may not read this workspace’s values and change its settings any more.`;
}

/** Stops it, with an entry; what was copied stays. */
export async function stopMove(tx: Tx, move: Move, reason: string): Promise<void> {
  await tx.updateTable("secret_move").set({ stopped_at: sql<string>`clock_timestamp()`, reason }).where("id", "=", move.id).execute();
  const workspace = await tx.selectFrom("workspace").select(["id", "slug"]).where("id", "=", move.workspaceId).executeTakeFirstOrThrow();
  const asker = move.actsFor ? await tx.selectFrom("principal").select(["id", "name"]).where("id", "=", move.actsFor).executeTakeFirst() : undefined;
  const actor = systemActor(move.organizationId);
  await recordAudit(tx, { actor, request: systemContext(), workspaceId: workspace.id, action: "secret-store.move-stopped", outcome: "denied" }, [
    { target: { type: "workspace", id: workspace.id, name: workspace.slug }, after: { state: move.state }, reason, onBehalfOf: asker ?? null },
  ]);
}
