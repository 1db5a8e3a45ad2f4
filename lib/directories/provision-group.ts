import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { applyRules, type Cause } from "@/lib/group-rules/apply-rules";
import { takeWaitingRules } from "@/lib/group-rules/waiting-rules";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { effectFacts } from "@/lib/teams/apply-teams";
import { judgeRemoval, lockRemovals, withdrawRemovals } from "./judge-removal";
import { loadDirectory } from "./load-directory";
import type { Taken } from "./provision-user";
import { groupState } from "./schema";

// Groups as a directory says them. Members are named by the ids of the directory's people; one that the directory doesn't hold is refused.

const ids = z.array(z.uuid()).max(20_000);
/** `replace`: exactly these; otherwise what is added and what is taken away. */
const memberChange = z.strictObject({ replace: ids.optional(), add: ids.default([]), remove: ids.default([]) });
export type MemberChange = z.input<typeof memberChange>;

/** Takes a group on. Errors: conflict for a taken name, invalid_input for unknown members. */
export const provisionGroup = defineCommand({
  name: "directory-group.provisioned",
  permission: "directory:update",
  input: z.strictObject({ directoryId: z.uuid(), state: groupState, members: ids.default([]) }),
  scope: ({ tx, actor, input }) => loadDirectory(tx, actor, input.directoryId),
  run: async ({ tx, actor, request, input: { directoryId, state, members } }) => {
    await refuseTaken(tx, directoryId, state.displayName);
    const id = newId();
    await tx.insertInto("directory_group").values({ id, directory_id: directoryId, display_name: state.displayName, external_id: state.externalId }).execute();
    const changed = await changeMembers(tx, { actor, request }, directoryId, id, { add: members, remove: [] });
    Object.assign(changed, await takeWaitingRules(tx, { actor, request }, directoryId));
    return { result: { id }, audit: { target: { type: "directory-group", id, name: state.displayName }, after: { ...state, ...changed } } };
  },
});

/** Sets a group's name and its members in one step. Errors: not_found, conflict (reason `stale` for another version), invalid_input for unknown members. */
export const updateDirectoryGroup = defineCommand({
  name: "directory-group.updated",
  permission: "directory:update",
  input: z.strictObject({
    directoryId: z.uuid(),
    groupId: z.uuid(),
    version: z.number().int(),
    state: groupState,
    members: memberChange.default({ add: [], remove: [] }),
  }),
  scope: ({ tx, actor, input }) => loadDirectory(tx, actor, input.directoryId),
  run: async ({ tx, actor, request, input: { directoryId, groupId, version, state, members }, target: { directory } }) => {
    if (members.replace || members.remove.length > 0) await lockRemovals(tx, directoryId);
    const group = await lockGroup(tx, directoryId, groupId);
    if (group.version !== version) throw new AppError("conflict", "It was changed meanwhile.", { fix: "Read it again.", reason: "stale" });
    if (group.display_name.toLowerCase() !== state.displayName.toLowerCase()) await refuseTaken(tx, directoryId, state.displayName);
    const target = { type: "directory-group", id: groupId, name: state.displayName };
    const leaving = await losersOf(tx, groupId, members);
    const notTaken = leaving.length > 0 && (await judgeRemoval(tx, actor, directory, { kind: "left", userIds: leaving, groupId }, target));
    if (notTaken) return notTaken;
    await withdrawRemovals(tx, directoryId, { groupIsThere: groupId });
    await withdrawRemovals(tx, directoryId, { userIds: [...(members.replace ?? []), ...members.add], groupId });
    await tx
      .updateTable("directory_group")
      .set({ display_name: state.displayName, external_id: state.externalId, version: version + 1, updated_at: sql<string>`clock_timestamp()` })
      .where("id", "=", groupId)
      .execute();
    const changed = await changeMembers(tx, { actor, request }, directoryId, groupId, members);
    if (group.display_name !== state.displayName) Object.assign(changed, await takeWaitingRules(tx, { actor, request }, directoryId));
    const before = { displayName: group.display_name, externalId: group.external_id };
    const result: Taken = { id: groupId };
    return { result, audit: { target, before, after: { ...state, ...changed } } };
  },
});

