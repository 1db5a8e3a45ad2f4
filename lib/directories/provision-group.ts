import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { applyRules, type Cause } from "@/lib/group-rules/apply-rules";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { effectFacts } from "@/lib/teams/apply-teams";
import { loadDirectory } from "./load-directory";
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
  run: async ({ tx, actor, request, input: { directoryId, groupId, version, state, members } }) => {
    const group = await lockGroup(tx, directoryId, groupId);
    if (group.version !== version) throw new AppError("conflict", "It was changed meanwhile.", { fix: "Read it again.", reason: "stale" });
    if (group.display_name.toLowerCase() !== state.displayName.toLowerCase()) await refuseTaken(tx, directoryId, state.displayName);
    await tx
      .updateTable("directory_group")
      .set({ display_name: state.displayName, external_id: state.externalId, version: version + 1, updated_at: sql<string>`clock_timestamp()` })
      .where("id", "=", groupId)
      .execute();
    const changed = await changeMembers(tx, { actor, request }, directoryId, groupId, members);
    const before = { displayName: group.display_name, externalId: group.external_id };
    return {
      result: { id: groupId },
      audit: { target: { type: "directory-group", id: groupId, name: state.displayName }, before, after: { ...state, ...changed } },
    };
  },
});

/** Takes a group off, and with it all that came through it. Error: not_found. */
export const removeDirectoryGroup = defineCommand({
  name: "directory-group.removed",
  permission: "directory:update",
  input: z.strictObject({ directoryId: z.uuid(), groupId: z.uuid() }),
  scope: ({ tx, actor, input }) => loadDirectory(tx, actor, input.directoryId),
  run: async ({ tx, actor, request, input: { directoryId, groupId } }) => {
    const group = await lockGroup(tx, directoryId, groupId);
    const now = sql<string>`clock_timestamp()`;
    await tx.updateTable("directory_group").set({ deleted_at: now, updated_at: now }).where("id", "=", groupId).execute();
    const changed = await changeMembers(tx, { actor, request }, directoryId, groupId, { replace: [], add: [], remove: [] });
    return {
      result: { id: groupId },
      audit: { target: { type: "directory-group", id: groupId, name: group.display_name }, after: { removed: true, ...changed } },
    };
  },
});

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

type Changed = { added?: number; removed?: number; grantsOpened?: number; grantsEnded?: number };

async function changeMembers(tx: Tx, by: Cause, directoryId: string, groupId: string, change: z.output<typeof memberChange>): Promise<Changed> {
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
