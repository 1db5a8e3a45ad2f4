import "server-only";
import { sql } from "kysely";
import type { Rights } from "@/lib/authz/permissions";
import type { RightChange } from "@/lib/authz/role-rule";
import type { Tx } from "@/lib/kernel/transaction";

// Revisions of the organization's own roles: intervals, of which one at most is open for a role. Who changes a role has locked it.

/** Ends what a role holds now. */
export async function closeRevision(tx: Tx, organizationId: string, role: string): Promise<void> {
  await tx
    .updateTable("custom_role_revision")
    .set({ valid_to: sql<string>`clock_timestamp()` })
    .where("organization_id", "=", organizationId)
    .where("role", "=", role)
    .where("valid_to", "is", null)
    .execute();
}

/** Lets a role hold rights from now on. `principalId`: who gave them; null for the operator. */
export async function openRevision(
  tx: Tx,
  by: { organizationId: string; principalId: string | null; requestId: string },
  revision: { role: string; number: number; summary: string; rights: Rights },
): Promise<void> {
  await tx
    .insertInto("custom_role_revision")
    .values({
      ...revision,
      rights: JSON.stringify(revision.rights),
      organization_id: by.organizationId,
      created_by: by.principalId,
      request_id: by.requestId,
    })
    .execute();
}

/** What the trail says of changed rights. */
export const rightFacts = (changes: readonly RightChange[], side: "before" | "after"): Record<string, string> =>
  Object.fromEntries(changes.map((change) => [change.permission, change[side] ?? "none"]));
