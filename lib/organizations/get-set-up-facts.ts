import "server-only";
import { toAppError } from "@/lib/kernel/errors";
import { inScope } from "@/lib/kernel/transaction";

/** What anybody at the door may know of the installation. */
export type SetUpFacts = { organization: string; doneAt: string; doneBy: string; seq: number };

/** The organization's name and its first audit entry; undefined before the set-up. Error: unavailable. */
export async function getSetUpFacts(): Promise<SetUpFacts | undefined> {
  try {
    const row = await inScope([], (tx) =>
      tx
        .selectFrom("organization as o")
        .leftJoin("audit_entry as a", (join) => join.onRef("a.organization_id", "=", "o.id").on("a.seq", "=", 1).on("a.workspace_id", "is", null))
        .select(["o.name", "o.created_at", "a.at", "a.actor_name", "a.seq"])
        .executeTakeFirst(),
    );
    return row && { organization: row.name, doneAt: row.at ?? row.created_at, doneBy: row.actor_name ?? "Operator", seq: row.seq ?? 1 };
  } catch (error) {
    throw toAppError(error);
  }
}
