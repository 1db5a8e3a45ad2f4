import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { applyRules } from "@/lib/group-rules/apply-rules";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { effectFacts } from "@/lib/teams/apply-teams";
import { accountFor, followDirectory } from "./follow-directory";
import { endUser, lockUser } from "./end-user";
import { judgeRemoval, lockRemovals, type NotTaken, withdrawRemovals } from "./judge-removal";
import { loadDirectory } from "./load-directory";
import { type UserState, userState } from "./schema";

// People as a directory says them. Invariant: a change and all that it revokes are one transaction, committed before the directory hears of it.

/** `notTaken`: nothing was changed, since it would take away too much at once. */
export type Taken = { id: string; notTaken?: NotTaken };

/** Takes a person on; the account is found by earlier provisioning or the e-mail address, or made. Errors: conflict for a taken name or account. */
export const provisionUser = defineCommand({
  name: "directory-user.provisioned",
  permission: "directory:update",
  input: z.strictObject({ directoryId: z.uuid(), state: userState }),
  scope: ({ tx, actor, input }) => loadDirectory(tx, actor, input.directoryId),
  run: async ({ tx, actor, input: { directoryId, state }, target: { directory } }) => {
    await refuseTaken(tx, directoryId, state.userName);
    const account = await accountFor(tx, actor, directory, state);
    const id = newId();
    await tx
      .insertInto("directory_user")
      .values({ id, directory_id: directoryId, principal_id: account.id, ...columnsOf(state) })
      .execute();
    const effect = await followDirectory(tx, actor, account, state);
    const audit = { target: { type: "directory-user", id, name: state.userName }, after: { ...facts(state), account: account.id, ...effect } };
    return { result: { id }, audit };
  },
});

/** Sets what a directory says of a person. `version`: of what the change was made from. Errors: not_found, conflict (reason `stale` for another version). */
export const updateDirectoryUser = defineCommand({
  name: "directory-user.updated",
  permission: "directory:update",
  input: z.strictObject({ directoryId: z.uuid(), userId: z.uuid(), version: z.number().int(), state: userState }),
  scope: ({ tx, actor, input }) => loadDirectory(tx, actor, input.directoryId),
  run: async ({ tx, actor, input: { directoryId, userId, version, state }, target: { directory }, request }) => {
    if (!state.active) await lockRemovals(tx, directoryId);
    const user = await lockUser(tx, directoryId, userId);
    if (user.version !== version) throw new AppError("conflict", "It was changed meanwhile.", { fix: "Read it again.", reason: "stale" });
    if (user.user_name.toLowerCase() !== state.userName.toLowerCase()) await refuseTaken(tx, directoryId, state.userName);
    const target = { type: "directory-user", id: userId, name: state.userName };
    if (state.active) await withdrawRemovals(tx, directoryId, { userIds: [userId] });
    else if (user.active) {
      const notTaken = await judgeRemoval(tx, actor, directory, { kind: "deactivated", userIds: [userId] }, target);
      if (notTaken) return notTaken;
    }
    await tx
      .updateTable("directory_user")
      .set({ ...columnsOf(state), version: version + 1, updated_at: sql<string>`clock_timestamp()` })
      .where("id", "=", userId)
      .execute();
    const account = await accountFor(tx, actor, directory, state, user.principal_id);
    const effect = await followDirectory(tx, actor, account, state);
    const grants = await applyRules(tx, { actor, request }, { principalIds: [account.id] });
    const before = facts({ ...state, userName: user.user_name, externalId: user.external_id, active: user.active });
    const result: Taken = { id: userId };
    return { result, audit: { target, before, after: { ...facts(state), ...effect, ...effectFacts(grants) } } };
  },
});

/** Takes a person off for good: the account ends and the row stays as a tombstone. Error: not_found. */
export const removeDirectoryUser = defineCommand({
  name: "directory-user.removed",
  permission: "directory:update",
  input: z.strictObject({ directoryId: z.uuid(), userId: z.uuid() }),
  scope: ({ tx, actor, input }) => loadDirectory(tx, actor, input.directoryId),
  run: async ({ tx, actor, input: { directoryId, userId }, target: { directory }, request }) => {
    await lockRemovals(tx, directoryId);
    const user = await lockUser(tx, directoryId, userId);
    const target = { type: "directory-user", id: userId, name: user.user_name };
    const notTaken = await judgeRemoval(tx, actor, directory, { kind: "deleted", userIds: [userId] }, target);
    if (notTaken) return notTaken;
    const effect = await endUser(tx, actor, directory, user, "deleted");
    const grants = await applyRules(tx, { actor, request }, { principalIds: [user.principal_id] });
    const result: Taken = { id: userId };
    return { result, audit: { target, after: { removed: true, ...effect, ...effectFacts(grants) } } };
  },
});

const columnsOf = (state: UserState) => ({
  user_name: state.userName,
  external_id: state.externalId,
  active: state.active,
  attributes: JSON.stringify(state.attributes),
});

const facts = ({ userName, externalId, active }: UserState) => ({ userName, externalId, active });

async function refuseTaken(tx: Tx, directoryId: string, userName: string): Promise<void> {
  const taken = await tx
    .selectFrom("directory_user")
    .select("id")
    .where("directory_id", "=", directoryId)
    .where(sql<boolean>`lower(user_name) = lower(${userName})`)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  if (taken) throw new AppError("conflict", `There is a person named ${userName} in this directory already.`, { reason: "user_name_taken" });
}
