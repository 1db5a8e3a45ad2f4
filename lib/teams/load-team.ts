import "server-only";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";

export type LoadedTeam = { id: string; name: string; description: string };

/** A team that has not ended, locked until the commit (see `lockTeams`) unless it is only to be read. Error: not_found. */
export async function loadTeam(
  tx: Tx,
  actor: Pick<Actor, "organizationId">,
  teamId: string,
  how: "lock" | "read" = "lock",
): Promise<{ thing: { type: string; id: string; name: string }; team: LoadedTeam }> {
  const team = await tx
    .selectFrom("team")
    .select(["id", "name", "description"])
    .where("id", "=", teamId)
    .where("organization_id", "=", actor.organizationId)
    .where("ended_at", "is", null)
    .$if(how === "lock", (query) => query.forUpdate())
    .executeTakeFirst();
  if (!team) throw new AppError("not_found", "There is no such team.");
  return { thing: { type: "team", id: team.id, name: team.name }, team };
}
