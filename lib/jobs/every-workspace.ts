import "server-only";
import { inScope, type Tx } from "@/lib/kernel/transaction";

/** Runs `work` with every workspace in scope: for background work and totals alone, never for what somebody asked. */
export async function inEveryWorkspace<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  const ids = await inScope([], async (tx) => (await tx.selectFrom("workspace").select("id").execute()).map((row) => row.id));
  return inScope(ids, work);
}
