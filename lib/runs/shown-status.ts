import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Tx } from "@/lib/kernel/transaction";

// The status that people see. A run in progress whose steps fell silent is lost; one with an open question waits for a person. Both are
// facts beside the client's own status, which the wire keeps giving.

/** Minutes without a sign of life after which a step counts as silent, where its configuration names none (the client's default). */
export const SILENT_AFTER_MINUTES = 30;

const isLost = (run: string) => sql<SqlBool>`(${sql.ref(`${run}.in_progress`)} and ${sql.ref(`${run}.lost_at`)} is not null)`;
const isWaiting = (run: string) =>
  sql<SqlBool>`exists (select 1 from wait_condition asked where asked.run_id = ${sql.ref(`${run}.id`)} and asked.status = 'pending')`;

/** The shown status of the run with this alias. */
export const shownStatus = (run: string): RawBuilder<string> =>
  sql<string>`case when ${isWaiting(run)} then 'waiting' when ${isLost(run)} then 'lost' else ${sql.ref(`${run}.status`)} end`;

/** Whether the run's shown status is one of these; the ones that are no status of the client have indexes of their own. */
export function hasShownStatus(run: string, states: readonly string[]): RawBuilder<SqlBool> {
  const parts: RawBuilder<SqlBool>[] = [];
  const own = states.filter((state) => state !== "waiting" && state !== "lost");
  if (own.length > 0) parts.push(sql<SqlBool>`(${sql.ref(`${run}.status`)} in (${sql.join(own)}) and not ${isLost(run)} and not ${isWaiting(run)})`);
  if (states.includes("lost")) parts.push(sql<SqlBool>`(${isLost(run)} and not ${isWaiting(run)})`);
  if (states.includes("waiting"))
    parts.push(
      sql<SqlBool>`${sql.ref(`${run}.id`)} in (select asked.run_id from wait_condition asked where asked.project_id = ${sql.ref(`${run}.project_id`)} and asked.status = 'pending')`,
    );
  return sql<SqlBool>`(${sql.join(parts, sql` or `)})`;
}

/** When a step of the run was last heard, if any of them sends signs of life; and whether all that still run are silent. */
export async function signsOfLife(tx: Tx, runId: string): Promise<{ lastHeardAt: string | null; limitMinutes: number | null; isSilent: boolean }> {
  const { rows } = await sql<{ last: string | null; minutes: number | null; silent: boolean | null }>`
    select max(s.latest_heartbeat_at) as last, max(coalesce(s.heartbeat_threshold, ${SILENT_AFTER_MINUTES})) as minutes,
      bool_and(s.latest_heartbeat_at < clock_timestamp() - make_interval(mins => coalesce(s.heartbeat_threshold, ${SILENT_AFTER_MINUTES}))) as silent
    from step_run s where s.run_id = ${runId} and s.end_time is null and s.latest_heartbeat_at is not null`.execute(tx);
  const [row] = rows;
  return { lastHeardAt: row?.last ?? null, limitMinutes: row?.minutes ?? null, isSilent: row?.silent ?? false };
}
