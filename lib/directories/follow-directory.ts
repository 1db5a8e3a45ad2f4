import "server-only";
import { sql } from "kysely";
import { keepASystemAdmin } from "@/lib/access/keep-a-system-admin";
import { CANARY } from "@/lib/canaries/schema";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { type EndedAccess, endAccess } from "@/lib/members/end-access";
import type { UserState } from "./schema";

// The account behind a directory's person, and how it follows what the directory says: name, address, active or not. What a person of ours
// ended stays ended; what the directory ended comes back with it.

export type Account = { id: string; active: boolean; endedBy: string | null; email: string | null; name: string; fullName: string };

type Directory = { id: string; name: string; provider: string };
/** The canaries' directory brings canaries and finds nobody else; no other directory finds one. */
const kindOf = ({ provider }: Directory) => (provider === CANARY ? CANARY : "user");

const ACCOUNT = ["p.id", "p.active", "p.ended_by as endedBy", "p.email", "p.name", "p.full_name as fullName"] as const;

/**
 * The account of a person, locked: the known one, else that of an earlier provisioning, else the one with the same address, else a new one.
 * Errors: conflict for an account of another directory, and for a local System Admin's: a directory never takes one over by an address alone.
 */
export async function accountFor(tx: Tx, actor: Actor, directory: Directory, state: UserState, known?: string): Promise<Account> {
  const accounts = tx
    .selectFrom("principal as p")
    .select(ACCOUNT)
    .where("p.organization_id", "=", actor.organizationId)
    .where("p.kind", "=", kindOf(directory))
    .where("p.deleted_at", "is", null)
    .forUpdate();
  if (known) return accounts.where("p.id", "=", known).executeTakeFirstOrThrow();
  // Two questions, each with an index of its own: together they would read all people of the directory.
  const { rows: earlier } = await sql<{ id: string }>`
    select principal_id as id from directory_user where directory_id = ${directory.id} and lower(user_name) = lower(${state.userName})
    union select principal_id from directory_user where directory_id = ${directory.id} and external_id = ${state.externalId}`.execute(tx);
  const before = earlier[0]
    ? await accounts
        .where(
          "p.id",
          "in",
          earlier.map((one) => one.id),
        )
        .executeTakeFirst()
    : undefined;
  if (before) return before;
  const same = state.email ? await accounts.where(sql<boolean>`lower(p.email) = lower(${state.email})`).executeTakeFirst() : undefined;
  if (!same) return makeAccount(tx, actor, directory, state);
  const other = await tx
    .selectFrom("directory_user as u")
    .innerJoin("directory as d", "d.id", "u.directory_id")
    .select("d.name")
    .where("u.principal_id", "=", same.id)
    .where("u.deleted_at", "is", null)
    .where("d.provider", "<>", "claims") // what sign-ins brought claims nobody
    .executeTakeFirst();
  if (other) throw new AppError("conflict", `The account of ${state.email} belongs to the directory ${other.name}.`, { reason: "other_directory" });
  if (await isLocalAdmin(tx, same.id))
    throw new AppError("conflict", `The account of ${state.email} is a System Admin's that was made here: ${directory.name} can't take it over.`, {
      fix: "Give the local account another address first, or end its System Admin grant.",
      reason: "local_admin",
    });
  return same;
}

/** Makes the account follow the state; gives what changed, for the trail. Errors: conflict for a taken address, forbidden for the last System Admin. */
export async function followDirectory(
  tx: Tx,
  actor: Actor,
  account: Account,
  state: UserState,
): Promise<{ accountEnded?: EndedAccess; accountRestored?: true; keptEnded?: true }> {
  const name = state.email ?? state.userName;
  if (account.email !== state.email || account.fullName !== state.fullName || account.name !== name) {
    const taken = state.email
      ? await tx
          .selectFrom("principal")
          .select("id")
          .where("organization_id", "=", actor.organizationId)
          .where(sql<boolean>`lower(email) = lower(${state.email})`)
          .where("id", "<>", account.id)
          .executeTakeFirst()
      : undefined;
    if (taken) throw new AppError("conflict", `Another account has the address ${state.email}.`, { reason: "email_taken" });
    await tx
      .updateTable("principal")
      .set({ email: state.email, full_name: state.fullName, name, updated_at: sql<string>`clock_timestamp()` })
      .where("id", "=", account.id)
      .execute();
  }
  if (account.active && !state.active) {
    const accountEnded = await endAccess(tx, account.id, "directory", actor.id);
    await keepASystemAdmin(tx, actor.organizationId);
    return { accountEnded };
  }
  if (account.active || !state.active) return {};
  if (account.endedBy !== "directory") return { keptEnded: true };
  await tx
    .updateTable("principal")
    .set({ active: true, ended_by: null, ended_at: null, updated_at: sql<string>`clock_timestamp()` })
    .where("id", "=", account.id)
    .execute();
  return { accountRestored: true };
}

/** A new account: as active as the directory says. */
async function makeAccount(tx: Tx, actor: Actor, directory: Directory, state: UserState): Promise<Account> {
  const account = { id: newId(), active: state.active, endedBy: state.active ? null : "directory", email: state.email, fullName: state.fullName };
  const name = state.email ?? state.userName;
  await tx
    .insertInto("principal")
    .values({
      id: account.id,
      organization_id: actor.organizationId,
      kind: kindOf(directory),
      name,
      email: state.email,
      full_name: state.fullName,
      active: state.active,
      ended_by: state.active ? null : "directory",
      ended_at: state.active ? null : sql<string>`clock_timestamp()`,
    })
    .execute();
  return { ...account, name };
}

/** Whether somebody gave the account the System Admin role here: no outside word takes such an account over. */
export async function isLocalAdmin(tx: Tx, principalId: string): Promise<boolean> {
  const grant = await tx
    .selectFrom("role_grant")
    .select("id")
    .where("principal_id", "=", principalId)
    .where("role", "=", "system-admin")
    .where("effect", "=", "allow")
    .where("source", "in", ["setup", "person", "request"])
    .where(sql<boolean>`(valid_to is null or valid_to > clock_timestamp())`)
    .executeTakeFirst();
  return grant !== undefined;
}
