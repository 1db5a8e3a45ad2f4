import "server-only";
import { sql } from "kysely";
import { can } from "@/lib/authz/can";
import type { Permission } from "@/lib/authz/permissions";
import type { Actor } from "@/lib/identity/actor";
import { prepared } from "./prepared";
import type { Tx } from "./transaction";

// The totals that the database keeps of a project's things (entity_count), so that a list doesn't count what it shows a page of.

/** Kinds that are kept count of. */
export type CountedKind = "run" | "step_run" | "artifact" | "artifact_version" | "model" | "model_version" | "pipeline" | "snapshot";

const totalOf = prepared((db, projectId: string, kind: string) =>
  db.selectFrom("entity_count").select(sql<number>`coalesce(sum(total), 0)`.as("n")).where("project_id", "=", projectId).where("kind", "=", kind),
);

/** The maintained total of a project's things. */
export async function countOf(tx: Tx, projectId: string, kind: CountedKind): Promise<number> {
  const [row] = await totalOf(tx, projectId, kind);
  return Number(row?.n ?? 0);
}

export type Kept = Readers & { kind: CountedKind };
type Readers = { actor: Actor; permission: Permission; workspaceId: string | undefined; projectId: string };

/** Whether the reader may read all of a project's things: a total that is everybody's is told to no one else. */
export function readsAll({ actor, permission, workspaceId, projectId }: Readers): boolean {
  const { allowed, reach } = can(actor, permission, { workspaceId, projectId });
  return allowed && reach === "any";
}

/** The same for a reader; null when the reader may not read all of them. */
export const keptTotal = async (tx: Tx, kept: Kept): Promise<number | null> => (readsAll(kept) ? countOf(tx, kept.projectId, kept.kind) : null);
