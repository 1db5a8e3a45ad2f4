import "server-only";
import { AGAIN } from "@/lib/jobs/handler";
import { type CallContext, execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { inScope } from "@/lib/kernel/transaction";
import { moveSealed } from "./move-sealed";
import { rotateMasterKey } from "./rotate-master-key";

/**
 * Begins a move, or goes on with the one that is under way, and does it here to its end, beside a worker or without one. `say` gets a line
 * for each slice. Gives the new key's id. Errors: as of the command; conflict when values are left that don't open.
 */
export async function moveMasterKey(context: CallContext, say: (line: string) => void): Promise<string> {
  try {
    await execute(rotateMasterKey, context, {});
  } catch (error) {
    if (!(error instanceof AppError && error.reason === "under_way")) throw error;
  }
  const item = { id: 0, workspaceId: null, attempts: 1, signal: new AbortController().signal };
  for (;;) {
    const left = await moveSealed({}, item);
    const row = await inScope([], (tx) => tx.selectFrom("master_key").selectAll().where("state", "=", "active").executeTakeFirstOrThrow());
    say(`${row.moved} of ${row.total ?? 0} moved`);
    if (row.failed > 0)
      throw new AppError("conflict", `${row.failed} values do not open under the old master key, which therefore stays.`, {
        fix: "The lines above name them: restore or destroy them, and rotate again.",
      });
    if (left !== AGAIN) return row.id;
  }
}
