import "server-only";
import type { Target } from "@/lib/authz/can";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";

export type Person = { id: string; name: string; active: boolean };

/** A person of the organization, or a canary in the place of one, as a command's target, locked until the commit. Error: not_found. */
export async function loadPerson(tx: Tx, actor: Actor, id: string): Promise<Target & { person: Person }> {
  const row = await tx
    .selectFrom("principal")
    .select(["id", "name", "full_name", "active"])
    .where("id", "=", id)
    .where("organization_id", "=", actor.organizationId)
    .where("kind", "in", ["user", "canary"])
    .where("deleted_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", "There is no such person here.");
  const person = { id: row.id, name: row.full_name || row.name, active: row.active };
  return { ownerId: person.id, thing: { type: "user", id: person.id, name: person.name }, person };
}
