import "server-only";
import { sql } from "kysely";
import { keepASystemAdmin } from "@/lib/access/keep-a-system-admin";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { type EndedAccess, endAccessOf } from "@/lib/members/end-access";
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

/**
 * The same of many, in as many statements as of one: what is held may be thousands. Gives what ended with each account that was active. Callers apply
 * the rules after. Error: forbidden when no System Admin stays.
 */
export async function endUsers(
  tx: Tx,
  actor: Actor,
  directoryId: string,
  users: readonly { userId: string; principalId: string; how: "deactivated" | "deleted" }[],
): Promise<Map<string, EndedAccess>> {
  const people = sql`any(${users.map((one) => one.principalId).sort()}::uuid[])`;
  const deleted = sql`any(${users.flatMap((one) => (one.how === "deleted" ? [one.userId] : []))}::uuid[])`;
  // In one order, as whoever else locks several does.
  await sql`select from directory_user where directory_id = ${directoryId} and id = any(${users.map((one) => one.userId)}::uuid[]) order by id for update`.execute(
    tx,
  );
  await sql`update directory_user set active = false, updated_at = clock_timestamp(), version = version + 1, deleted_at = case when id = ${deleted} then clock_timestamp() end
    where directory_id = ${directoryId} and id = any(${users.map((one) => one.userId)}::uuid[])`.execute(tx);
  await sql`delete from directory_member where user_id = ${deleted}`.execute(tx);
  const { rows: active } = await sql<{ id: string }>`
    select id from principal where organization_id = ${actor.organizationId} and id = ${people} and active and deleted_at is null order by id for update`.execute(
    tx,
  );
  const ended = await endAccessOf(
    tx,
    active.map((row) => row.id),
    "directory",
    actor.id,
  );
  await keepASystemAdmin(tx, actor.organizationId);
  return ended;
}