/** Takes a group off, and with it all that came through it. Error: not_found. */
export const removeDirectoryGroup = defineCommand({
  name: "directory-group.removed",
  permission: "directory:update",
  input: z.strictObject({ directoryId: z.uuid(), groupId: z.uuid() }),
  scope: ({ tx, actor, input }) => loadDirectory(tx, actor, input.directoryId),
  run: async ({ tx, actor, request, input: { directoryId, groupId }, target: { directory } }) => {
    await lockRemovals(tx, directoryId);
    const group = await lockGroup(tx, directoryId, groupId);
    const target = { type: "directory-group", id: groupId, name: group.display_name };
    const leaving = await losersOf(tx, groupId, { replace: [], add: [], remove: [] });
    const notTaken = leaving.length > 0 && (await judgeRemoval(tx, actor, directory, { kind: "group-deleted", userIds: leaving, groupId }, target));
    if (notTaken) return notTaken;
    const changed = await endGroup(tx, { actor, request }, directoryId, groupId);
    const result: Taken = { id: groupId };
    return { result, audit: { target, after: { removed: true, ...changed } } };
  },
});

/** Takes a group off, with all memberships. */
export async function endGroup(tx: Tx, by: Cause, directoryId: string, groupId: string): Promise<Changed> {
  const now = sql<string>`clock_timestamp()`;
  await tx.updateTable("directory_group").set({ deleted_at: now, updated_at: now }).where("id", "=", groupId).execute();
  return changeMembers(tx, by, directoryId, groupId, { replace: [], add: [], remove: [] });
}

/** Who would leave a group, where leaving it takes something away: it has a rule. */
async function losersOf(tx: Tx, groupId: string, { replace, add, remove }: z.output<typeof memberChange>): Promise<string[]> {
  if (!replace && remove.length === 0) return [];
  const staying = [...(replace ?? []), ...add];
  const leaves = replace ? sql`m.user_id <> all(${staying}::uuid[])` : sql`m.user_id = any(${remove.filter((id) => !staying.includes(id))}::uuid[])`;
  const { rows } = await sql<{ id: string }>`
    select m.user_id as id from directory_member m where m.group_id = ${groupId} and ${leaves}
      and exists (select 1 from group_rule r where r.group_id = m.group_id and r.ended_at is null)`.execute(tx);
  return rows.map((row) => row.id);
}

async function lockGroup(tx: Tx, directoryId: string, groupId: string) {
  const group = await tx
    .selectFrom("directory_group")
    .select(["id", "display_name", "external_id", "version"])
    .where("id", "=", groupId)
    .where("directory_id", "=", directoryId)
    .where("deleted_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
  if (!group) throw new AppError("not_found", "There is no such group in this directory.");
  return group;
}

type Changed = { rulesMade?: number; added?: number; removed?: number; grantsOpened?: number; grantsEnded?: number };

/** Sets who is in a group, and what the rules give by it. Error: invalid_input for a person whom the directory doesn't hold. */
export async function changeMembers(tx: Tx, by: Cause, directoryId: string, groupId: string, change: z.output<typeof memberChange>): Promise<Changed> {
  const wanted = [...new Set([...(change.replace ?? []), ...change.add])];
  const { rows: known } = await sql<{ id: string }>`
    select id from directory_user where directory_id = ${directoryId} and deleted_at is null and id = any(${wanted}::uuid[])`.execute(tx);
  if (known.length < wanted.length)
    throw new AppError("invalid_input", "A member is named that this directory has not provisioned.", {
      fix: "Create the person first.",
      reason: "unknown_member",
    });
  const leaving = change.replace ? sql`user_id <> all(${wanted}::uuid[])` : sql`user_id = any(${change.remove.filter((id) => !wanted.includes(id))}::uuid[])`;
  type Member = { user_id: string };
  const { rows: removed } = await sql<Member>`delete from directory_member where group_id = ${groupId} and ${leaving} returning user_id`.execute(tx);
  const { rows: added } = await sql<Member>`insert into directory_member (group_id, user_id) select ${groupId}::uuid, unnest(${wanted}::uuid[])
    on conflict do nothing returning user_id`.execute(tx);
  const changed = [...removed, ...added].map((member) => member.user_id);
  if (changed.length === 0) return {};
  const { rows: accounts } = await sql<{ id: string }>`select distinct principal_id as id from directory_user where id = any(${changed}::uuid[])`.execute(tx);
  const effect = await applyRules(tx, by, { principalIds: accounts.map((account) => account.id) });
  return { ...(added.length > 0 ? { added: added.length } : {}), ...(removed.length > 0 ? { removed: removed.length } : {}), ...effectFacts(effect) };
}

async function refuseTaken(tx: Tx, directoryId: string, displayName: string): Promise<void> {
  const taken = await tx
    .selectFrom("directory_group")
    .select("id")
    .where("directory_id", "=", directoryId)
    .where(sql<boolean>`lower(display_name) = lower(${displayName})`)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  if (taken) throw new AppError("conflict", `There is a group named ${displayName} in this directory already.`, { reason: "group_name_taken" });
}
