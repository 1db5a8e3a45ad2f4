import "server-only";
import { sql } from "kysely";
import type { Actor } from "@/lib/identity/actor";
import type { Outcome } from "@/lib/kernel/command";
import { UNCHANGED } from "@/lib/kernel/command";
import { environment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { alarmAdmins } from "./alarm";
import type { DirectoryRow } from "./load-directory";
import type { RemovalKind } from "./schema";

// Bulk removals. What a directory takes away takes effect at once, as long as it takes it from few; from where it would be too many within an
// hour, nothing more is taken until a System Admin has decided. Invariant: what is held has changed nothing, and the directory is told so.

/** So many are never too many, however small the directory is. */
const NEVER_TOO_MANY = 5;
/** For how long a removal that a person refused is refused again, before it is judged anew. */
const REFUSED_HOURS = 24;
const WINDOW = sql`clock_timestamp() - interval '1 hour'`;

export type Removal = { kind: RemovalKind; userIds: readonly string[]; groupId?: string };
/** Why nothing was taken away; `wait`: it may be sent again, `refused`: a person said no. */
export type NotTaken = { why: "wait" | "refused"; sentence: string };

/** Before anything of a request that may take away is read: two of one directory are judged one after the other. */
export const lockRemovals = (tx: Tx, directoryId: string) => sql`select pg_advisory_xact_lock(hashtext(${`removals of ${directoryId}`}))`.execute(tx);

/**
 * Judges what a directory is about to take away. Undefined: it may, and the removal is counted. Otherwise the command ends with this and
 * changes nothing: the removal is held, or was refused by a person. `target`: what the trail says was to be removed.
 */
export async function judgeRemoval(
  tx: Tx,
  actor: Actor,
  directory: DirectoryRow,
  removal: Removal,
  target: { type: string; id: string; name: string },
): Promise<Omit<Outcome<{ id: string; notTaken: NotTaken }>, "live"> | undefined> {
  const { rows } = await sql<Facts>`
    with asked as (select u.id from directory_user u join principal p on p.id = u.principal_id
        where u.id = any(${[...removal.userIds]}::uuid[]) and u.active and u.deleted_at is null and p.active),
      taken as (select distinct user_id as id from directory_removal where directory_id = ${directory.id} and hold_id is null and at > ${WINDOW})
    select coalesce((select array_agg(id) from asked), '{}') as ids,
      (select id from directory_hold where directory_id = ${directory.id} and decision is null) as hold,
      (select count(*)::int from (select id from asked union select id from taken) x) as ending, (select count(*)::int from taken) as "endedBefore",
      (select count(*)::int from directory_user u where u.directory_id = ${directory.id}
        and ((u.active and u.deleted_at is null) or u.id in (select id from taken))) as people,
      (select jsonb_build_object('by', coalesce(nullif(p.full_name, ''), p.name), 'at', h.decided_at)
        from directory_removal r join directory_hold h on h.id = r.hold_id left join principal p on p.id = h.decided_by
        where r.user_id in (select id from asked) and r.group_id is not distinct from ${removal.groupId ?? null}::uuid and r.withdrawn_at is null
          and h.decision = 'discarded' and h.decided_at > clock_timestamp() - make_interval(hours => ${REFUSED_HOURS}) limit 1) as refused`.execute(tx);
  const facts = rows[0] as Facts;
  if (facts.ids.length === 0) return undefined;
  if (facts.refused) {
    const { by, at } = facts.refused;
    const sentence = `Not done: ${by ?? "An administrator"} refused this removal at ${at.slice(0, 16)}Z. It is judged anew ${REFUSED_HOURS} hours after that.`;
    return { result: { id: target.id, notTaken: { why: "refused", sentence } }, audit: UNCHANGED };
  }
  const most = Math.max(NEVER_TOO_MANY, Math.floor((directory.holdPercent / 100) * facts.people));
  if (!facts.hold && (facts.ending <= most || directory.holdPercent === 100)) {
    await keep(tx, directory.id, null, removal, facts.ids);
    return undefined;
  }
  const holdId = facts.hold ?? (await beginHold(tx, directory.id, facts, most));
  const isNew = await keep(tx, directory.id, holdId, removal, facts.ids);
  const place = `${environment().url}/settings/directory/${directory.id}/holds/${holdId}`;
  const sentence = `Not done yet: ${directory.name} takes access from more people within an hour than it may without a System Admin (${most} of ${facts.people}). They decide at ${place}; send it again after that.`;
  return {
    result: { id: target.id, notTaken: { why: "wait", sentence } },
    audit: isNew ? { action: "directory-removal.held", target, after: { hold: holdId, kind: removal.kind, people: facts.ids.length } } : UNCHANGED,
    queue: facts.hold ? [] : await alarmAdmins(tx, actor.organizationId, { kind: "hold", directory: directory.name, place, most, people: facts.people }),
  };
}

type Facts = {
  ids: string[];
  hold: string | null;
  ending: number;
  endedBefore: number;
  people: number;
  refused: { by: string | null; at: string } | null;
};

async function beginHold(tx: Tx, directoryId: string, { people, endedBefore }: Facts, most: number): Promise<string> {
  const id = newId();
  await tx.insertInto("directory_hold").values({ id, directory_id: directoryId, people, ended_before: endedBefore, most }).execute();
  return id;
}

/** Notes removals; gives whether one of them is new. The last word counts: who was to be deactivated may be to be deleted now. */
async function keep(tx: Tx, directoryId: string, holdId: string | null, { kind, groupId }: Removal, userIds: readonly string[]): Promise<boolean> {
  const rows = userIds.map((user_id) => ({ id: newId(), user_id }));
  const { rows: changed } = await sql<{ id: string }>`
    insert into directory_removal (id, directory_id, user_id, group_id, kind, hold_id)
    select n.id, ${directoryId}::uuid, n.user_id, ${groupId ?? null}::uuid, ${kind}, ${holdId}::uuid
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n(id uuid, user_id uuid)
    on conflict (hold_id, user_id, coalesce(group_id, user_id)) where hold_id is not null and withdrawn_at is null
      do update set kind = excluded.kind where directory_removal.kind <> excluded.kind
    returning id`.execute(tx);
  return changed.length > 0;
}

/** The directory takes a removal back: of people, or of their membership of a group; or of a group's end. A hold of which nothing is left ends. */
export async function withdrawRemovals(
  tx: Tx,
  directoryId: string,
  of: { userIds: readonly string[]; groupId?: string } | { groupIsThere: string },
): Promise<void> {
  const which =
    "groupIsThere" in of
      ? sql`r.group_id = ${of.groupIsThere} and r.kind = 'group-deleted'`
      : sql`r.user_id = any(${[...of.userIds]}::uuid[]) and r.group_id is not distinct from ${of.groupId ?? null}::uuid`;
  const { rows } = await sql<{ hold_id: string }>`
    update directory_removal r set withdrawn_at = clock_timestamp()
    where r.directory_id = ${directoryId} and r.hold_id is not null and r.withdrawn_at is null and ${which} returning r.hold_id`.execute(tx);
  if (rows.length === 0) return;
  await sql`update directory_hold h set decision = 'withdrawn', decided_at = clock_timestamp()
    where h.id = any(${[...new Set(rows.map((row) => row.hold_id))]}::uuid[]) and h.decision is null
      and not exists (select 1 from directory_removal r where r.hold_id = h.id and r.withdrawn_at is null)`.execute(tx);
}
