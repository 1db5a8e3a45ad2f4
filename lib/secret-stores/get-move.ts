import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { CallContext } from "@/lib/kernel/command";
import { ask, defineQuery } from "@/lib/kernel/query";
import { readVersion } from "@/lib/secrets/versions";
import { findStore } from "./find-store";
import type { MovePreview, MoveState, MoveView } from "./move-schema";
import { openStore } from "./open-store";
import { storeTitle } from "./schema";
import { storeText } from "./store-error";
import { leftToCopy, IS_MOVED } from "./work-move";

type Found = {
  id: string;
  state: MoveState;
  from: string | null;
  to: string | null;
  old: string[] | null;
  copied: number;
  failed: number;
  reason: string | null;
  stopped_at: string | null;
  by: string | null;
  at: string;
  cut_over_at: string | null;
};

/** A private secret is there for its owner alone, and so is its name. */
const nameFor = (actor: { id: string }) => sql<string>`case when s.private_to is null or s.private_to = ${actor.id} then s.name else 'a private secret' end`;
/** A store within a sentence. */
const placeWords = (type: string | null): string => (type === null ? "Reeve’s own store" : storeTitle(type));

/** The kinds of the stores where what is moved lies beside the one that it goes to: new values may have gone there long before. Empty: Reeve's own. */
const oldPlaces = sql`(select array_agg(distinct coalesce(o.type, '')) from secret_copy c join secret_version v on v.secret_id = c.secret_id and v.version = c.version
  left join secret_store o on o.id = case when m.state in ('cut-over', 'rolling-back') then c.store_id else v.store_id end
  where c.move_id = m.id and c.error is null)`;

/** The move that is not ended, with how far it is; null when there is none. */
export const getMove = defineQuery({
  name: "secret-store.move",
  permission: "api-key:read",
  input: z.strictObject({}),
  scope: ({ workspace }) => ({ workspaceId: workspace?.id }),
  run: async ({ tx, actor, workspace }): Promise<MoveView | null> => {
    const { rows } = await sql<Found>`
      select m.id, m.state, f.type as from, t.type as to, ${oldPlaces} as old, m.reason, m.stopped_at, m.created_at as at, m.cut_over_at, coalesce(nullif(u.full_name, ''), u.name) as by,
        (select count(*)::int from secret_copy c where c.move_id = m.id and c.error is null) as copied,
        (select count(*)::int from secret_copy c where c.move_id = m.id and c.error is not null) as failed
      from secret_move m left join secret_store f on f.id = m.from_store_id left join secret_store t on t.id = m.to_store_id left join principal u on u.id = m.created_by
      where m.workspace_id = ${workspace?.id ?? null} and m.state not in ('cancelled', 'ended')`.execute(tx);
    const [row] = rows;
    if (!row) return null;
    const { rows: left } = await sql<{ left: number }>`select count(*)::int as left ${leftToCopy(row.id)}`.execute(tx);
    const { rows: failed } = await sql<MoveView["failed"][number]>`
      select ${nameFor(actor)} as name, c.version, c.error as reason from secret_copy c join secret s on s.id = c.secret_id
      where c.move_id = ${row.id} and c.error is not null order by s.name, c.version limit 20`.execute(tx);
    return {
      id: row.id,
      state: row.state,
      to: placeWords(row.to),
      old: (row.old ?? []).map((type) => placeWords(type || null)).join(" and ") || placeWords(row.from),
      newGoTo: placeWords(row.from),
      total: row.copied + row.failed + (left[0]?.left ?? 0),
      copied: row.copied,
      failed,
      failedCount: row.failed,
      reason: row.reason,
      isStopped: row.stopped_at !== null,
      by: row.by,
      at: row.at,
      cutOverAt: row.cut_over_at,
    };
  },
});

/** How many versions a dry run opens. */
const TRIED = 30;
const to = z.union([z.uuid(), z.literal("")]);

const openTarget = defineQuery({
  name: "secret-store.move-target",
  permission: "secret:read-value",
  input: z.strictObject({ to }),
  scope: ({ workspace }) => ({ workspaceId: workspace?.id }),
  run: async ({ tx, input, workspace }) => {
    if (!input.to) return null;
    await findStore(tx, workspace?.id, input.to);
    return openStore(tx, input.to);
  },
});

/** What would move, from where, and which of the newest do not open. Errors: not_found; sealed; unavailable while a store can't be used. */
export const countMove = defineQuery({
  name: "secret-store.move-preview",
  permission: "secret:read-value",
  input: z.strictObject({ to }),
  scope: ({ workspace }) => ({ workspaceId: workspace?.id }),
  run: async ({ tx, actor, input, workspace }): Promise<Omit<MovePreview, "refused">> => {
    const target = input.to ? (await findStore(tx, workspace?.id, input.to)).store : null;
    const workspaceId = workspace?.id ?? "";
    const source = sql`from secret_version v join secret s on s.id = v.secret_id left join secret_store t on t.id = v.store_id
      where v.workspace_id = ${workspaceId} and v.destroyed_at is null and ${IS_MOVED} and v.store_id is distinct from ${target?.id ?? null}::uuid`;
    const { rows: groups } = await sql<{
      type: string | null;
      versions: number;
    }>`select t.type, count(*)::int as versions ${source} group by 1 order by 1`.execute(tx);
    const { rows: counts } = await sql<{ secrets: number }>`select count(distinct v.secret_id)::int as secrets ${source}`.execute(tx);
    const { rows: newest } = await sql<{ secretId: string; version: number; name: string }>`
      select v.secret_id as "secretId", v.version, ${nameFor(actor)} as name ${source} order by v.created_at desc limit ${TRIED}`.execute(tx);
    const unreadable: MovePreview["unreadable"] = [];
    for (const { name, secretId, version } of newest)
      try {
        await readVersion(tx, actor.organizationId, { workspaceId, secretId, version });
      } catch (error) {
        if (!(error instanceof AppError) || (error.code !== "conflict" && error.code !== "internal")) throw error;
        unreadable.push({ name, version, reason: error.message });
      }
    return {
      to: placeWords(target?.type ?? null),
      secrets: counts[0]?.secrets ?? 0,
      versions: groups.reduce((sum, group) => sum + group.versions, 0),
      bySource: groups.map((group) => ({ source: placeWords(group.type), versions: group.versions })),
      tried: newest.length,
      unreadable,
    };
  },
});

/** A dry run: the store that it would go to is tried, what would move is counted, the newest versions are opened. Errors: as of `countMove`. */
export async function previewMove(context: CallContext, input: { to: string }): Promise<MovePreview> {
  const target = await ask(openTarget, context, input);
  const refused = target ? await target.check({ secretId: newId(), version: 1, copy: "probe" }).then(() => null, storeText) : null;
  return { ...(await ask(countMove, context, input)), refused };
}
