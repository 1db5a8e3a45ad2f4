import "server-only";
import { sql } from "kysely";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { accountFor, followDirectory } from "./follow-directory";
import type { DirectoryRow } from "./load-directory";

// A person of a directory comes to an end there, and the account with them: by the directory's word, or when somebody lets a held word through.

/** A person of a directory, against other writers until the commit. Error: not_found. */
export async function lockUser(tx: Tx, directoryId: string, userId: string) {
  const user = await tx
    .selectFrom("directory_user")
    .select(["id", "principal_id", "user_name", "external_id", "active", "version"])
    .where("id", "=", userId)
    .where("directory_id", "=", directoryId)
    .where("deleted_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
  if (!user) throw new AppError("not_found", "There is no such person in this directory.");
  return user;
}

/** Deactivates a person, or takes them off for good: the row then stays as a tombstone. Callers apply the rules after. Error: forbidden for the last System Admin. */
export async function endUser(
  tx: Tx,
  actor: Actor,
  directory: DirectoryRow,
  user: { id: string; principal_id: string; user_name: string; external_id: string | null },
  how: "deactivated" | "deleted",
): ReturnType<typeof followDirectory> {
  const now = sql<string>`clock_timestamp()`;
  await tx
    .updateTable("directory_user")
    .set({ active: false, updated_at: now, version: sql<number>`version + 1`, ...(how === "deleted" ? { deleted_at: now } : {}) })
    .where("id", "=", user.id)
    .execute();
  if (how === "deleted") await tx.deleteFrom("directory_member").where("user_id", "=", user.id).execute();
  const state = { userName: user.user_name, externalId: user.external_id, active: false, email: null, fullName: "", attributes: {} };
  const account = await accountFor(tx, actor, directory, state, user.principal_id);
  return followDirectory(tx, actor, account, { ...state, email: account.email, fullName: account.fullName });
}
