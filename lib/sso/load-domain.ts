import "server-only";
import type { Target } from "@/lib/authz/can";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { type ConnectionRow, loadConnection } from "./load-connection";

export type DomainRow = { id: string; domain: string; token: string; proof: string | null; isEnforced: boolean };

/** A domain with its connection as a command's target; the connection is locked until the commit. Error: not_found. */
export async function loadDomain(
  tx: Tx,
  actor: Actor,
  id: string,
  lock: "lock" | "read" = "lock",
): Promise<Target & { domain: DomainRow; connection: ConnectionRow }> {
  const find = () =>
    tx
      .selectFrom("sso_domain")
      .select(["id", "domain", "proof_token", "proof", "enforced_at", "connection_id"])
      .where("id", "=", id)
      .where("organization_id", "=", actor.organizationId)
      .executeTakeFirst();
  const known = await find();
  const { connection } = known ? await loadConnection(tx, actor, known.connection_id, lock) : {};
  // Again, now that nobody else changes it.
  const row = known && (await find());
  if (!row || !connection) throw new AppError("not_found", "There is no such domain.");
  const domain = { id: row.id, domain: row.domain, token: row.proof_token, proof: row.proof, isEnforced: row.enforced_at !== null };
  return { thing: { type: "sso-domain", id: row.id, name: row.domain }, domain, connection };
}
