import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import type { AuditDraft } from "@/lib/audit/record";
import { applyRules, type Cause } from "@/lib/group-rules/apply-rules";
import type { Actor } from "@/lib/identity/actor";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { requireTypedName } from "@/lib/kernel/typed-name";
import type { Tx } from "@/lib/kernel/transaction";
import { effectFacts } from "@/lib/teams/apply-teams";
import { endUsers } from "./end-user";
import { lockRemovals } from "./judge-removal";
import { type DirectoryRow, loadProvisioned } from "./load-directory";
import { changeMembers, endGroup } from "./provision-group";
import type { RemovalKind } from "./schema";

// A System Admin's decision on removals that are held: all of them, or none. What the directory took back meanwhile is not among them.

const ofHold = { directoryId: z.uuid(), holdId: z.uuid() };
type Input = { directoryId: string; holdId: string };
type Held = { userId: string; principalId: string; userName: string; groupId: string | null; groupName: string | null; kind: RemovalKind; isThere: boolean };

/** Lets the removals through, in one transaction. Errors: not_found, invalid_input for another name, conflict when it is decided, forbidden for the last System Admin. */
export const applyHold = defineCommand({
  name: "directory-hold.applied",
  permission: "directory:update",
  input: z.strictObject({ ...ofHold, typedName: z.string() }),
  scope: ({ tx, actor, input }) => loadHold(tx, actor, input),
  run: async ({ tx, actor, request, input: { directoryId, holdId, typedName }, target: { directory } }) => {
    requireTypedName(typedName, directory.name);
    const held = await heldOf(tx, holdId);
    const drafts: AuditDraft[] = [];
    const users = held
      .filter(({ groupId, isThere }) => groupId === null && isThere)
      .map((one) => ({ ...one, how: one.kind === "deleted" ? ("deleted" as const) : ("deactivated" as const) }));
    const endings = await endUsers(tx, actor, directoryId, users);
    for (const { how, ...one } of users) {
      const accountEnded = endings.get(one.principalId);
      drafts.push({
        action: how === "deleted" ? "directory-user.removed" : "directory-user.updated",
        target: { type: "directory-user", id: one.userId, name: one.userName },
        after: { hold: holdId, ...(how === "deleted" ? { removed: true } : { active: false }), ...(accountEnded ? { accountEnded } : {}) },
      });
    }
    const ofGroups = held.filter(({ groupId, isThere }) => groupId !== null && isThere);
    for (const groupId of new Set(ofGroups.map((one) => one.groupId as string))) {
      const members = ofGroups.filter((one) => one.groupId === groupId);
      const isDeleted = members.some(({ kind }) => kind === "group-deleted");
      const remove = members.map(({ userId }) => userId);
      const changed = isDeleted
        ? await endGroup(tx, { actor, request }, directoryId, groupId)
        : await removeMembers(tx, { actor, request }, directoryId, groupId, remove);
      drafts.push({
        action: isDeleted ? "directory-group.removed" : "directory-group.updated",
        target: { type: "directory-group", id: groupId, name: members[0]?.groupName },
        after: { hold: holdId, ...changed },
      });
    }
    const grants = await applyRules(tx, { actor, request }, { principalIds: held.map(({ principalId }) => principalId) });
    await decide(tx, holdId, "applied", actor);
    const people = new Set(held.map(({ userId }) => userId)).size;
    const own: AuditDraft = {
      target: { type: "directory-hold", id: holdId, name: directory.name },
      after: { people, removals: held.length, ...effectFacts(grants) },
    };
    return { result: { id: holdId, people }, audit: [...drafts, own] };
  },
});

/** Refuses the removals: nothing changes, and the directory hears so for a day when it sends them again. Errors: not_found, conflict when it is decided. */
export const discardHold = defineCommand({
  name: "directory-hold.discarded",
  permission: "directory:update",
  input: z.strictObject(ofHold),
  scope: ({ tx, actor, input }) => loadHold(tx, actor, input),
  run: async ({ tx, actor, input: { holdId }, target: { directory } }) => {
    const people = new Set((await heldOf(tx, holdId)).map(({ userId }) => userId)).size;
    await decide(tx, holdId, "discarded", actor);
    return { result: { id: holdId, people }, audit: { target: { type: "directory-hold", id: holdId, name: directory.name }, after: { people } } };
  },
});

/** Another version of the group, so that what a client makes of the old one is refused. */
async function removeMembers(tx: Tx, by: Cause, directoryId: string, groupId: string, remove: string[]): ReturnType<typeof changeMembers> {
  await sql`update directory_group set version = version + 1, updated_at = clock_timestamp() where id = ${groupId}`.execute(tx);
  return changeMembers(tx, by, directoryId, groupId, { add: [], remove });
}

async function loadHold(
  tx: Tx,
  actor: Actor,
  { directoryId, holdId }: Input,
): Promise<{ directory: DirectoryRow } & Awaited<ReturnType<typeof loadProvisioned>>> {
  await lockRemovals(tx, directoryId);
  const target = await loadProvisioned(tx, actor, directoryId);
  const hold = await tx
    .selectFrom("directory_hold")
    .select("decision")
    .where("id", "=", holdId)
    .where("directory_id", "=", directoryId)
    .forUpdate()
    .executeTakeFirst();
  if (!hold) throw new AppError("not_found", "There are no such held removals.");
  if (hold.decision) throw new AppError("conflict", `These removals are decided: they were ${hold.decision}.`, { reason: "decided" });
  return target;
}

const decide = (tx: Tx, holdId: string, decision: "applied" | "discarded", actor: Actor) =>
  tx
    .updateTable("directory_hold")
    .set({ decision, decided_at: sql<string>`clock_timestamp()`, decided_by: actor.kind === "user" ? actor.id : null })
    .where("id", "=", holdId)
    .execute();

/** What a hold is about. `isThere`: the person, or their membership, is still as it was. */
async function heldOf(tx: Tx, holdId: string): Promise<Held[]> {
  const { rows } = await sql<Held>`
    select r.user_id as "userId", u.principal_id as "principalId", u.user_name as "userName", r.group_id as "groupId", g.display_name as "groupName", r.kind,
      u.deleted_at is null and (case when r.group_id is null then u.active or r.kind = 'deleted'
        else exists (select 1 from directory_member m where m.group_id = r.group_id and m.user_id = r.user_id) end) as "isThere"
    from directory_removal r join directory_user u on u.id = r.user_id left join directory_group g on g.id = r.group_id
    where r.hold_id = ${holdId} and r.withdrawn_at is null order by r.at, r.id`.execute(tx);
  return rows;
}
