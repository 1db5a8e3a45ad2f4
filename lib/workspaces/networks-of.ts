import "server-only";
import { environment } from "@/lib/kernel/env";
import type { Tx } from "@/lib/kernel/transaction";

/** The CIDRs beyond public addresses that outgoing calls of a workspace may reach: those of the environment, of its organization and its own. */
export async function networksOf(tx: Tx, workspaceId: string): Promise<string[]> {
  const row = await tx
    .selectFrom("workspace as w")
    .innerJoin("organization as o", "o.id", "w.organization_id")
    .select(["w.allow_networks as own", "o.allow_networks as shared"])
    .where("w.id", "=", workspaceId)
    .executeTakeFirst();
  return [...new Set([...environment().allowNetworks, ...(row?.shared ?? []), ...(row?.own ?? [])])];
}
