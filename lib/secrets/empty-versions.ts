import "server-only";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";

// Ends the values of versions for good; that they were there, with their keys and uses, stays. Copies in an outside store end later (lib/secret-stores/copies.ts).

type Table = "secret_version" | "organization_secret_version";

/** Empties the versions of a secret that still have values, or one of them; gives their numbers, the oldest first. */
export async function emptyVersions(tx: Tx, table: Table, secretId: string, now: string, version?: number): Promise<number[]> {
  const emptied = await tx
    .updateTable(table)
    .set({ sealed: null, wrapped_key: null, master_key_id: null, destroyed_at: now })
    .where("secret_id", "=", secretId)
    .where("destroyed_at", "is", null)
    .$if(version !== undefined, (query) => query.where("version", "=", version as number))
    .returning("version")
    .execute();
  return emptied.map((row) => row.version).sort((a, b) => a - b);
}

/** Empties an earlier version; gives the names of its keys. Errors: not_found, conflict for the version that holds and for one that was destroyed already. */
export async function emptyEarlier(tx: Tx, table: Table, secret: { id: string; version: number }, version: number, now: string): Promise<string[]> {
  if (version === secret.version)
    throw new AppError("conflict", `Version ${version} is the one that holds.`, { fix: "Rotate the secret first, or delete it.", reason: "is_current" });
  const row = await tx
    .selectFrom(table)
    .select(["destroyed_at", "key_names"])
    .where("secret_id", "=", secret.id)
    .where("version", "=", version)
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", `There is no version ${version} of this secret.`);
  if (row.destroyed_at) throw new AppError("conflict", `Version ${version} was destroyed already.`, { reason: "version_destroyed" });
  await emptyVersions(tx, table, secret.id, now, version);
  return row.key_names;
}
